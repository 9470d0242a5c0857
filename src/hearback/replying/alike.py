"""Whether a reply says almost the same as an earlier one: a canned text, and whoever gets it notices. No database."""

import re
from collections.abc import Iterable
from uuid import UUID

from msgspec import Struct

SHINGLE = 3
ALIKE_FROM = 0.6
FEWEST_WORDS = 8  # below that two honest short replies may well be the same
WORD = re.compile(r"\w+")
NUMBER = re.compile(r"\d+")


class Earlier(Struct, frozen=True):
    """A reply that went out. words: feeling and fact."""

    id: UUID
    words: str
    writer: str


class Twin(Struct, frozen=True):
    earlier: Earlier
    likeness: float


def twin_of(words: str, earlier: Iterable[Earlier]) -> Twin | None:
    """The nearest of those that are nearly the same; None where there is none."""
    twins = [Twin(one, likeness(words, one.words)) for one in earlier]
    near = [twin for twin in twins if twin.likeness >= ALIKE_FROM]
    return max(near, key=lambda twin: twin.likeness) if near else None


def likeness(one: str, other: str) -> float:
    """Share of three-word runs that both have, of the shorter one's; case, signs and numbers do not count. 0 to 1."""
    mine, theirs = _words(one), _words(other)
    if min(len(mine), len(theirs)) < FEWEST_WORDS:
        return 0.0
    runs, others = _runs(mine), _runs(theirs)
    return len(runs & others) / min(len(runs), len(others))


def _words(text: str) -> list[str]:
    return WORD.findall(NUMBER.sub("0", text.casefold()))


def _runs(words: list[str]) -> set[tuple[str, ...]]:
    return {tuple(words[at : at + SHINGLE]) for at in range(len(words) - SHINGLE + 1)}
