"""Readers who come after the news: pages are kept in memory until this process hears that they say something else."""

import asyncio
import uuid

import asyncpg
import httpx

from hearback.database.engine import connection_config
from hearback.settings import settings
from hearback.web.live import CHANNEL, LIVE

LONGEST_S = 10
_awaited: dict[str, asyncio.Event] = {}


def _heard(company: str | None, _what: str) -> None:
    """company None: the connection was lost, and all that was kept with it."""
    for token in list(_awaited) if company is None else [company]:
        if token in _awaited:
            _awaited[token].set()


LIVE.when_told(_heard)


class AfterTheNews(httpx.ASGITransport):
    """Whoever reads a page has heard what was saved before: PostgreSQL tells in the order in which it was saved."""

    def __init__(self, app: object) -> None:
        super().__init__(app)  # type: ignore[arg-type]
        self._teller: asyncpg.Connection | None = None
        self._telling = asyncio.Lock()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET" and LIVE.connected.is_set():
            await self._hear_all()
        return await super().handle_async_request(request)

    async def aclose(self) -> None:
        if self._teller:
            self._teller.terminate()

    async def _hear_all(self) -> None:
        token = str(uuid.uuid4())
        heard = _awaited[token] = asyncio.Event()
        try:
            async with self._telling:
                if self._teller is None or self._teller.is_closed():
                    self._teller = await asyncpg.connect(**connection_config(settings().database_url))
                await self._teller.execute("select pg_notify($1, $2)", CHANNEL, f"{token} told")
            await asyncio.wait_for(heard.wait(), LONGEST_S)
        finally:
            del _awaited[token]
