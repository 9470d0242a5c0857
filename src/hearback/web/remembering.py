"""Pages rendered once a change: kept in memory, dropped when the company says something new."""

import hashlib
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Generic, TypeVar

from litestar import Request, Response
from litestar.enums import MediaType
from msgspec import Struct

from hearback.clock import now
from hearback.web.live import LIVE

Thing = TypeVar("Thing")
MOST_THINGS = 2000
LONGEST_S = 300


class Kept(Struct, Generic[Thing]):
    thing: Thing
    company: str
    until: float


class Memory(Generic[Thing]):
    """The newest things of each company, at most MOST_THINGS, least used dropped first.

    A thing that was being made while news came in is not kept: it may be older than the news.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Kept[Thing]] = OrderedDict()
        self._news = 0
        LIVE.when_told(self.forget)

    def get(self, key: str) -> Thing | None:
        kept = self._kept.get(key)
        if kept is None or kept.until <= time.time():
            return None
        self._kept.move_to_end(key)
        return kept.thing

    async def get_or_make(
        self, key: str, make: Callable[[], Awaitable[tuple[Thing, str, datetime | None]]]
    ) -> tuple[Thing, float]:
        """make() returns the thing, its company's id, and the moment from which it would be wrong."""
        kept = self._kept.get(key)
        if kept is not None and kept.until > time.time():
            self._kept.move_to_end(key)
            return kept.thing, kept.until
        news = self._news
        thing, company, until = await make()
        ends = time.time() + LONGEST_S
        if until is not None:
            ends = min(ends, until.timestamp())
        if news == self._news and LIVE.connected.is_set():
            self._kept[key] = Kept(thing, company, ends)
            if len(self._kept) > MOST_THINGS:
                self._kept.popitem(last=False)
        return thing, ends

    def forget(self, company: str | None, what: str) -> None:
        """company None: news may have been missed."""
        if company is not None and what != "public":
            return
        self._news += 1
        stale = [key for key, kept in self._kept.items() if company is None or kept.company == company]
        for key in stale:
            del self._kept[key]


class Page(Struct, frozen=True):
    body: bytes
    etag: str


PAGES_KEPT: Memory[Page] = Memory()


async def remembered(
    request: Request[Any, Any, Any],
    make: Callable[[], Awaitable[tuple[str, str, datetime | None]]],
    *,
    media_type: str = MediaType.HTML,
) -> Response[bytes]:
    """Reply with the page at this address, rendered by make() only when something changed.

    make() returns the text, the company's id, and the moment from which the page would be wrong (the next
    opening, closing or midnight); shared caches are never told to keep it longer. Answers If-None-Match.
    Only `lang`, `kind` and `before` tell pages apart; anything else in the address must not fill memory.
    """
    query = request.query_params
    chosen = "&".join(f"{name}={query[name]}" for name in ("lang", "kind", "before") if name in query)

    async def make_page() -> tuple[Page, str, datetime | None]:
        text, company, until = await make()
        body = text.encode()
        return Page(body, f'"{hashlib.sha256(body).hexdigest()[:20]}"'), company, until

    page, until = await PAGES_KEPT.get_or_make(f"{request.url.path}?{chosen}", make_page)
    seconds = max(0, min(60, int(until - now().timestamp())))
    headers = {
        "ETag": page.etag,
        "Cache-Control": f"public, max-age=0, s-maxage={seconds}",
        "Vary": "HX-Request",
    }
    if request.headers.get("if-none-match") == page.etag:
        return Response(b"", status_code=304, media_type=media_type, headers=headers)
    return Response(page.body, media_type=media_type, headers=headers)
