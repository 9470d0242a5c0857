"""Pages rendered once a change: kept in memory, dropped when the company says something new."""

import hashlib
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any, Generic, TypeVar
from urllib.parse import parse_qsl

from litestar import Request
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send
from msgspec import Struct

from hearback.web.live import LIVE
from hearback.web.packing import pack, takes_packed

Thing = TypeVar("Thing")
MOST_THINGS = 2000
LONGEST_S = 300
# A page that shows how many answered is made anew for that alone at most this often: answers may come in by the
# hundred a second, and nobody reads a number that fast. After a quiet moment the next reader sees the new one.
NUMBERS_STAND_S = 3
QUICK = 4  # how hard a page is packed: it may change soon


class Kept(Struct, Generic[Thing]):
    """began: when its making began, so that it holds everything said before."""

    thing: Thing
    company: str
    began: float
    until: float


class Memory(Generic[Thing]):
    """The newest things of each company, at most so many, least used dropped first.

    A thing that was being made while news came in is not kept: it may be older than the news. numbers: it shows
    counts of answers, so it also grows old by news of numbers.
    """

    def __init__(self, *, numbers: bool = False, most: int = MOST_THINGS) -> None:
        self._most = most
        self._kept: OrderedDict[str, Kept[Thing]] = OrderedDict()
        self._news = 0
        self._numbers = numbers
        self._counted: dict[str, float] = {}  # by company: when its numbers changed last
        LIVE.when_told(self.forget)

    def __len__(self) -> int:
        return len(self._kept)

    def look_up(self, key: str) -> Kept[Thing] | None:
        kept = self._kept.get(key)
        if kept is None:
            return None
        at = time.time()
        if kept.until <= at or at < kept.began:  # or the clock was set back: it may tell of days to come
            return None
        if self._counted.get(kept.company, 0) >= kept.began and at >= kept.began + NUMBERS_STAND_S:
            return None
        self._kept.move_to_end(key)
        return kept

    async def get_or_make(
        self, key: str, make: Callable[[], Awaitable[tuple[Thing, str, datetime | None]]]
    ) -> tuple[Thing, float]:
        """make() returns the thing, its company's id, and the moment from which it would be wrong."""
        kept = self.look_up(key)
        if kept is not None:
            return kept.thing, kept.until
        news, began = self._news, time.time()
        thing, company, until = await make()
        ends = time.time() + LONGEST_S
        if until is not None:
            ends = min(ends, until.timestamp())
        if news == self._news and LIVE.connected.is_set():
            self._kept[key] = Kept(thing, company, began, ends)
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return thing, ends

    def forget(self, company: str | None, what: str) -> None:
        """company None: news may have been missed."""
        if company is not None and what == "numbers" and self._numbers:
            self._counted[company] = time.time()
        if company is not None and what != "public":
            return
        self._news += 1
        stale = [key for key, kept in self._kept.items() if company is None or kept.company == company]
        for key in stale:
            del self._kept[key]


class Page(Struct):
    """A rendered page with what its reply carries, ready for the wire.

    packed: made for the first reader who takes it.
    """

    body: bytes
    etag: bytes
    media_type: bytes
    packed: bytes | None = None

    def for_reader(self, headers: Iterable[tuple[bytes, bytes]]) -> tuple[bytes, bytes, bool]:
        """Body, its ETag, and whether it is packed. Every page here is the same for everybody, and holds no secret."""
        if not takes_packed(headers):
            return self.body, self.etag, False
        if self.packed is None:
            self.packed = pack(self.body, QUICK) or b""
        return (self.packed, self.etag[:-1] + b'z"', True) if self.packed else (self.body, self.etag, False)


PAGES_KEPT: Memory[Page] = Memory(numbers=True)
TELLS_PAGES_APART = ("lang", "kind", "before")


def kept_reply(scope: HTTPScope) -> list[Message] | None:
    """What to send for this address when its page is in memory and still true; None: ask the handler.

    A reply from here costs less than finding the handler: no routing, no request object, no guard, for
    reading a public page needs none. The same page, headers and ETag as remembered() gives.
    """
    if scope["method"] != "GET":
        return None
    kept = PAGES_KEPT.look_up(_key(scope["path"], scope["query_string"]))
    return None if kept is None else _reply(scope, kept.thing, kept.until)


async def remembered(
    request: Request[Any, Any, Any],
    make: Callable[[], Awaitable[tuple[bytes, str, datetime | None]]],
    *,
    media_type: str = "text/html; charset=utf-8",
) -> ASGIApp:
    """Reply with the page at this address, rendered by make() only when something changed.

    make() returns the page, the company's id, and the moment from which the page would be wrong (the next
    opening, closing or midnight); shared caches are never told to keep it longer. Answers If-None-Match.
    Only `lang`, `kind` and `before` tell pages apart; anything else in the address must not fill memory.
    """

    async def make_page() -> tuple[Page, str, datetime | None]:
        body, company, until = await make()
        etag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
        return Page(body, etag.encode(), media_type.encode()), company, until

    page, until = await PAGES_KEPT.get_or_make(
        _key(request.scope["path"], request.scope["query_string"]), make_page
    )

    async def reply(scope: Scope, _receive: Receive, send: Send) -> None:
        for message in _reply(scope, page, until):
            await send(message)

    return reply


@lru_cache(maxsize=500)  # asked for twice by a page that is made
def _key(path: str, query_string: bytes) -> str:
    if not query_string:
        return path
    query = dict(parse_qsl(query_string.decode("latin-1")))
    chosen = "&".join(f"{name}={query[name]}" for name in TELLS_PAGES_APART if name in query)
    return f"{path}?{chosen}" if chosen else path


def _reply(scope: Scope, page: Page, until: float) -> list[Message]:
    """Browsers ask every time; shared caches may keep the page for a minute, and never past its truth."""
    seconds = max(0, min(60, int(until - time.time())))
    body, etag, packed = page.for_reader(scope["headers"])
    headers = [
        (b"etag", etag),
        (b"cache-control", b"public, max-age=0, s-maxage=%d" % seconds),
        (b"vary", b"HX-Request, Accept-Encoding"),
    ]
    unchanged = (b"if-none-match", etag) in scope["headers"]
    if not unchanged:
        headers += [(b"content-type", page.media_type), (b"content-length", b"%d" % len(body))]
        if packed:
            headers.append((b"content-encoding", b"gzip"))
    return [
        {"type": "http.response.start", "status": 304 if unchanged else 200, "headers": headers},
        {"type": "http.response.body", "body": b"" if unchanged else body, "more_body": False},
    ]
