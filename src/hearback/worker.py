"""Runs the jobs; the list of all that runs on a clock."""

import asyncio
import contextlib
import os
import signal

from hearback import forgetting  # noqa: F401  (registers what each room erases)
from hearback.actions import jobs as actions_jobs  # noqa: F401  (registers how a moved day reaches an action)
from hearback.answering import jobs as answering_jobs  # noqa: F401  (registers how new answers are judged together)
from hearback.changenotes import jobs as changenotes_jobs  # noqa: F401  (registers what goes out by the clock)
from hearback.clock import now
from hearback.database.engine import connected
from hearback.fediverse import jobs as fediverse_jobs  # noqa: F401  (registers what comes in from there)
from hearback.jobs import on_the_clock, work
from hearback.ledger import jobs as ledger_jobs
from hearback.limits import purge_buckets
from hearback.moderation import jobs as moderation_jobs  # noqa: F401  (registers how hot answers are felt)
from hearback.notifying import jobs as notifying_jobs  # noqa: F401  (registers how people are told)
from hearback.people import jobs as people_jobs  # noqa: F401  (registers what it does by the clock)
from hearback.promises import jobs as promises_jobs  # noqa: F401  (registers what it does by the clock)
from hearback.reporting import jobs as reporting_jobs  # noqa: F401  (registers how a month is counted)
from hearback.settings import settings
from hearback.themes import jobs as themes_jobs  # noqa: F401  (registers how answers are read and sorted)
from hearback.themes.codebooks import starter_codebook
from hearback.themes.embedding import embed
from hearback.trust.integrity import jobs as integrity_jobs  # noqa: F401  (registers what is forgotten by the clock)
from hearback.web.logs import start_logging
from hearback.webhooks import jobs as webhooks_jobs  # noqa: F401  (registers how machines are told)

STOPS_WITHIN_S = 5


@on_the_clock("limits.purge", "17 * * * *")
async def purge_limits() -> None:
    await purge_buckets(now())


async def run() -> None:
    given = settings()
    start_logging(given.log_level)
    stop, loop = asyncio.Event(), asyncio.get_running_loop()

    def end() -> None:
        stop.set()
        # A job in the middle of thousands of answers may not hear of it: it is given back and done by another worker.
        loop.call_later(STOPS_WITHIN_S, os._exit, 0)

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end)
    async with connected(given.connections):
        # The first answer should not wait for model and codebook to be read.
        ready = asyncio.create_task(asyncio.to_thread(lambda: (starter_codebook(False), embed([""]))))
        working = asyncio.create_task(work(given.database_url))
        signing = asyncio.create_task(ledger_jobs.sign_when_told())
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait({working, signing, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        ready.cancel()
        for task in (signing, working):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
