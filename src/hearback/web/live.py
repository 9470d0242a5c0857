"""News from the database: one LISTEN connection a process, to caches and to open pages.

Litestar's own channel backend opens a connection for every message and never comes back after a lost one.
"""

import asyncio
import contextlib
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg
import structlog

from hearback.clock import now
from hearback.database.engine import connection_config, fetch_value
from hearback.settings import settings

CHANNEL = "hearback"
QUIET_S = 15
MOST_WAITING = 100
REMEMBERED = timedelta(seconds=30)
CONNECTION_LOST = (
    OSError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    TimeoutError,
)
log = structlog.get_logger()


async def tell(company_id: UUID, what: str) -> None:
    """Tell all processes, when the caller's transaction commits. Open desk pages hear everything.

    what: `public` where public pages say something else now, `numbers` where they only count differently, `desk`
    where they stay as they are; anything else is for those who know it, such as how far the worker is.
    """
    await fetch_value("select pg_notify($1, $2)", CHANNEL, f"{company_id} {what}")


class Live:
    """Who wants to hear in this process: caches by callback, open pages by queue."""

    def __init__(self) -> None:
        self.connected = asyncio.Event()
        self._pages: dict[asyncio.Queue[str | None], str] = {}
        self._callbacks: list[Callable[[str | None, str], None]] = []
        # By company, the latest last: when there was news.
        self._heard: OrderedDict[str, datetime] = OrderedDict()
        self._missed_at = now()
        self._task: asyncio.Task[None] | None = None

    def when_told(self, callback: Callable[[str | None, str], None]) -> None:
        """callback(company id, what); company id None: news may have been missed, forget everything."""
        self._callbacks.append(callback)

    async def start(self) -> None:
        self._task = asyncio.create_task(self._listen())

    async def stop(self) -> None:
        if self._task:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        for page in self._pages:
            page.put_nowait(None)  # ends the open streams, else a graceful stop waits for them

    async def stream(self, company_id: UUID, since: datetime | None) -> AsyncIterator[dict[str, str]]:
        """Server-sent events for a desk page: `news` whenever something of this company changed.

        since: when the page was made. What was told between that and its stream is told first: else it would wait for
        news that had been.
        """
        page: asyncio.Queue[str | None] = asyncio.Queue()
        self._pages[page] = str(company_id)
        if since and self._may_have_told(str(company_id), since):
            page.put_nowait("again")
        try:
            while True:
                try:
                    what = await asyncio.wait_for(page.get(), QUIET_S)
                except TimeoutError:
                    yield {"event": "ping", "data": "1"}
                    continue
                if what is None:
                    return
                yield {"event": "news", "data": what}
        finally:
            del self._pages[page]

    async def _listen(self) -> None:
        wait_s = 0.2
        while True:
            try:
                connection = await asyncpg.connect(**connection_config(settings().database_url))
                gone = asyncio.Event()
                connection.add_termination_listener(lambda _connection, gone=gone: gone.set())
                await connection.add_listener(CHANNEL, lambda _c, _p, _ch, payload: self._hear(payload))
                self._missed()  # what was said before we listened is lost
                self.connected.set()
                wait_s = 0.2
                await self._until_gone(connection, gone)
            except CONNECTION_LOST as error:
                log.warning("live.lost", error=type(error).__name__, again_in_s=wait_s)
            finally:  # also when stopped: whoever starts again knows nothing of what was said meanwhile
                self.connected.clear()
                self._missed()
            await asyncio.sleep(wait_s)
            wait_s = min(wait_s * 2, 5)

    async def _until_gone(self, connection: asyncpg.Connection, gone: asyncio.Event) -> None:
        try:
            while not gone.is_set():
                try:
                    await asyncio.wait_for(gone.wait(), QUIET_S)
                except TimeoutError:
                    await connection.execute("select 1", timeout=5)  # notices a half-open connection
        finally:
            await connection.close(timeout=2)

    def _hear(self, payload: str) -> None:
        company, _, what = payload.partition(" ")
        self._note(company)
        for callback in self._callbacks:
            callback(company, what)
        for page, of_company in self._pages.items():
            if of_company == company and page.qsize() < MOST_WAITING:
                page.put_nowait(what)

    def _note(self, company: str) -> None:
        at = now()
        self._heard[company] = at
        self._heard.move_to_end(company)
        while next(iter(self._heard.values())) < at - REMEMBERED:
            self._heard.popitem(last=False)

    def _may_have_told(self, company: str, since: datetime) -> bool:
        told = max(self._missed_at, self._heard.get(company, self._missed_at))
        return since <= told or since < now() - REMEMBERED

    def _missed(self) -> None:
        self._missed_at = now()
        for callback in self._callbacks:
            callback(None, "")
        for page in self._pages:
            page.put_nowait("again")


LIVE = Live()
