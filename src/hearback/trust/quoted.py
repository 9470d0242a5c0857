"""Where somebody's words stand again in what others wrote. No database, no web; linear in both texts."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from uuid import UUID

from msgspec import Struct

RUN = 5  # words in a row that nobody writes by chance
SHORTEST = 12  # letters of a whole point that is found although it has fewer words
WORD = re.compile(r"\w+")
REPEATED = 8  # words in a row that are no longer told in words of one's own
REPEATED_SIGNS = 40  # or so many signs, where the words are long
FEWEST_DIGITS = 6
FEWEST_LETTERS = 4  # of a part that somebody marked: shorter ones stand everywhere
FEWEST_WORDS = 3  # one long compound is a name, not a sentence
LATEST = datetime.max.replace(tzinfo=UTC)


class Said(Struct, frozen=True):
    """What is looked for: runs of words, folded. runs: of RUN words; wholes: shorter points, by how many words."""

    runs: frozenset[tuple[str, ...]]
    wholes: frozenset[tuple[str, ...]]

    def __bool__(self) -> bool:
        return bool(self.runs or self.wholes)


class Voice(Struct, frozen=True):
    """What somebody wrote. free: they let us quote it, or it was public before."""

    person: UUID
    words: str
    free: bool


class Repeat(Struct, frozen=True):
    """Words of a field that repeat somebody's, as they stand there. covered: they stand behind a bar in the answer."""

    field: str
    words: str
    covered: bool = False


def repeats(fields: Mapping[str, str], voices: Iterable[Voice], *, fewest: int) -> list[Repeat]:
    """Where the fields say, word for word, what somebody wrote who lets nobody quote it; in the order of the fields.

    What somebody else lets us quote, or at least `fewest` people wrote alike, is no single person's wording.
    """
    stands: dict[tuple[str, ...], list[tuple[str, int, int]]] = defaultdict(list)
    for field, text in fields.items():
        for begins, ends, run in _runs(text):
            stands[run].append((field, begins, ends))
    people: dict[tuple[str, ...], set[UUID]] = defaultdict(set)
    free: set[tuple[str, ...]] = set()
    starts = {run[:2] for run in stands}
    for voice in voices if stands else ():
        found = [run for _, _, run in _runs(voice.words, starts) if run in stands]
        for run in found:
            people[run].add(voice.person)
        free.update(found if voice.free else ())
    places: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for run in people.keys() - free:
        if len(people[run]) < fewest:
            for field, begins, ends in stands[run]:
                places[field].append((begins, ends))
    return [
        Repeat(field, text[begins:ends])
        for field, text in fields.items()
        for begins, ends in _joined(places[field])
    ]


def _runs(
    text: str, starts: Collection[tuple[str, ...]] | None = None
) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """From every word the shortest row that is long enough: two texts share a long enough row exactly where they share
    one of these. starts: the two words with which one must begin to be of interest."""
    words = list(_words(text))
    for at in range(len(words)):
        if starts is not None and tuple(folded for _, _, folded in words[at : at + 2]) not in starts:
            continue
        signs = -1
        for to in range(at, min(at + REPEATED, len(words))):
            signs += 1 + len(words[to][2])
            many = to - at + 1
            if many == REPEATED or (signs >= REPEATED_SIGNS and many >= FEWEST_WORDS):
                yield words[at][0], words[to][1], tuple(folded for _, _, folded in words[at : to + 1])
                break


def _joined(places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for begins, ends in sorted(places):
        if joined and begins <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(ends, joined[-1][1]))
        else:
            joined.append((begins, ends))
    return joined


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


def of_parts(parts: Iterable[str]) -> Said:
    """What a member marked on purpose is looked for even where it is short."""
    parts = list(parts)
    whole = {tuple(folded for _, _, folded in _words(part)) for part in parts}
    short = {words for words in whole if len(words) < RUN and sum(map(len, words)) >= FEWEST_LETTERS}
    found = said(parts)
    return Said(found.runs, found.wholes | short)


def is_telling(part: str) -> bool:
    """Nobody else means the same words: several of them, or a number."""
    words = [folded for _, _, folded in _words(part)]
    several = len(words) >= FEWEST_WORDS and sum(map(len, words)) >= SHORTEST
    return several or sum(map(str.isdigit, part)) >= FEWEST_DIGITS


def longest_word(part: str) -> str:
    """Empty where there are only signs."""
    return max((part[begins:ends] for begins, ends, _ in _words(part)), key=len, default="")


def quoted(text: str, of: Said) -> list[str]:
    """The parts of the text that repeat what was said, as they stand there; longest first, each once."""
    words = list(_words(text))
    inside = [False] * len(words)
    for length, wanted in ((RUN, of.runs), *_by_length(of.wholes)):
        for at in range(len(words) - length + 1):
            if tuple(folded for _, _, folded in words[at : at + length]) in wanted:
                inside[at : at + length] = [True] * length
    return sorted(set(_stretches(text, words, inside)), key=lambda part: (-len(part), part))


def first_told(what: Said, texts: Iterable[tuple[str, datetime]]) -> dict[tuple[str, ...], datetime]:
    """Since when each of these runs and points has stood in the texts, as far as it stands there at all."""
    told: dict[tuple[str, ...], datetime] = {}
    for text, at in texts:
        words = [folded for _, _, folded in _words(text)]
        for length, wanted in ((RUN, what.runs), *_by_length(what.wholes)):
            for start in range(len(words) - length + 1):
                part = tuple(words[start : start + length])
                if part in wanted and at < told.get(part, LATEST):
                    told[part] = at
    return told


def without(what: Said, parts: Collection[tuple[str, ...]]) -> Said:
    return Said(what.runs.difference(parts), what.wholes.difference(parts))


def together(several: Iterable[Said]) -> Said:
    several = list(several)
    runs = frozenset[tuple[str, ...]]().union(*(one.runs for one in several))
    return Said(runs, frozenset[tuple[str, ...]]().union(*(one.wholes for one in several)))


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
