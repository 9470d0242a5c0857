"""One voice for many copies: who of those with the same wording speaks for all of them. No database."""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from typing import Protocol

import numpy as np
from msgspec import Struct


class Worded(Protocol):
    """wording: None where nobody looked for copies yet."""

    @property
    def wording(self) -> int | None: ...

    @property
    def words(self) -> str: ...


class Voices(Struct, frozen=True):
    """indices: the rows that speak, one a wording. of: for each row, which of them speaks for it. sizes: for how many
    rows each speaks, itself included."""

    indices: list[int]
    of: list[int]
    sizes: list[int]


def representatives(known: Sequence[Worded], fixed: Mapping[int, Hashable] | None = None) -> Voices:
    """One voice a wording: the copy that most of its rows agree with to the letter.

    fixed: row → where a person put it. Copies that people put into different themes speak for each of these; those
    that nobody placed follow where most were put. Only content decides, not the order of the rows.
    """
    placed = fixed or {}
    copies: dict[Hashable, dict[Hashable, list[int]]] = {}
    for row, one in enumerate(known):
        wording = ("row", row) if one.wording is None else one.wording
        copies.setdefault(wording, {}).setdefault(placed.get(row), []).append(row)
    indices, of = list[int](), [-1] * len(known)
    for places in copies.values():
        loose = places.pop(None, [])
        decided = sorted(places.values(), key=lambda rows: (-len(rows), known[_speaker(known, rows)].words))
        for number, rows in enumerate(decided or [loose]):
            for row in [*rows, *(loose if number == 0 else [])]:
                of[row] = len(indices)
            indices.append(_speaker(known, rows))
    return Voices(indices, of, np.bincount(of).tolist() if of else [])


def _speaker(known: Sequence[Worded], rows: Sequence[int]) -> int:
    times = Counter(known[row].words for row in rows)
    return min(rows, key=lambda row: (-times[known[row].words], known[row].words))
