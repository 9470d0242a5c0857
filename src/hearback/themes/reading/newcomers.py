"""Which theme an excerpt belongs to that has just come in, beside a pool that is placed already and stays as it is.

What it is compared with is brought into the form that comparing needs once for many newcomers: one answer among 10,000
then costs little more than being embedded.
"""

from collections.abc import Mapping

import numpy as np
from msgspec import Struct
from scipy.sparse import csc_matrix, csr_matrix

from .codebook import Book
from .letters import weighted
from .placing import (
    CALIBRATED,
    SPREAD,
    Examples,
    Placement,
    Themes,
    doubted,
    examples_of,
    nothing,
    placement_of,
    said_by,
    scored,
    shares_of,
)
from .pool import BLOCK, NEIGHBOURS, Bools, Pool, Sight
from .vectors import Vectors

NEAR = 0.35  # cosine below which neighbours of a new excerpt say less the further they are
ALONE = 0.7  # of its confidence that a new excerpt keeps which is like nothing that was said before


class Standing(Struct, frozen=True):
    """points: (n, d) of the pool; shares: (n, t) of its excerpts in themes. spelt: (t, BUCKETS) the themes' letters."""

    book: Book
    sight: Sight
    themes: Themes
    spelt: csc_matrix
    examples: Examples
    points: Vectors
    shares: Vectors


def standing(
    book: Book, pool: Pool, themes: Themes, shares: Vectors, placed: Mapping[int, int] | None = None
) -> Standing:
    """shares: (n, t) of the pool's excerpts. placed: excerpt → theme that it speaks for as an example."""
    return Standing(
        book=book,
        sight=pool.sight,
        themes=themes,
        spelt=weighted(themes.counted, pool.sight.rarity).tocsc(),
        examples=examples_of(pool, placed or {}),
        points=pool.points,
        shares=shares,
    )


def place_new(there: Standing, points: Vectors, letters: csr_matrix, strange: Bools) -> Placement:
    """Place excerpts that have just come in: points (m, d), letters (m, BUCKETS), as there.sight sees them.

    strange: (m,) in another language than the codebook.
    """
    if not len(there.themes) or not len(points):
        return nothing(len(points), len(there.themes))
    found = [
        _shares(there, points[at], letters[at], strange[at])
        for at in (slice(start, start + BLOCK) for start in range(0, len(points), BLOCK))
    ]
    return placement_of(np.concatenate(found))


def _shares(there: Standing, points: Vectors, letters: csr_matrix, strange: Bools) -> Vectors:
    """(m, t): what definitions and examples say, and the shares of the nearest that are there."""
    scores = scored(there.book, there.sight, there.themes, there.spelt, points, letters)
    scores += said_by(there.examples, len(there.themes), points, letters)
    shares = shares_of(scores)
    k = min(NEIGHBOURS, len(there.points))
    if not k:
        return doubted(shares, scores, strange)
    cosines = points @ there.points.T
    near = np.argpartition(-cosines, k - 1, axis=1)[:, :k]
    weight = np.take_along_axis(cosines, near, 1).clip(1e-6)
    company = (weight.mean(1, keepdims=True) / NEAR).clip(ALONE, 1)
    weight /= np.maximum(weight.sum(1, keepdims=True), k * NEAR)
    shares = (1 - SPREAD) * shares + SPREAD * np.einsum("mk,mkt->mt", weight, there.shares[near])
    return np.asarray(doubted(shares, scores, strange) * company ** (1 / CALIBRATED), np.float32)
