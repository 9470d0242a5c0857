"""Which excerpts mean something like one of them, and which stand for them all. No database."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

MOST_ALIKE = 30
ALIKE_FROM = 0.2  # of the cosine, away from what all have in common; below, what is found is chance


def most_alike(
    one: bytes,
    others: NDArray[np.float32],
    *,
    but: int | None = None,
    most: int = MOST_ALIKE,
    least: float = ALIKE_FROM,
) -> list[int]:
    """Rows of others (n, d) that lie nearest to one, nearest first. one: as it is stored, float32, little-endian.

    but: a row that is not wanted, the one itself.
    """
    if not len(others):
        return []
    point = np.frombuffer(one, "<f4")
    # With few of them their mean would be mostly what they say, and not what they have in common.
    centre = others.mean(axis=0) if len(others) >= MOST_ALIKE else np.zeros(len(point), np.float32)
    # (v - c)·(p - c) and |v - c|², without a second copy of twenty thousand vectors.
    moved = point - centre
    along, beside = (others @ np.stack([moved, centre], axis=1)).T
    squares = np.einsum("nd,nd->n", others, others) - 2 * beside + centre @ centre
    lengths = np.sqrt(np.maximum(squares, 1e-9)) * max(float(np.linalg.norm(moved)), 1e-9)
    likeness = (along - centre @ moved) / lengths
    if but is not None:
        likeness[but] = -1
    order = np.argsort(-likeness, kind="stable")[:most]
    return [int(row) for row in order if likeness[row] >= least]


def central(stored: Sequence[bytes], *, most: int) -> list[int]:
    """Rows nearest to the mean of all, nearest first. What has no vector yet stands behind, in its order."""
    read = [row for row, vector in enumerate(stored) if vector]
    unread = [row for row, vector in enumerate(stored) if not vector]
    if read:
        vectors = _unit(np.frombuffer(b"".join(stored[row] for row in read), "<f4").reshape(len(read), -1))
        read = [read[at] for at in np.argsort(-(vectors @ vectors.mean(axis=0)), kind="stable")]
    return [*read, *unread][:most]


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: NDArray[np.float32] = vectors / np.maximum(lengths, np.float32(1e-9))
    return unit
