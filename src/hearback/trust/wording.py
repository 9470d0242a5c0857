"""The same wording: copies of a campaign and repeats, with case, signs and small edits forgiven. No database.

Each text gets marks: one number for its exact letters and some for what it shares with near copies (MinHash over
five letters at a time, in bands). Texts with a mark in common are compared; near copies get the number of the first
that was there, its founder's. The cost grows with the number of texts, not of pairs.
"""

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

SHINGLE = 5
BANDS, ROWS = 10, 4
SAME_FROM = 0.65  # of the shingles of both; one changed word in a line of twelve leaves about three quarters
MOST_COMPARED = 40  # founders with a mark in common; more are not looked at
MASK = (1 << 63) - 1
ROLL = np.array([pow(0x9E3779B97F4A7C15, n + 1, 1 << 64) for n in range(SHINGLE)], np.uint64)
NO_LETTERS = re.compile(r"[^\w]+|_")


class Marked(Struct, frozen=True):
    """wording: the founder's number. marks: what later ones find it by: all for a founder, the exact one for the first
    with these letters, none for those that repeat them."""

    wording: int
    marks: list[int]


class Kept(Struct, frozen=True):
    """One that was marked before."""

    wording: int
    marks: list[int]
    words: str


class Sketch(Struct, frozen=True):
    """marks: the exact one first, then one a band."""

    plain: str
    marks: list[int]

    @property
    def exact(self) -> int:
        return self.marks[0]


def sketch(words: str) -> Sketch:
    plain = plain_letters(words)
    return Sketch(plain, [_number(plain), *_bands(plain)])


def plain_letters(words: str) -> str:
    """Only letters and digits, small, one space between words; where there are none, the signs as they are."""
    small = unicodedata.normalize("NFKC", words).casefold()
    return NO_LETTERS.sub(" ", small).strip() or small.strip()


def marked(sketches: Sequence[Sketch], kept: Sequence[Kept]) -> list[Marked]:
    """Which wording each is, in their order. kept: those that share a mark with any of them."""
    exactly: dict[int, int] = {}
    founders: dict[int, list[tuple[int, str]]] = {}
    for one in sorted(kept, key=lambda one: (one.wording, one.words)):
        exactly.setdefault(one.marks[0], one.wording)
        for mark in one.marks[1:]:
            founders.setdefault(mark, []).append((one.wording, plain_letters(one.words)))
    given = []
    for new in sketches:
        wording = exactly.get(new.exact)
        if wording is not None:
            given.append(Marked(wording, []))
            continue
        near = _nearest(new, founders)
        exactly[new.exact] = new.exact if near is None else near
        if near is None:
            for mark in new.marks[1:]:
                founders.setdefault(mark, []).append((new.exact, new.plain))
            given.append(Marked(new.exact, new.marks))
        else:
            given.append(Marked(near, [new.exact]))
    return given


def _nearest(new: Sketch, founders: Mapping[int, list[tuple[int, str]]]) -> int | None:
    """The founder with most in common, the smaller number where two have the same; None: there is no near one."""
    met = dict(founder for mark in new.marks[1:] for founder in founders.get(mark, [])[:MOST_COMPARED])
    shingles = _shingles(new.plain)
    alike = {wording: _likeness(shingles, _shingles(plain)) for wording, plain in met.items()}
    best = min(alike, key=lambda wording: (-alike[wording], wording), default=None)
    return best if best is not None and alike[best] >= SAME_FROM else None


def _likeness(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a & b) / len(a | b)


def _shingles(plain: str) -> frozenset[str]:
    return frozenset(plain[at : at + SHINGLE] for at in range(max(1, len(plain) - SHINGLE + 1)))


def _bands(plain: str) -> list[int]:
    letters = np.frombuffer(plain.ljust(SHINGLE).encode("utf-32-le"), "<u4").astype(np.uint64)
    windows = np.lib.stride_tricks.sliding_window_view(letters, SHINGLE)
    hashes = np.unique(_mixed(windows @ ROLL))
    least = np.concatenate(
        [
            _mixed(hashes[:, None] * FACTORS[part] + OFFSETS[part]).min(axis=0)
            for part in np.array_split(np.arange(BANDS * ROWS), 4)
        ]
    )
    bands: NDArray[np.uint64] = _mixed((least * BAND_FACTORS).reshape(BANDS, ROWS).sum(axis=1))
    return [int(band) & MASK for band in bands]


def _mixed(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Spread over all 64 bits (the finaliser of SplitMix64)."""
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return numbers ^ (numbers >> np.uint64(31))


# Kept marks hold only as long as these stay as they are, so no library's random numbers.
_DRAWN = _mixed(np.arange(1, 3 * BANDS * ROWS + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15))
FACTORS, OFFSETS, BAND_FACTORS = _DRAWN.reshape(3, -1) | np.uint64(1)


def _number(plain: str) -> int:
    """The same on every machine, unlike hash()."""
    data = plain.encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "big") & MASK
