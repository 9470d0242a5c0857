"""The source of the running version, offered to everybody who uses it over a network (AGPL, section 13).

Only the package's own kinds of files, from its own folders: never what lies beside them, whatever it is.
"""

import asyncio
import gzip
import hashlib
import io
import tarfile
from collections.abc import Iterator
from functools import cache
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

from litestar import Request, Response, get
from litestar.plugins.htmx import HTMXRequest
from msgspec import Struct

from hearback.refusals import NotFound
from hearback.settings import CHECKOUT, PACKAGE, folder, settings
from hearback.web.pages import show

VERSION = distribution("hearback").version
NAME = f"hearback-{VERSION}"
ADDRESS = f"/source/{NAME}.tar.gz"
KINDS = frozenset(
    ".atom .css .html .js .jsonl .md .npz .po .py .svg .toml .txt .typed .woff2 .xml".split()  # noqa: SIM905  (a list to read)
)
# What it takes to build the package: at the top of a checkout, inside the package once installed.
TO_BUILD = ("LICENSE", "README.md", "build_words.py", "pyproject.toml")
TOP = "_top"
MOVED_IN = frozenset({"_templates", "_migrations", TOP})


class Archive(Struct, frozen=True):
    body: bytes
    etag: str


@get("/source")
async def source(request: HTMXRequest) -> Response[str]:
    elsewhere = settings().source_url
    return show(request, "source/source", version=VERSION, elsewhere=elsewhere, download=ADDRESS)


@get(ADDRESS)
async def download(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Raises NotFound where the source of what runs is elsewhere: a second one here might be another."""
    if settings().source_url:
        raise NotFound
    made = await asyncio.to_thread(archive)
    headers = {"etag": made.etag, "cache-control": "public, no-cache"}
    if request.headers.get("if-none-match") == made.etag:
        return Response(b"", status_code=304, headers=headers)
    headers["content-disposition"] = f'attachment; filename="{NAME}.tar.gz"'
    return Response(made.body, media_type="application/gzip", headers=headers)


@cache
def archive() -> Archive:
    """Made once a process; a few megabytes in memory, whatever is asked of it."""
    body = packed(dict(own_files()))
    return Archive(body, f'"{hashlib.sha256(body).hexdigest()[:20]}"')


def own_files() -> Iterator[tuple[str, Path]]:
    """Name in the archive and where it lies; laid out as a checkout, so that it can be built."""
    for name, path in _below(PACKAGE):
        if name.partition("/")[0] not in MOVED_IN:
            yield f"src/hearback/{name}", path
    for part in ("templates", "migrations"):
        for name, path in _below(folder(part)):
            yield f"{part}/{name}", path
    top = PACKAGE / TOP
    if not top.exists() and CHECKOUT / "src" / "hearback" == PACKAGE:
        top = CHECKOUT
    for name in TO_BUILD:
        if (top / name).is_file():
            yield name, top / name


def packed(files: dict[str, Path]) -> bytes:
    """A .tar.gz that is the same wherever and whenever it is made from the same files."""
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w", format=tarfile.PAX_FORMAT) as tar_file:
        for name in sorted(files):
            body = files[name].read_bytes()
            entry = tarfile.TarInfo(f"{NAME}/{name}")
            entry.size = len(body)
            tar_file.addfile(entry, io.BytesIO(body))
    return gzip.compress(tar.getvalue(), mtime=0)


def _below(top: Path) -> Iterator[tuple[str, Path]]:
    """No link is followed: it might lead out of the folder. Nothing hidden, nothing compiled."""
    for path in sorted(top.iterdir()):
        if path.name.startswith(".") or path.name == "__pycache__" or path.is_symlink():
            continue
        if path.is_dir():
            for name, found in _below(path):
                yield f"{path.name}/{name}", found
        elif path.suffix in KINDS:
            yield path.name, path


HANDLERS = [source, download]
