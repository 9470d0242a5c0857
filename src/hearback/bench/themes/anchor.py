"""What we are measured against: BERTopic's default core on the same vectors (UMAP to 5 dimensions, then HDBSCAN).

Its packages are no part of the product: the dependency group `anchor` has them.
"""

import os
from collections import Counter
from importlib import import_module
from types import ModuleType

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from hearback.refusals import Stopped

SMALLEST_THEME, NEIGHBOURS, LOW_DIMENSIONS, SEED = 10, 15, 5, 42
MISSING = (
    "BERTopic's core is not installed: `uv sync --inexact --group anchor` or `./run bench themes` brings it."
)

Vectors = NDArray[np.float32]
Numbers = NDArray[np.intp]


class Anchored(Struct, frozen=True):
    """labels: (n,) themes, -1 unsorted. confidence: (n,) 0 to 1."""

    labels: Numbers
    confidence: Vectors


class Anchor:
    """Raises Stopped where its packages are not installed."""

    def __init__(self) -> None:
        os.environ.setdefault("NUMBA_NUM_THREADS", "1")  # it reads this once, when it is loaded
        try:
            self._umap: ModuleType = import_module("umap")
            self._cluster: ModuleType = import_module("sklearn.cluster")
        except ImportError as error:
            raise Stopped(MISSING) from error

    def group(self, vectors: Vectors) -> Anchored:
        low = self._umap.UMAP(
            n_neighbors=NEIGHBOURS,
            n_components=LOW_DIMENSIONS,
            min_dist=0.0,
            metric="cosine",
            random_state=SEED,
            n_jobs=1,
        ).fit_transform(vectors)
        found = self._cluster.HDBSCAN(min_cluster_size=SMALLEST_THEME, copy=True).fit(low)
        return Anchored(found.labels_.astype(np.intp), found.probabilities_.astype(np.float32))

    def join(self, new: Vectors, known: Vectors, labels: Numbers) -> Numbers:
        """It has none such without keeping its model, so what comes later takes the theme of most of its nearest."""
        k = min(NEIGHBOURS, len(known))
        near = np.argpartition(-(new @ known.T), k - 1, axis=1)[:, :k]
        return np.array([Counter(row).most_common(1)[0][0] for row in labels[near].tolist()], np.intp)
