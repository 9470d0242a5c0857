"""Real worker processes: one that is killed leaves the old themes whole, and two never write one reading twice."""

import asyncio
import contextlib
import os
import signal
import sys

import pytest

from hearback.clock import now
from hearback.database.engine import execute, fetch_value, transaction
from hearback.jobs import do_all_now, do_later
from hearback.themes import commands, jobs
from tests import made
from tests.themes.sentences import COLOURS, DELIVERY, MANUAL

WORKER = """
import asyncio, sys
from hearback import worker
from hearback.themes.commands import learning

async def in_the_middle(*given, **named):
    print("everything but the run is written", flush=True)
    await asyncio.Event().wait()

if "killed" in sys.argv:
    learning._note_run = in_the_middle
asyncio.run(worker.run())
"""

LEARNS = """
import asyncio, sys
from uuid import UUID
from hearback.clock import now
from hearback.database.engine import connected
from hearback.themes import commands
from hearback.themes.commands import learning

planned = learning._planned

def together(*given):
    found = planned(*given)
    print("planned", flush=True)
    sys.stdin.readline()
    return found

async def learn():
    async with connected():
        await commands.learn(UUID(sys.argv[1]), cause="taught", now=now())

learning._planned = together
asyncio.run(learn())
"""


@pytest.fixture
async def kranich(pool):
    company = await made.a_company()
    question = await made.a_question(company)
    for words in [*COLOURS, *DELIVERY, *MANUAL]:
        await made.an_answer(company, question, words)
    await jobs.sort(str(company.id))
    await do_all_now()
    return company


@contextlib.asynccontextmanager
async def process(script, *given):
    runs = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        script,
        *given,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=os.environ | {"HEARBACK_LOG_LEVEL": "info"},
    )
    try:
        yield runs
    finally:
        with contextlib.suppress(ProcessLookupError):
            runs.kill()
        await runs.wait()


async def says(runs, words):
    """Wait for a line with these words."""
    async with asyncio.timeout(90):
        while words not in (said := (await runs.stdout.readline()).decode()):
            assert said, "it ended without a word"


async def everything(company):
    """All that a reading writes, as one text."""
    return await fetch_value(
        """select concat(
               (select jsonb_agg(t order by t.id) from theme t where t.company = $1),
               (select jsonb_agg(p order by p.id) from placement p where p.company = $1),
               (select jsonb_agg(x order by x.id) from proposal x where x.company = $1),
               (select jsonb_agg(v order by v.id) from theme_event v where v.company = $1),
               (select jsonb_agg(r order by r.id) from grouping_run r where r.company = $1))""",
        company.id,
    )


async def runs_of(company):
    return await fetch_value("select count(*) from grouping_run where company = $1", company.id)


async def test_a_worker_killed_while_it_writes_leaves_the_old_themes_and_another_takes_its_job(kranich):
    # So that a reading has something to write.
    await execute("update placement set confidence = 0.123 where company = $1", kranich.id)
    before = await everything(kranich)
    async with transaction():
        await do_later("themes.learn", company_id=str(kranich.id))

    async with process(WORKER, "killed") as first:
        await says(first, "everything but the run is written")
        first.send_signal(signal.SIGKILL)
        await first.wait()

    assert await everything(kranich) == before
    async with process(WORKER) as second:
        await says(second, '"job":"themes.learn"')  # given back when the first had been silent for a while
    assert await runs_of(kranich) == 2
    assert await everything(kranich) != before


async def test_two_workers_that_read_the_same_at_once_write_it_once(kranich):
    async with process(LEARNS, str(kranich.id)) as one, process(LEARNS, str(kranich.id)) as other:
        for worker in (one, other):
            await says(worker, "planned")
        for worker in (one, other):
            worker.stdin.write(b"go on\n")
            await worker.stdin.drain()
        async with asyncio.timeout(60):
            assert [await one.wait(), await other.wait()] == [0, 0]

    assert await runs_of(kranich) == 2
    queued = "select count(*) from pgqueuer where entrypoint = 'themes.learn'"
    assert await fetch_value(queued) == 1  # what the other did not know is learnt from later
    await commands.learn(kranich.id, cause="taught", now=now())
    assert await runs_of(kranich) == 3
