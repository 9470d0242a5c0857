"""Public forms carry no cookie and no token; they must only come from our own pages."""

from typing import Any
from urllib.parse import urlsplit

from litestar.connection import ASGIConnection

from hearback.web.errors import ForeignForm

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def method_of(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    return str(connection.scope.get("method", "GET"))


async def from_our_own_page(connection: ASGIConnection[Any, Any, Any, Any]) -> None:
    """Before every public handler: a browser says where a form came from; other sites' are refused.

    What says nothing at all (curl, an old browser without either header) is let through: it holds no right
    that another site could borrow. No guard, for those cost a copy of their handler with each request.
    """
    if method_of(connection) in SAFE:
        return
    site = connection.headers.get("sec-fetch-site")
    if site is not None:
        if site not in ("same-origin", "none"):
            raise ForeignForm
        return
    origin = connection.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc.lower() != connection.headers.get("host", "").lower():
        raise ForeignForm
