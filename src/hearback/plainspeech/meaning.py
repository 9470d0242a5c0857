"""What a sentence means, as far as its words tell: the sum of their vectors, without a model at hand.

The vectors are those that the sentence encoder gives each word alone, turned to their main directions, one signed byte
each (`words.txt`, `model.npz`; made by `hearback plain-speech train`). A word that is not listed lies where the words
lie that begin like it, and the one that it ends with: so German compounds and inflections are read.

The encoder itself costs 300 ms for 2,000 words, 150 MB and two seconds of loading; read this way they cost 20 ms.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Bytes = NDArray[np.int8]

DIRECTIONS = 64
SHORTEST_BEGINNING, LONGEST_BEGINNING, SHORTEST_END = 4, 12, 4  # letters
WORD = re.compile(r"[a-z']+")
MOST_WORD = 40  # letters: no word of either language is longer
REMEMBERED = 20_000  # words


class Vocabulary:
    """words: folded, in order. vectors: one a word, whole numbers, shape (words, DIRECTIONS)."""

    def __init__(self, words: Sequence[str], vectors: Bytes) -> None:
        self._words, self._vectors = words, vectors
        # Of all words before each: so the sum of all that begin alike is one subtraction.
        self._before = np.zeros((len(words) + 1, DIRECTIONS), np.int32)
        np.cumsum(vectors, axis=0, out=self._before[1:])
        self._of_word = lru_cache(REMEMBERED)(self._looked_up)

    def total(self, read: str) -> Floats:
        """Of all words of a folded sentence, shape (DIRECTIONS,)."""
        total = np.zeros(DIRECTIONS, np.float32)
        for word in WORD.findall(read):
            total += self._of_word(word)
        return total

    def _looked_up(self, word: str) -> Floats:
        word = word[:MOST_WORD]
        known = self._known(word)
        return self._guessed(word) if known is None else known

    def _known(self, word: str) -> Floats | None:
        at = bisect_left(self._words, word)
        return self._vectors[at].astype(np.float32) if self._words[at : at + 1] == [word] else None

    def _guessed(self, word: str) -> Floats:
        parts = [part for part in (self._beginning(word), self._end(word)) if part is not None]
        return np.mean(parts, axis=0, dtype=np.float32) if parts else np.zeros(DIRECTIONS, np.float32)

    def _beginning(self, word: str) -> Floats | None:
        """What those words mean that have the longest beginning in common with it."""
        for long in range(min(len(word), LONGEST_BEGINNING), SHORTEST_BEGINNING - 1, -1):
            first = bisect_left(self._words, word[:long])
            after = bisect_left(self._words, word[:long] + "\uffff", first)
            if after > first:
                total: Floats = (self._before[after] - self._before[first]).astype(np.float32)
                return total / np.float32(after - first)
        return None

    def _end(self, word: str) -> Floats | None:
        ends = (
            self._known(word[start:]) for start in range(SHORTEST_BEGINNING - 1, len(word) - SHORTEST_END + 1)
        )
        return next((end for end in ends if end is not None), None)


def meaning(totals: Floats) -> Floats:
    """Of passages, from the totals of their sentences: how much is said does not count, only what."""
    long = np.linalg.norm(totals, axis=1, keepdims=True)
    return (totals / np.where(long > 0, long, 1)).astype(np.float32)
