"""Where somebody's words stand again in what others wrote. No database, no web; linear in both texts."""

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

RUN = 5  # words in a row that nobody writes by chance
SHORTEST = 12  # letters of a whole point that is found although it has fewer words
WORD = re.compile(r"\w+")


class Said(Struct, frozen=True):
    """What is looked for: runs of words, folded. runs: of RUN words; wholes: shorter points, by how many words."""

    runs: frozenset[tuple[str, ...]]
    wholes: frozenset[tuple[str, ...]]

    def __bool__(self) -> bool:
        return bool(self.runs or self.wholes)


def said(texts: Iterable[str]) -> Said:
    """texts: whole answers, and the single points that were cut from them."""
    runs: set[tuple[str, ...]] = set()
    wholes: set[tuple[str, ...]] = set()
    for text in texts:
        words = [folded for _, _, folded in _words(text)]
        if len(words) >= RUN:
            runs |= {tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1)}
        elif sum(map(len, words)) >= SHORTEST:
            wholes.add(tuple(words))
    return Said(frozenset(runs), frozenset(wholes))


def quoted(text: str, of: Said) -> list[str]:
    """The parts of the text that repeat what was said, as they stand there; longest first, each once."""
    words = list(_words(text))
    inside = [False] * len(words)
    for length, wanted in ((RUN, of.runs), *_by_length(of.wholes)):
        for at in range(len(words) - length + 1):
            if tuple(folded for _, _, folded in words[at : at + length]) in wanted:
                inside[at : at + length] = [True] * length
    return sorted(set(_stretches(text, words, inside)), key=lambda part: (-len(part), part))


def _by_length(wholes: frozenset[tuple[str, ...]]) -> Iterator[tuple[int, frozenset[tuple[str, ...]]]]:
    for length in {len(whole) for whole in wholes}:
        yield length, frozenset(whole for whole in wholes if len(whole) == length)


def _stretches(text: str, words: list[tuple[int, int, str]], inside: list[bool]) -> Iterator[str]:
    """What stands between the first and the last word of every unbroken row of found words."""
    start: int | None = None
    for at, (begins, _, _) in enumerate(words):
        if inside[at] and start is None:
            start = begins
        if start is not None and inside[at] and (at + 1 == len(words) or not inside[at + 1]):
            yield text[start : words[at][1]]
            start = None


def _words(text: str) -> Iterator[tuple[int, int, str]]:
    return ((found.start(), found.end(), found[0].casefold()) for found in WORD.finditer(text))
