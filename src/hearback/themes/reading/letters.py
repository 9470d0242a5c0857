"""What two texts share as written: pieces of words, weighted by rarity.

Vectors of short texts miss rare and compound words („Nebelphase“ beside „Nebel“, names, jargon of a house). Runs of
four to six letters find them without a dictionary or a stemmer. Source: character n-grams with TF-IDF, as in Cavnar &
Trenkle, 1994; the hashing trick, Weinberger et al., 2009.
"""

import re
from array import array
from collections.abc import Sequence
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from hearback.themes.lists import words

BUCKETS = 1 << 18
SHORTEST, LONGEST = 4, 6  # letters of a piece; a word's edges count as one each
LEAST_LETTERS = 3
READ_CHARACTERS = 1000
READ_WORD = 60
WORD = re.compile(r"\w+")
FOLDED = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss"})
SMALL_WORDS = words("stop_words") | words("finite_verbs") | words("openers")

Counts = NDArray[np.int32]


def pieces(texts: Sequence[str]) -> csr_matrix:
    """How often each text holds each piece: (n, BUCKETS)."""
    found, ends = array("i"), array("q", [0])  # as numbers of few bytes: there are some hundred a text
    for text in texts:
        for word in WORD.findall(text[:READ_CHARACTERS].lower()):
            if len(word) >= LEAST_LETTERS and word not in SMALL_WORDS:
                found.extend(_pieces_of(word[:READ_WORD]))
        ends.append(len(found))
    counted = csr_matrix(
        (np.ones(len(found), np.float32), found, ends), shape=(len(texts), BUCKETS), dtype=np.float32
    )
    counted.sum_duplicates()
    return counted


def spread(counted: csr_matrix) -> Counts:
    """In how many texts each piece stands: (BUCKETS,)."""
    return np.bincount(counted.indices, minlength=BUCKETS).astype(np.int32)


def rarities(standing: Counts, texts: int) -> NDArray[np.float32]:
    """What each piece weighs that stands in so many of texts: (BUCKETS,)."""
    return np.log((texts + 1) / (standing + 1)).clip(0).astype(np.float32)


def weighted(counted: csr_matrix, rarity: NDArray[np.float32]) -> csr_matrix:
    """Unit rows: rare pieces weigh more, repeated ones little more than once."""
    values = (1 + np.log(counted.data)) * rarity[counted.indices]
    found = csr_matrix((values, counted.indices, counted.indptr), shape=counted.shape)
    lengths = np.sqrt(np.asarray(found.multiply(found).sum(1)).ravel())
    found.data = (found.data / np.repeat(lengths.clip(1e-9), np.diff(found.indptr))).astype(np.float32)
    return found


def _pieces_of(word: str) -> list[int]:
    edged = f" {word.translate(FOLDED)} "
    return [
        crc32(edged[at : at + size].encode()) % BUCKETS
        for size in range(SHORTEST, LONGEST + 1)
        for at in range(len(edged) - size + 1)
    ]
