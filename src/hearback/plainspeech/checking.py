"""A text and its language in, remarks out. Explains, never blocks; no database, no web.

Rules say where. Likeness to labelled texts says whether: it finds what no rule was written for, and takes back what a
rule saw in a passage that is plainly spoken all the same.
"""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from math import log

from hearback.plainspeech.folding import Sentence, sentences
from hearback.plainspeech.likeness import Embed, Judgement, Learnt, described, judged, learnt
from hearback.plainspeech.patterns import Hit, hits
from hearback.plainspeech.rules import LONGEST_SENTENCE, Category, Remark, severity_of

TOGETHER = 3  # sentences that are read as one passage: a day may stand in the next one
STEP = 2
MANY_MORE = (
    0.08  # passages of a long text are stricter judged, or each more would be one more chance to be wrong
)
ALONE_NEEDS = 0.4  # more than a passage: a sentence says less by itself
RULES_NEED = 0.5  # how far below the bound a passage may lie in which a rule saw something
REMEMBERED = 4096  # passages: while somebody writes, only the one they write in changes
LONG = "length"
# What a category is about when likeness alone speaks.
ABOUT = {
    Category.NONAPOLOGY_CONDITIONAL: "if_offended",
    Category.NONAPOLOGY_PASSIVE: "agentless",
    Category.BLAME_SHIFT: "others",
    Category.MINIMISE: "small",
    Category.STOCK_PHRASE: "seriously",
    Category.SALES: "offer",
    Category.VAGUE_PROMISE: "no_date",
    Category.JARGON: "buzzword",
    Category.CONSUMER_ADDRESS: "target_group",
    Category.NO_HUMAN: "institution",
    Category.CONDESCENSION: "lecturing",
    Category.LONG_SENTENCE: LONG,
}


class Reader:
    """Reads with one embedding model, and remembers what it has read."""

    def __init__(self, embed: Embed, known: Learnt | None = None) -> None:
        self._embed = embed
        self._learnt = known or learnt()
        self._read: OrderedDict[tuple[str, str], Judgement] = OrderedDict()

    def remarks(self, text: str, lang: str) -> list[Remark]:
        """In the order of the text. lang: `de` or `en`; in anything else only long sentences are seen."""
        found = sentences(text)
        plain = _long(found)
        if lang in self._learnt.bounds:
            plain += self._heard(text, found, lang)
        return sorted(plain, key=lambda remark: (remark.start, remark.end, remark.category))

    def _heard(self, text: str, found: Sequence[Sentence], lang: str) -> list[Remark]:
        """By rule where one saw something; else by likeness, on a sentence that stands out or the most of a passage."""
        passages = list(_passages(len(found)))
        alone = self._judged([sentence.words for sentence in found], lang)
        together = self._judged([text[found[a].start : found[b - 1].end] for a, b in passages], lang)
        bound = self._learnt.bounds[lang] + MANY_MORE * log(max(1, len(passages)))
        over = {(a, b): judgement.score - bound for (a, b), judgement in zip(passages, together, strict=True)}
        remarks: dict[int, list[Remark]] = {}
        for at, sentence in enumerate(found):
            by_itself = alone[at].score - ALONE_NEEDS - bound
            best = max(by_itself, *(score for (a, b), score in over.items() if a <= at < b))
            seen = _once(map(_by_rule, hits(sentence, lang))) if best > -RULES_NEED else []
            if seen:
                remarks[at] = seen
            elif by_itself > 0:
                remarks[at] = [_by_likeness(sentence, alone[at])]
        for ((a, b), score), judgement in zip(over.items(), together, strict=True):
            if score > 0 and not any(at in remarks for at in range(a, b)):
                most = max(range(a, b), key=lambda at: (alone[at].score, -at))
                remarks[most] = [_by_likeness(found[most], judgement)]
        return [remark for made in remarks.values() for remark in made]

    def _judged(self, passages: Sequence[str], lang: str) -> list[Judgement]:
        new = list(dict.fromkeys(words for words in passages if (lang, words) not in self._read))
        fresh = judged(described(new, [lang] * len(new), self._embed), self._learnt)
        answers = {(lang, words): judgement for words, judgement in zip(new, fresh, strict=True)}
        result = [answers.get((lang, words)) or self._read[lang, words] for words in passages]
        self._read |= answers
        while len(self._read) > REMEMBERED:
            self._read.popitem(last=False)
        return result


def _by_likeness(sentence: Sentence, judgement: Judgement) -> Remark:
    return Remark(
        start=sentence.start,
        end=sentence.end,
        category=judgement.category,
        severity=severity_of(judgement.category),
        about=ABOUT[judgement.category],
        like=judgement.like,
    )


def _passages(many: int) -> Iterable[tuple[int, int]]:
    """First sentence and the one after the last; they overlap, so that no two neighbours are always parted."""
    if not many:
        return []
    starts = range(0, max(1, many - 1), STEP) if many > TOGETHER else [0]
    return [(start, min(many, start + TOGETHER)) for start in starts]


def _once(remarks: Iterable[Remark]) -> list[Remark]:
    """Where several rules of one category see the same, the first one speaks."""
    kept: list[Remark] = []
    for new in remarks:
        if not any(
            old.category == new.category and old.start < new.end and new.start < old.end for old in kept
        ):
            kept.append(new)
    return kept


def _by_rule(hit: Hit) -> Remark:
    return Remark(
        start=hit.start,
        end=hit.end,
        category=hit.rule.category,
        severity=severity_of(hit.rule.category),
        about=hit.rule.about,
        rule=hit.rule.id,
    )


def _long(found: Iterable[Sentence]) -> list[Remark]:
    return [
        Remark(
            start=sentence.start,
            end=sentence.end,
            category=Category.LONG_SENTENCE,
            severity=severity_of(Category.LONG_SENTENCE),
            about=LONG,
        )
        for sentence in found
        if len(sentence.words.split()) > LONGEST_SENTENCE
    ]
