"""Our pages inside other people's: only those below /embed/, only where the company named the site.

/embed.js is the one line of script for the other page: it puts a frame behind each of its links to us.
"""

import hashlib
from collections.abc import Sequence
from functools import cache
from typing import Any, cast

from litestar import Request, Response, get

from hearback.settings import PACKAGE, settings

EMBEDDED = "/embed/"
SCRIPT = PACKAGE / "static" / "embed.js"
AN_HOUR = "public, max-age=3600"
LET_IN = "hearback.let_in"
"""Where the scope of a request says that pages of others may load its reply, and which sites may frame it."""

OUR_FRAME = "hearback.our_frame"
"""Where the scope says that the reply is for a frame on a page of ours."""


def is_framed(path: str) -> bool:
    return path.startswith(EMBEDDED)


def origins(hosts: Sequence[str]) -> list[str]:
    """As a content policy and messages between windows name them. A house that is only tried out, without https,
    may also be framed without."""
    schemes = ["https"] if settings().base_url.startswith("https://") else ["https", "http"]
    return [f"{scheme}://{host}" for host in hosts for scheme in schemes]


def let_frame(request: Request[Any, Any, Any], hosts: Sequence[str]) -> None:
    """From here on the reply may be framed by these, if it stands below /embed/; without this by nobody."""
    if is_framed(request.scope["path"]):
        _beside(request)[LET_IN] = tuple(hosts)


def let_us_frame(request: Request[Any, Any, Any]) -> None:
    """The reply is a mail as it arrives, with styles in its tags: only our own pages may frame it, and nothing in it
    runs, loads or leads anywhere."""
    _beside(request)[OUR_FRAME] = True


def let_load(request: Request[Any, Any, Any]) -> None:
    """The reply is a file that pages of others may load: a script, a picture."""
    _beside(request)[LET_IN] = ()


def _beside(request: Request[Any, Any, Any]) -> dict[str, Any]:
    """Its scope, for a key of our own."""
    return cast(dict[str, Any], request.scope)


@get("/embed.js")
async def embed_script(request: Request[Any, Any, Any]) -> Response[bytes]:
    """For pages of others, which may load it whatever their own policy on embedding is."""
    let_load(request)
    body, etag = _script()
    headers = {"etag": etag, "cache-control": AN_HOUR}
    if request.headers.get("if-none-match") == etag:
        return Response(b"", status_code=304, headers=headers)
    return Response(body, media_type="text/javascript", headers=headers)


@cache
def _script() -> tuple[bytes, str]:
    body = SCRIPT.read_bytes()
    return body, f'"{hashlib.sha256(body).hexdigest()[:20]}"'


HANDLERS = [embed_script]
