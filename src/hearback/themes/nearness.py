"""Which unsorted excerpts may belong to a theme too. No database; the machine only offers, people decide."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

MOST_OFFERED = 5
COMPARED_WITH = 3  # a single example may be an odd one; most themes have three that say the same
NEAR_FROM = 0.18  # what is left unsorted lies nowhere near; on the demo, below this hardly one in ten fits


def nearest(
    loose: NDArray[np.float32],
    examples: NDArray[np.float32],
    centre: NDArray[np.float32],
    *,
    most: int = MOST_OFFERED,
    least: float = NEAR_FROM,
) -> Sequence[int]:
    """Rows of `loose` that lie nearest to the examples, nearest first; likeness is the mean of the three best cosines.

    loose (m, 512), examples (n, 512): as they are stored. centre (512,): of the last grouping; away from it,
    what all excerpts have in common no longer makes everything alike.
    """
    if not len(loose) or not len(examples):
        return []
    likeness = _pointing(loose - centre) @ _pointing(examples - centre).T
    best = np.sort(likeness, axis=1)[:, -COMPARED_WITH:].mean(axis=1)
    order = np.argsort(-best, kind="stable")[:most]
    return [int(row) for row in order if best[row] >= least]


def _pointing(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    pointing: NDArray[np.float32] = (vectors / np.maximum(lengths, 1e-9)).astype(np.float32)
    return pointing
