"""A company's own words: found as whole words, whatever their case or accents, in time linear in the text."""

import re
from collections.abc import Iterable, Iterator
from uuid import UUID

from msgspec import Struct

from hearback.plainspeech.folding import Sentence, folded, sentences
from hearback.plainspeech.rules import OwnCategory, Remark, Severity

MOST_OWN_WORDS = 200
LONGEST_PHRASE = 8  # words: so many steps at each word of a text, and no more
WORD = re.compile(r"\w+")


class OwnWords(Struct, frozen=True):
    id: UUID
    words: str
    better: str


def read_as(words: str) -> str:
    """What a phrase is compared by; empty where there is no word in it."""
    return " ".join(WORD.findall(folded(words)))


def own_remarks(text: str, own: Iterable[OwnWords]) -> list[Remark]:
    """The longest phrase at each place. Quotations are nobody's own words and stay unread."""
    phrases = {tuple(read_as(one.words).split()): one for one in own}
    if not phrases:
        return []
    lengths = sorted({len(phrase) for phrase in phrases}, reverse=True)
    return [remark for sentence in sentences(text) for remark in _found(sentence, phrases, lengths)]


def _found(
    sentence: Sentence, phrases: dict[tuple[str, ...], OwnWords], lengths: list[int]
) -> Iterator[Remark]:
    places = [(found[0], found.start(), found.end()) for found in WORD.finditer(sentence.read)]
    words = tuple(word for word, _, _ in places)
    at = 0
    while at < len(words):
        long = next((n for n in lengths if words[at : at + n] in phrases), 0)
        if long:
            start, end = sentence.span(places[at][1], places[at + long - 1][2])
            yield Remark(
                start=start,
                end=end,
                category=OwnCategory.OWN_WORDS,
                severity=Severity.MEDIUM,
                about="own",
                better=phrases[words[at : at + long]].better,
            )
        at += max(1, long)
