"""Vectors of texts that do not change, such as the starter codebook's, kept on disk: a machine reads them once.

A file is named by what it was made from (model, texts, form of the file), so it never has to be found out of date. One
that is broken or says something else is told of, ignored and made again; without a place to write, all goes on without.
"""

import os
import zipfile
from collections.abc import Callable, Sequence
from hashlib import blake2b
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import numpy as np
import structlog
from numpy.typing import NDArray

from hearback.themes.embedding import DIMENSIONS, MODEL, embed

FORM = 1  # of the file; to be raised when it changes, or what is done to a text before the model reads it
KEPT = 8  # files; an older one is of another version of ours
log = structlog.get_logger()

Vectors = NDArray[np.float32]


def kept_embed(texts: Sequence[str]) -> Vectors:
    """As embed() gives them, to the last bit: from disk, or read now and kept there."""
    return kept(texts, embed, folder=cache_folder())


def cache_folder() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "hearback"


def kept(texts: Sequence[str], read: Callable[[Sequence[str]], Vectors], *, folder: Path) -> Vectors:
    key = blake2b(msgspec.json.encode([FORM, MODEL, texts]), digest_size=16).hexdigest()
    file = folder / f"{key}.npz"
    found = _from(file, key, len(texts))
    if found is None:
        found = read(texts)
        _keep(file, key, found)
    return found


def _from(file: Path, key: str, n: int) -> Vectors | None:
    try:
        with np.load(file, allow_pickle=False) as said:
            vectors: Vectors = said["vectors"]
            if str(said["key"]) != key or vectors.shape != (n, DIMENSIONS) or vectors.dtype != np.float32:
                raise ValueError("it was made from something else")
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        log.warning("readings.ignored", file=str(file), why=str(error))
        return None
    return vectors


def _keep(file: Path, key: str, vectors: Vectors) -> None:
    """Whole or not at all: another process may read it at the same moment."""
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with TemporaryDirectory(dir=file.parent) as beside:
            new = Path(beside) / file.name
            np.savez(new, key=np.array(key), vectors=vectors)
            new.replace(file)
        _tidy(file.parent)
    except OSError as error:
        log.warning("readings.not_kept", folder=str(file.parent), why=str(error))


def _tidy(folder: Path) -> None:
    newest_first = sorted(folder.glob("*.npz"), key=lambda file: -file.stat().st_mtime)
    for old in newest_first[KEPT:]:
        old.unlink(missing_ok=True)
