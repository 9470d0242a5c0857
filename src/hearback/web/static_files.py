"""The files that every page needs, read and packed once a process, at addresses that change with them.

look(accent) -> the one stylesheet of a company's pages: nobody's first page waits for a second one.
"""

import hashlib
from functools import cache, lru_cache

from litestar import asgi
from litestar.exceptions import MethodNotAllowedException, NotFoundException
from litestar.types import HTTPScope, Receive, Scope, Send
from msgspec import Struct

from hearback.settings import PACKAGE
from hearback.web.packing import pack, takes_packed

STATIC = PACKAGE / "static"
KINDS = {
    ".css": b"text/css; charset=utf-8",
    ".js": b"text/javascript; charset=utf-8",
    ".svg": b"image/svg+xml",
    ".txt": b"text/plain; charset=utf-8",
    ".woff2": b"font/woff2",
}
FOR_EVER = b"public, max-age=31536000, immutable"
SMALLEST = 9  # made once, read for ever


class File(Struct, frozen=True):
    """packed: with gzip, where that is smaller."""

    body: bytes
    packed: bytes | None
    kind: bytes


@cache
def static_digest() -> str:
    """One digest over all static files: their folder's name, so that caches may keep them for ever."""
    digest = hashlib.sha256()
    for path in sorted(STATIC.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(STATIC).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def static(path: str) -> str:
    return f"/static/{static_digest()}/{path}"


@cache
def _files() -> dict[str, File]:
    return {
        path.relative_to(STATIC).as_posix(): _file(path.read_bytes(), KINDS[path.suffix])
        for path in STATIC.rglob("*")
        if path.is_file()
    }


def _file(body: bytes, kind: bytes) -> File:
    return File(body, None if kind == KINDS[".woff2"] else pack(body, SMALLEST), kind)


@lru_cache(maxsize=50)
def look(accent: str) -> File:
    """The stylesheet with a company's own properties over its own."""
    sheet = _files()["hearback.css"].body.decode().replace('url("fonts/', f'url("{static("fonts/")}')
    return _file((sheet + accent).encode(), KINDS[".css"])


@asgi(f"/static/{static_digest()}", is_mount=True, copy_scope=False)
async def static_files(scope: HTTPScope, receive: Receive, send: Send) -> None:
    """Raises NotFoundException."""
    if scope["method"] not in ("GET", "HEAD"):
        raise MethodNotAllowedException
    file = _files().get(scope["path"].strip("/"))
    if file is None:
        raise NotFoundException
    await send_file(file, scope, send)


async def send_file(file: File, scope: Scope | HTTPScope, send: Send) -> None:
    packed = file.packed if file.packed is not None and takes_packed(scope["headers"]) else None
    body = file.body if packed is None else packed
    headers = [
        (b"content-type", file.kind),
        (b"content-length", b"%d" % len(body)),
        (b"cache-control", FOR_EVER),
        (b"vary", b"Accept-Encoding"),
    ]
    if packed is not None:
        headers.append((b"content-encoding", b"gzip"))
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})


HANDLERS = [static_files]
