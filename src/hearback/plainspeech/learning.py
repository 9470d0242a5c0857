"""The weights: regularised least squares over what lies near what, and over the order of words.

How near is told by landmarks alone (Nyström's method), how alike two wordings are by what both have in common; both are
summed, and solved for once. Only who trains needs this.
"""

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve, cholesky, solve_triangular
from scipy.sparse import csr_array

from hearback.plainspeech.likeness import (
    BLAS,
    CALM,
    CATEGORIES,
    EACH,
    HOUSE,
    HOUSE_COUNTS,
    ORDER_COUNTS,
    Floats,
    Labelled,
    nearness,
)
from hearback.plainspeech.wording import PLACES, Places, Wording

JITTER = 1e-6  # keeps landmarks that are nearly alike apart
Numbers = NDArray[np.float64]


class Described(Struct, frozen=True):
    """Passages. known: shape (n, features). places: of the wording of each."""

    known: Floats
    places: Sequence[Places]

    def only(self, rows: NDArray[np.int64]) -> "Described":
        return Described(self.known[rows], [self.places[row] for row in rows])


class Weights(Struct, frozen=True):
    landmarks: Floats
    weights: Floats
    wording: Wording

    def scores(self, tried: Described) -> Floats:
        near: Floats = nearness(tried.known, self.landmarks) @ self.weights
        return near + self.wording.scores(tried.places)


def learn(given: Described, texts: Sequence[Labelled]) -> Weights:
    """Rare labels weigh as much as their absence."""
    with BLAS.limit(limits=1, user_api="blas"):  # the last bits would hang on how many threads there are
        landmarks = given.known[::EACH]
        near = nearness(given.known, landmarks).astype(np.float64)
        among = near[::EACH] + JITTER * np.eye(len(landmarks))
        rarity = _rarity(given.places)
        worded = _in_common(given.places, rarity.astype(np.float32))
        found = _solved(near, among, worded, texts)
        weights = (1 - ORDER_COUNTS) * np.linalg.solve(among, near.T @ found)
        of_words = ORDER_COUNTS * (worded.T @ found) * rarity[:, None]
    return Weights(
        landmarks, weights.astype(np.float32), Wording(rarity.astype(np.float32), of_words.astype(np.float32))
    )


def _solved(near: Numbers, among: Numbers, worded: csr_array, texts: Sequence[Labelled]) -> Numbers:
    """How much each text speaks for anything at all, and for each category."""
    bad = np.array([bool(text.labels) for text in texts])
    weight = np.where(bad, 1 / bad.mean(), 1 / (1 - bad.mean())) / 2
    weight[[text.domain == HOUSE for text in texts]] *= HOUSE_COUNTS
    wanted = np.array(
        [
            [1.0 if text.labels else -1.0, *(1.0 if c in text.labels else -1.0 for c in CATEGORIES)]
            for text in texts
        ]
    )
    # In single numbers from here: what is far from singular loses nothing, and takes half the time.
    root = solve_triangular(cholesky(among, lower=True), near.T, lower=True).astype(np.float32)
    alike = (1 - ORDER_COUNTS) * (root.T @ root) + ORDER_COUNTS * (worded @ worded.T).toarray()
    alike[np.diag_indices(len(alike))] += (CALM / weight).astype(np.float32)
    solved: Numbers = cho_solve(cho_factor(alike, lower=True, overwrite_a=True), wanted).astype(np.float64)
    return solved


def _rarity(found: Sequence[Places]) -> Numbers:
    """Of each place: the fewer passages lead there, the more it says."""
    there = np.bincount(np.concatenate(found), minlength=PLACES)
    return np.log((1 + len(found)) / (1 + there)) + 1


def _in_common(found: Sequence[Places], rarity: Floats) -> csr_array:
    """Shape (n, PLACES), each of length one."""
    begins = np.cumsum([0, *map(len, found)])
    at = np.concatenate(found)
    long = np.sqrt(np.add.reduceat(rarity[at] ** 2, begins[:-1]))
    return csr_array((rarity[at] / np.repeat(long, np.diff(begins)), at, begins), shape=(len(found), PLACES))
