"""Work for later, in our own database: saved or lost together with the row that caused it.

At least once: a worker that dies gives its jobs back, so every job is safe to do twice.
"""

import asyncio
import contextlib
import os
import socket
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import asyncpg
import msgspec
import structlog
from pgqueuer import PgQueuer, Queries
from pgqueuer.db import AsyncpgDriver
from pgqueuer.models import Job
from piccolo.columns import UUID, Timestamptz, Varchar
from piccolo.table import Table

from hearback.clock import now
from hearback.database.columns import id_column
from hearback.database.engine import ENGINE, connection_config, execute, fetch_one, fetch_value

Work = Callable[..., Awaitable[None]]
KNOWN: dict[str, Work] = {}
CLOCKED: dict[str, tuple[str, Work]] = {}
BEAT_S = 10
log = structlog.get_logger()


class WorkerBeat(Table, tablename="worker_beat"):
    """When each worker process was last seen alive."""

    id: UUID = id_column()
    worker = Varchar(length=120, unique=True)
    seen_at = Timestamptz()


def job(name: str) -> Callable[[Work], Work]:
    """Register the function that does the job `name`; its keyword arguments are what do_later was given."""

    def remember(work: Work) -> Work:
        KNOWN[name] = work
        return work

    return remember


def on_the_clock(name: str, cron: str) -> Callable[[Work], Work]:
    """Register what runs by the clock, such as `* * * * *`; takes no arguments."""

    def remember(work: Work) -> Work:
        CLOCKED[name] = (cron, work)
        return work

    return remember


def payload(**details: object) -> bytes:
    """What a job is given, as it stands in the queue; for commands that queue inside one SQL statement."""
    return msgspec.json.encode(details)


async def do_later(name: str, **details: object) -> None:
    """Queue a job in the caller's transaction: it exists if and only if the change does."""
    await do_after(timedelta(), name, **details)


async def do_after(rest: timedelta, name: str, **details: object) -> None:
    """Queue a job that no worker begins before the rest is over."""
    current = ENGINE.current_transaction.get()
    if current is None:
        raise RuntimeError(f"do_later({name!r}) outside a transaction")
    await Queries(AsyncpgDriver(current.connection)).enqueue(name, payload(**details), execute_after=rest)


async def do_all_now() -> int:
    """Do every waiting job in this process, oldest first and without any rest; for tests, imports and the demo."""
    done = 0
    while (waiting := await _take_one()) is not None:
        name, details = waiting
        await KNOWN[name](**msgspec.json.decode(details))
        done += 1
    return done


async def work(database_url: str) -> None:
    """Do jobs until cancelled: the life of a worker process."""
    connection = await asyncpg.connect(**connection_config(database_url))
    queue = PgQueuer(AsyncpgDriver(connection))
    for name, known in KNOWN.items():
        queue.entrypoint(name)(_runner(name, known))
    for name, (cron, clocked) in CLOCKED.items():
        queue.schedule(name, cron)(_clock_runner(name, clocked))
    beat = asyncio.create_task(_beat())
    try:
        await queue.run(dequeue_timeout=timedelta(seconds=2), heartbeat_timeout=timedelta(seconds=10))
    finally:
        beat.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await beat
        await connection.close(timeout=2)


async def worker_seen_at() -> datetime | None:
    seen: datetime | None = await fetch_value("select max(seen_at) from worker_beat")
    return seen


async def _beat() -> None:
    worker = f"{socket.gethostname()}/{os.getpid()}"
    while True:
        try:
            await execute(
                """insert into worker_beat (id, worker, seen_at) values (gen_random_uuid(), $1, $2)
                   on conflict (worker) do update set seen_at = excluded.seen_at""",
                worker,
                now(),
            )
            await execute(
                "delete from worker_beat where seen_at < $1 or seen_at > $2",
                now() - timedelta(days=1),
                now() + timedelta(minutes=1),
            )
            await take_up_after_clock_was_set_back()
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError) as error:
            log.warning("worker.beat_missed", error=type(error).__name__)
        await asyncio.sleep(BEAT_S)


async def take_up_after_clock_was_set_back() -> None:
    """What a clock that ran ahead has queued would rest until that time comes; it rests as long as it was told to."""
    jobs = await execute(
        """update pgqueuer set execute_after = execute_after - (greatest(created, updated) - now()),
                  created = least(created, now()), updated = now(), heartbeat = least(heartbeat, now())
           where greatest(created, updated) > now() + interval '1 minute'"""
    )
    by_the_clock = await execute(
        """update pgqueuer_schedules set next_run = now(), updated = now(), heartbeat = least(heartbeat, now())
           where updated > now() + interval '1 minute'"""
    )
    if jobs or by_the_clock:
        log.warning("clock.was_set_back", jobs=jobs, by_the_clock=by_the_clock)


def _runner(name: str, known: Work) -> Callable[[Job], Awaitable[None]]:
    async def run(taken: Job) -> None:
        await known(**msgspec.json.decode(taken.payload or b"{}"))
        log.info("job.done", job=name)

    return run


def _clock_runner(name: str, clocked: Work) -> Callable[[object], Awaitable[None]]:
    async def run(_schedule: object) -> None:
        await clocked()
        log.debug("clock.done", job=name)

    return run


class Waiting(msgspec.Struct):
    entrypoint: str
    payload: bytes | None


async def _take_one() -> tuple[str, bytes] | None:
    taken = await fetch_one(
        Waiting,
        """delete from pgqueuer where id = (select id from pgqueuer where status = 'queued' order by id limit 1)
           returning entrypoint, payload""",
    )
    return None if taken is None else (taken.entrypoint, taken.payload or b"{}")
