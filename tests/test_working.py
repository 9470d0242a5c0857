"""How a worker process ends, and how it takes up its work after a clock that ran ahead."""

import asyncio
import contextlib
import subprocess
import sys
from datetime import timedelta

from hearback.database.engine import execute, fetch_value, transaction
from hearback.jobs import do_after, take_up_after_clock_was_set_back, work
from tests.waiting import until

BUSY = """
import argparse, asyncio, threading
from hearback import worker
from hearback.terminal import working

reads = threading.Event()

async def run():
    asyncio.get_running_loop().run_in_executor(None, reads.wait)
    print("told to stop")

worker.run, working.try_database, working.read_settings = run, lambda _: None, lambda: None
working.work(argparse.Namespace())
"""


def test_a_worker_that_is_told_to_stop_does_not_wait_for_what_it_reads():
    ended = subprocess.run(
        [sys.executable, "-c", BUSY], capture_output=True, text=True, timeout=60, check=False
    )

    assert (ended.returncode, ended.stdout) == (0, "told to stop\n"), ended.stderr


async def test_a_job_that_was_queued_by_a_clock_that_ran_ahead_rests_no_longer_than_it_was_told_to(pool):
    async with transaction():
        await do_after(timedelta(minutes=5), "themes.sort")
    ahead = "execute_after + interval '40 days', created + interval '40 days', updated + interval '40 days'"
    await execute("update pgqueuer set (execute_after, created, updated) = (" + ahead + ")")

    await take_up_after_clock_was_set_back()

    rests: timedelta = await fetch_value("select execute_after - now() from pgqueuer")
    assert timedelta(minutes=4) < rests <= timedelta(minutes=5)


async def test_what_is_done_by_the_clock_is_done_again_after_the_clock_was_set_back(pool):
    await execute(
        """insert into pgqueuer_schedules (expression, entrypoint, next_run, updated)
           values ('* * * * *', 'ledger.sign', now() + interval '40 days', now() + interval '40 days'),
                  ('31 3 * * *', 'notifying.purge', now() + interval '9 hours', now())"""
    )

    await take_up_after_clock_was_set_back()

    due = await fetch_value(
        "select string_agg(entrypoint, ' ') from pgqueuer_schedules where next_run <= now()"
    )
    assert due == "ledger.sign"


async def test_a_worker_notices_by_itself_that_the_clock_was_set_back(database: str, pool):
    await execute(
        """insert into worker_beat (id, worker, seen_at)
           values (gen_random_uuid(), 'before/1', now() + interval '40 days')"""
    )
    async with transaction():
        await do_after(timedelta(minutes=5), "themes.sort")
    await execute(
        "update pgqueuer set execute_after = execute_after + interval '40 days', updated = now() + interval '40 days'"
    )

    async def has_taken_up() -> bool:
        return bool(await fetch_value("select execute_after < now() + interval '6 minutes' from pgqueuer"))

    worker = asyncio.create_task(work(database))
    try:
        await until(has_taken_up, longest_s=30)
    finally:
        worker.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await worker

    assert (
        await fetch_value("select count(*) from worker_beat where seen_at > now() + interval '1 minute'") == 0
    )
    assert await fetch_value("select count(*) from worker_beat") == 1  # its own
