"""A text and its language in, remarks out. Explains, never blocks; no database, no web.

Rules say where. Likeness to labelled texts says whether: it finds what no rule was written for, and takes back what a
rule saw in a passage that is plainly spoken all the same.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from math import log

from hearback.plainspeech.folding import Sentence, sentences
from hearback.plainspeech.likeness import Judged, Learnt, Traits, learnt, traits
from hearback.plainspeech.patterns import Hit, hits
from hearback.plainspeech.rules import LONGEST_SENTENCE, Category, Remark, severity_of

TOGETHER = 3  # sentences that are read as one passage: a day may stand in the next one
STEP = 2
MANY_MORE = (
    0.08  # passages of a long text are stricter judged, or each more would be one more chance to be wrong
)
ALONE_NEEDS = 0.7  # more than a passage: a sentence says less by itself
RULES_NEED = 0.5  # how far below the bound a passage may lie in which a rule saw something
REMEMBERED = 4096  # sentences: while somebody writes, only the one they write in changes
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
    """Reads, and remembers the sentences that it has read."""

    def __init__(self, known: Learnt | None = None) -> None:
        self._learnt = known or learnt()
        self._traits = lru_cache(REMEMBERED)(self._read)

    def remarks(self, text: str, lang: str) -> list[Remark]:
        """In the order of the text. lang: `de` or `en`; in anything else only long sentences are seen."""
        found = sentences(text)
        plain = _long(found)
        if found and lang in self._learnt.bounds:
            plain += self._heard(found, lang)
        return sorted(plain, key=lambda remark: (remark.start, remark.end, remark.category))

    def _heard(self, found: Sequence[Sentence], lang: str) -> list[Remark]:
        """By rule where one saw something; else by likeness, on a sentence that stands out or the most of a passage."""
        traits = [self._traits(sentence.words, sentence.read, lang) for sentence in found]
        spans = _passages(len(found))
        alone = Judged(traits, [(at, at + 1) for at in range(len(found))], self._learnt)
        together = Judged(traits, spans, self._learnt)
        bound = self._learnt.bounds[lang] + MANY_MORE * log(len(spans))
        over = [score - bound for score in together.scores]
        best = [score - ALONE_NEEDS - bound for score in alone.scores]
        for (a, b), score in zip(spans, over, strict=True):
            best[a:b] = [max(score, before) for before in best[a:b]]
        remarks: dict[int, list[Remark]] = {}
        for at, sentence in enumerate(found):
            by_itself = alone.scores[at] - ALONE_NEEDS - bound
            seen = _once(map(_by_rule, hits(sentence, lang))) if best[at] > -RULES_NEED else []
            if seen:
                remarks[at] = seen
            elif by_itself > 0:
                remarks[at] = [_by_likeness(sentence, alone, at)]
        for row, ((a, b), score) in enumerate(zip(spans, over, strict=True)):
            if score > 0 and not any(at in remarks for at in range(a, b)):
                most = max(range(a, b), key=lambda at: (alone.scores[at], -at))
                remarks[most] = [_by_likeness(found[most], together, row)]
        return [remark for made in remarks.values() for remark in made]

    def _read(self, words: str, read: str, lang: str) -> Traits:
        return traits(words, read, lang, self._learnt.vocabulary)


def _by_likeness(sentence: Sentence, judged: Judged, row: int) -> Remark:
    category = judged.category(row)
    return Remark(
        start=sentence.start,
        end=sentence.end,
        category=category,
        severity=severity_of(category),
        about=ABOUT[category],
        like=judged.like(row),
    )


def _passages(many: int) -> list[tuple[int, int]]:
    """First sentence and the one after the last; they overlap, so that no two neighbours are always parted."""
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
        # What a semicolon parts is read as two.
        if max(len(part.split()) for part in sentence.words.split(";")) > LONGEST_SENTENCE
    ]
