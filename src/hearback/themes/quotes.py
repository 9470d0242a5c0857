"""Which excerpts stand for a theme: near its middle, and not all the same."""

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
NEWNESS = 0.35  # weight of saying something else, beside lying in the middle: above .5 outliers come first
CENTRAL = 0.5  # share of the excerpts, the more central ones, from which to choose: what lies at the edge may be astray
CANDIDATES = 400  # are enough to choose from; a theme may have 100,000 excerpts


def central(vectors: Vectors) -> list[int]:
    """Rows of unit vectors (n, d), nearest to their common direction first; equals keep their order."""
    if not len(vectors):
        return []
    return [int(row) for row in np.argsort(-(vectors @ vectors.mean(0)), kind="stable")]


def telling(vectors: Vectors, most: int) -> list[int]:
    """Up to most rows of unit vectors (n, d): the most central first, then those that add something to the chosen.

    Maximal marginal relevance. Source: Carbonell & Goldstein, 1998.
    """
    rows = central(vectors)[: min(CANDIDATES, max(2 * most, round(CENTRAL * len(vectors))))]
    if not rows:
        return []
    of = vectors[rows]
    middle = of @ _direction(vectors)
    chosen: list[int] = []
    repeats = np.zeros(len(rows), np.float32)
    while len(chosen) < min(most, len(rows)):
        worth = (1 - NEWNESS) * middle - NEWNESS * repeats
        worth[chosen] = -np.inf
        best = int(worth.argmax())
        chosen.append(best)
        repeats = np.maximum(repeats, of @ of[best])
    return [rows[one] for one in chosen]


def _direction(vectors: Vectors) -> Vectors:
    mean = vectors.mean(0)
    return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-9), dtype=np.float32)
