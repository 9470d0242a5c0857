"""The words that set a group of excerpts apart from the others."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cache
from math import log

from msgspec import Struct

from .lists import words
from .reading.codebook import starter_entries
from .wordforms import ADDRESS, LEAST_STEM, Vocabulary, Word, named, stem

MOST_TERMS = 4
FEWEST_TERMS = 3
FEWEST_EXCERPTS = 2  # a word that only one excerpt says describes that excerpt, not the group
PART = 0.6  # of a mention: „Ticketpreis“ speaks of prices, though less plainly than „Preise“
NOUN = 1.2  # a noun names a theme; a verb or adjective only says something about it
OF_FEEDBACK = 1.5  # what the starter codebook's themes are called names themes elsewhere too
ASKED = 0.15  # what the question says itself is no news in an answer
ONCE = 0.3  # of a mention: what one excerpt says alone, while there is nothing better
UNSURE_CAPITAL = 0.4  # weight of a form whose capital says nothing: first word, or all in capitals
LONGEST_REMARK = 40  # characters that different people may well write alike: „Zu wenig Toiletten“
PHRASE_FROM = 3  # excerpts that say a phrase
PHRASE_SHARE = 0.5  # of a word's mentions that must be in the phrase before it stands for the word
TAKEN = 0.35  # of its worth that a word keeps while another theme is called by it
LETTERS = re.compile(r"[^\W\d_]{2,}")
GRAMMAR = words("openers") | words("finite_verbs") | words("subordinators")
ALIKE = 0.5  # share of words in common from which two labels are near-duplicates


class Said(Struct, frozen=True):
    """What one excerpt says. concepts: stem of a word or of a part → its weight, at most 1."""

    words: Sequence[Word]
    concepts: Mapping[str, float]


class Term(Struct, frozen=True):
    """shown: as people write it. concepts: what it speaks of, so that no other term says it again."""

    shown: str
    concepts: frozenset[str]


def key_terms(groups: Sequence[Sequence[str]], *, asked: Sequence[str] = ()) -> list[list[str]]:
    """Two to four terms a group, the most telling first, as people write them; no two groups get the same.

    groups: lists of excerpts, the most important group first. asked: the questions that were answered. Class-based
    TF-IDF over stems and the parts of compounds: the share of a group's excerpts that say the word, against how often
    it is said anywhere. Fewer than two where a group says no more.
    """
    naming = [[named(text) for text in _voices(texts)] for texts in groups]
    vocabulary = Vocabulary([*(word for group in naming for word in group), *map(named, asked)])
    said = [[_said(text, vocabulary) for text in group] for group in naming]
    known = {concept for text in asked for concept in _said(named(text), vocabulary).concepts}
    candidates = _candidates(said, known)
    chosen: list[list[Term]] = []
    for texts, group, worth in zip(groups, said, candidates, strict=True):
        chosen.append(_chosen(group, worth, vocabulary, chosen) or _said_most(texts, chosen))
    return [[term.shown for term in terms] for terms in chosen]


def key_terms_by_language(
    groups: Sequence[Sequence[str]], languages: Sequence[Sequence[str]], *, asked: Sequence[str] = ()
) -> list[dict[str, list[str]]]:
    """For each group, language → terms as key_terms gives them, out of what was said in that language alone.

    languages: one an excerpt, in the order of groups; excerpts of unknown language („“) count for every language. The
    language of most excerpts comes first; one that fewer than two speak is left out. Where none is left, „“ → the terms
    of all.
    """
    spoken = [Counter(one for one in of if one) for of in languages]
    found: list[dict[str, list[str]]] = [{} for _ in groups]
    for language in sorted({language for of in spoken for language in of}):
        rows = [
            [text for text, one in zip(texts, of, strict=True) if one in (language, "")]
            if language in of
            else []
            for texts, of in zip(groups, languages, strict=True)
        ]
        for group, times, terms in zip(found, spoken, key_terms(rows, asked=asked), strict=True):
            if terms and times[language] >= FEWEST_EXCERPTS:
                group[language] = terms
    everything = key_terms(groups, asked=asked) if not all(found) else []
    return [
        {one: group[one] for one in sorted(group, key=lambda one: (-times[one], one))}
        or {"": everything[number]}
        for number, (group, times) in enumerate(zip(found, spoken, strict=True))
    ]


def terms_for(reader: str, terms: Mapping[str, list[str]]) -> list[str]:
    """The terms a reader understands: those in the reader's language, else those of the first."""
    return terms.get(reader) or next(iter(terms.values()), [])


def _voices(texts: Sequence[str]) -> Iterator[str]:
    """A long wording that comes again was copied and is one voice; few words come again by themselves."""
    seen: set[str] = set()
    for text in texts:
        if len(text) <= LONGEST_REMARK or text not in seen:
            seen.add(text)
            yield text


def _said(words: Sequence[Word], vocabulary: Vocabulary) -> Said:
    """A word counts once an excerpt, so that one excited voice does not name the theme."""
    concepts: dict[str, float] = {}
    for word in words:
        for part in vocabulary.parts(word):
            concepts.setdefault(part, PART)
        concepts[word.stem] = 1.0
    return Said(words, concepts)


def _candidates(said: Sequence[Sequence[Said]], asked: set[str]) -> list[dict[str, float]]:
    """For each group: concept → how telling it is."""
    counts = [_weights(group) for group in said]
    everywhere = _sum(counts)
    average = sum(everywhere.values()) / max(sum(1 for group in said if group), 1)
    general = _general_worth(said, asked)
    found = []
    for group, weights in zip(said, counts, strict=True):
        times = Counter(concept for one in group for concept in one.concepts)
        found.append(
            {
                concept: (weight if times[concept] >= FEWEST_EXCERPTS else weight * ONCE)
                / len(group)
                * log(1 + average / everywhere[concept])
                * general[concept]
                for concept, weight in weights.items()
            }
        )
    return found


def _weights(group: Iterable[Said]) -> dict[str, float]:
    return _sum(one.concepts for one in group)


def _sum(counts: Iterable[Mapping[str, float]]) -> dict[str, float]:
    total: dict[str, float] = defaultdict(float)
    for one in counts:
        for concept, weight in one.items():
            total[concept] += weight
    return total


def _general_worth(said: Sequence[Sequence[Said]], asked: set[str]) -> dict[str, float]:
    """What a concept is worth as a name, whichever group says it."""
    sure: Counter[str] = Counter()
    nouns: Counter[str] = Counter()
    for one in (one for group in said for one in group):
        for word in one.words:
            sure[word.stem] += word.sure
            nouns[word.stem] += word.is_noun
    feedback = _codebook_stems()
    worth = {}
    for concept in {concept for group in said for one in group for concept in one.concepts}:
        noun = nouns[concept] / sure[concept] if sure[concept] else 0.0
        worth[concept] = (1 + (NOUN - 1) * noun) * (OF_FEEDBACK if concept in feedback else 1)
        worth[concept] *= ASKED if concept in asked else 1
    return worth


def _chosen(
    group: Sequence[Said],
    worth: Mapping[str, float],
    vocabulary: Vocabulary,
    others: Sequence[Sequence[Term]],
) -> list[Term]:
    """The best terms of one group; a label too near to another's is chosen again without what both say."""
    leading = {concept for terms in others for concept in (terms[0].concepts if terms else ())}
    times = Counter(concept for one in group for concept in one.concepts)
    ranked = sorted(worth, key=lambda one: (-worth[one] * (TAKEN if one in leading else 1), one))
    without: set[str] = set()
    first: list[Term] = []
    while terms := list(_best(group, ranked, times, vocabulary, without)):
        first = first or terms
        shared = next((both for other in others if (both := _near(terms, other))), None)
        if not shared:
            return terms
        without |= shared
    return _numbered(first, others) if first else []


def _numbered(terms: Sequence[Term], others: Sequence[Sequence[Term]]) -> list[Term]:
    """Themes that say just the same: only a number tells their labels apart."""
    kept = terms[: MOST_TERMS - 1]
    taken = {tuple(term.shown for term in other) for other in others}
    number = 2
    while (*(term.shown for term in kept), str(number)) in taken:
        number += 1
    return [*kept, Term(str(number), frozenset())]


def _said_most(texts: Sequence[str], others: Sequence[Sequence[Term]]) -> list[Term]:
    """Where no word names anything („gut“, „zu voll“), the words that most excerpts say; none where they share none."""
    said = (dict.fromkeys(LETTERS.findall(ADDRESS.sub(" ", text).lower())) for text in texts)
    times = Counter(word for of in said for word in of if word not in GRAMMAR)
    shared = [word for word, often in times.most_common(2) if 2 * often > len(texts)]
    terms = [Term(word, frozenset({stem(word)})) for word in shared]
    taken = [[term.shown for term in other] for other in others]
    return _numbered(terms, others) if terms and shared in taken else terms


def _best(
    group: Sequence[Said],
    ranked: Sequence[str],
    times: Mapping[str, int],
    vocabulary: Vocabulary,
    without: set[str],
) -> Iterator[Term]:
    used: set[str] = set(without)
    found = 0
    for concept in ranked:
        if found == MOST_TERMS or (found >= FEWEST_TERMS and times[concept] < FEWEST_EXCERPTS):
            return
        if not _says_again({concept}, used):
            term = _term(group, concept, vocabulary)
            if not _says_again(term.concepts, used):
                used |= term.concepts
                found += 1
                yield term


def _says_again(concepts: AbstractSet[str], used: AbstractSet[str]) -> bool:
    return any(_overlap(one, other) for one in concepts for other in used)


def _overlap(one: str, other: str) -> bool:
    """Whether one stem is, or holds, the other: „Wartezeit“ says „Zeit“ already, also where nobody took it apart."""
    shorter, longer = sorted((one, other), key=len)
    return shorter == longer or (len(shorter) > LEAST_STEM and shorter in longer)


def _near(terms: Sequence[Term], other: Sequence[Term]) -> set[str]:
    """What two labels both say, where that is most of one of them."""
    mine = [term for term in terms if any(term.concepts & one.concepts for one in other)]
    if not mine or len(mine) <= ALIKE * min(len(terms), len(other)):
        return set()
    return {concept for term in mine for concept in term.concepts}


def _term(group: Sequence[Said], concept: str, vocabulary: Vocabulary) -> Term:
    """The word that says a concept most often in the group, with the word beside it where they belong together."""
    forms: dict[str, float] = defaultdict(float)
    for one in group:
        if concept in one.concepts:
            for word in one.words:
                weight = 1.0 if word.stem == concept else PART * (concept in vocabulary.parts(word))
                if weight:
                    forms[_as_noun(word)] += weight * (1.0 if word.sure else UNSURE_CAPITAL)
    shown = max(sorted(forms), key=forms.__getitem__)
    phrase = _phrase(group, stem(shown))
    words = [stem(word) for word in (phrase or shown).split()]
    parts = {part for word in named(f": {phrase or shown}") for part in vocabulary.parts(word)}
    return Term(phrase or shown, frozenset({concept, *words, *parts}))


def _as_noun(word: Word) -> str:
    """A German noun keeps its capital; a sentence's first word proves none."""
    return word.written if word.sure or len(word.written) <= LEAST_STEM else word.written.capitalize()


def _phrase(group: Sequence[Said], of: str) -> str:
    """The two words that most mentions of a stem are part of, as written most often; empty where there are none."""
    mentions = 0
    pairs: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for one in group:
        mentions += any(word.stem == of for word in one.words)
        seen = set()
        for word in one.words:
            pair = (stem(word.near), word.stem)
            if word.near and of in pair and pair[0] != pair[1] and pair not in seen:
                seen.add(pair)
                pairs[pair][f"{word.near} {word.written}"] += 1
    if not pairs:
        return ""
    best = max(sorted(pairs), key=lambda pair: pairs[pair].total())
    if pairs[best].total() < max(PHRASE_FROM, PHRASE_SHARE * mentions):
        return ""
    return max(sorted(pairs[best], reverse=True), key=pairs[best].__getitem__)


@cache
def _codebook_stems() -> frozenset[str]:
    texts = (text for entry in starter_entries() for text in (entry.de, entry.en))
    return frozenset(word.stem for text in texts for word in named(text))
