"""In which order words stand: what the sum of a passage's words cannot tell („wir haben es euch nicht gesagt“).

The beginnings of its words, alone and two in a row, hashed, the rare ones counting more (Wang & Manning 2012, Baselines
and Bigrams; Weinberger et al. 2009, Feature Hashing).
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import TypeAlias
from zlib import crc32

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float32]
Places: TypeAlias = NDArray[np.int64]

PLACES = 2**16
BEGINNING = 5  # letters: so inflected words are one
SIGN = re.compile(r"[a-z']+|\d+|[.,!?:]")
FIRST, LAST, NUMBER = "<", ">", "0"


class Wording(Struct, frozen=True):
    """rarity: of each place. weights: shape (PLACES, n), what it says of each of n things, times its rarity."""

    rarity: Floats
    weights: Floats

    def scores(self, found: Sequence[Places]) -> Floats:
        """Of passages; how long one is does not count."""
        at = np.concatenate(found)
        begins = np.cumsum([0, *map(len, found[:-1])])
        long: Floats = np.sqrt(np.add.reduceat(self.rarity[at] ** 2, begins))
        said: Floats = np.add.reduceat(self.weights[at], begins, axis=0)
        return said / long[:, None]


def places(read: str) -> Places:
    """Of a folded sentence: where its words and pairs of words are hashed to."""
    words = [FIRST, *(NUMBER if sign.isdigit() else sign[:BEGINNING] for sign in SIGN.findall(read)), LAST]
    said = {*words, *map(" ".join, pairwise(words))}
    return np.array(sorted({crc32(one.encode()) % PLACES for one in said}))


def together(of_each: Sequence[Places], spans: Sequence[tuple[int, int]]) -> list[Places]:
    """Of passages, from those of their sentences. spans: the first, and the one after the last."""
    return [
        of_each[first] if after == first + 1 else np.unique(np.concatenate(of_each[first:after]))
        for first, after in spans
    ]
