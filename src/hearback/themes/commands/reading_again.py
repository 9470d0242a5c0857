"""The second model reads what the first has read, in the background.

It is forty times slower, so it has a thread of its own in each worker, which gives way to all else. A batch is about a
second and what it wrote stays, so a worker may be killed at any moment. When all is read twice, themes are learnt anew.
"""

import asyncio
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import cache
from uuid import UUID

import structlog

from hearback.database.engine import execute, transaction
from hearback.jobs import do_later
from hearback.themes.commands.learning import METHOD_OF_BOTH, learn
from hearback.themes.queries import reading_again as queries
from hearback.themes.queries.sorting import last_run
from hearback.themes.second_reading import reads_twice, to_store, why_not

AT_ONCE = 32
JOB = "themes.read_again"
GIVES_WAY = (
    10  # of 19; where it gave way to all, the rest of the process could wait for it, one runs at a time
)
log = structlog.get_logger()


async def read_again(company_id: UUID, *, now: datetime) -> None:
    """Read some of the company's excerpts, and queue the rest. Doing it twice changes nothing."""
    if not reads_twice():
        return  # queued by another machine
    found = await queries.read_once(company_id, limit=AT_ONCE)
    texts = [one.words for one in found]
    vectors = await asyncio.get_running_loop().run_in_executor(_thread(), lambda: [*map(to_store, texts)])
    async with transaction():
        await _write(company_id, found, vectors)
        if len(found) == AT_ONCE:
            await do_later(JOB, company_id=str(company_id))
            return
    run = await last_run(company_id)
    if run and run.method != METHOD_OF_BOTH:
        await learn(company_id, cause="reread", now=now)


async def find_read_once() -> None:
    """Queue the companies that have something to read again; each once, so that no two workers read the same."""
    if not reads_twice():
        _say_why_not()
        return
    for company_id in await queries.companies_to_read_again(METHOD_OF_BOTH, JOB):
        async with transaction():
            await do_later(JOB, company_id=str(company_id))


async def _write(company_id: UUID, found: list[queries.ReadOnce], vectors: list[bytes]) -> None:
    """What was cut or joined while we read is read anew."""
    await execute(
        """update excerpt e set second = x.second
           from unnest($2::uuid[], $3::int[], $4::int[], $5::bytea[]) as x (id, starts, ends, second)
           where e.company = $1 and e.id = x.id and e.starts = x.starts and e.ends = x.ends""",
        company_id,
        [one.id for one in found],
        [one.starts for one in found],
        [one.ends for one in found],
        vectors,
    )


@cache
def _thread() -> ThreadPoolExecutor:
    """One, so that batches of many companies wait for each other and not in the way of the first reading."""
    return ThreadPoolExecutor(1, "read-again", initializer=_give_way)


def _give_way() -> None:
    """On Linux, where alone there is a second model, this is about the calling thread."""
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), GIVES_WAY)


@cache
def _say_why_not() -> None:
    log.info("themes.read_once", why=why_not() or "HEARBACK_SECOND_READING is false")
