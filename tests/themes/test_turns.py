"""Whose turn it is to be read anew: a large company's reading takes no time from a small one, nor from new answers."""

import asyncio
import threading
from datetime import timedelta

import pytest

from hearback.clock import now
from hearback.database.engine import execute, fetch_value, transaction
from hearback.jobs import do_all_now
from hearback.themes import commands, jobs
from hearback.themes.commands import learning, turns
from hearback.themes.commands.turns import learn_later
from hearback.themes.rules import RESTS_TIMES, Turn, next_turn
from tests import made
from tests.themes.sentences import COLOURS, DELIVERY, MANUAL

SECOND, NONE = timedelta(seconds=1), timedelta()


def test_the_first_reading_comes_at_once():
    assert next_turn(None, NONE) == Turn(NONE, "first")


@pytest.mark.parametrize(
    ("took", "since", "expected"),
    [
        (2, 100, Turn(NONE, "rested")),
        (2, 2 * (1 + RESTS_TIMES), Turn(NONE, "rested")),
        (2, 4, Turn(timedelta(seconds=6), "resting")),
        (60, 60, Turn(timedelta(seconds=240), "resting")),
        (60, -3600, Turn(timedelta(seconds=300), "resting")),  # the clock was set back
    ],
)
def test_a_company_rests_four_times_as_long_as_its_reading_took(took, since, expected):
    assert next_turn(took * SECOND, since * SECOND) == expected


@pytest.fixture
async def large(pool):
    """A company whose every reading counts as a long one."""
    return await read_company("kranich")


@pytest.fixture
async def small(pool):
    return await read_company("reiher")


async def read_company(slug):
    company = await made.a_company(slug)
    question = await made.a_question(company)
    for words in [*COLOURS, *DELIVERY, *MANUAL]:
        await made.an_answer(company, question, words)
    await jobs.sort(str(company.id))
    await do_all_now()
    return company, question


async def runs(company):
    return await fetch_value("select count(*) from grouping_run where company = $1", company.id)


async def taught(company):
    async with transaction():
        await learn_later(company.id)


async def waits_s():
    """Of the one reading that waits, from when it was asked for."""
    return await fetch_value(
        """select extract(epoch from execute_after - created)::float from pgqueuer
           where entrypoint = 'themes.learn'"""
    )


async def test_after_a_long_reading_the_next_one_waits_and_many_acts_wait_together(large):
    company, _ = large
    await execute("update grouping_run set took_ms = 60000, at = $1", now())

    for _ in range(3):
        await taught(company)

    assert 290 < await waits_s() <= 300


async def test_after_a_short_reading_the_next_one_comes_soon(large):
    company, _ = large
    await execute("update grouping_run set took_ms = 800, at = $1", now() - timedelta(seconds=10))

    await taught(company)

    assert await waits_s() < 0.5


async def test_a_reading_that_lost_the_race_is_done_again_for_it_may_have_known_more(large, monkeypatch):
    company, _ = large
    planned = learning._planned

    def slow(*given):
        found = planned(*given)
        asyncio.run_coroutine_threadsafe(another(), loop).result()
        return found

    async def another():
        monkeypatch.setattr(learning, "_planned", planned)
        await commands.learn(company.id, cause="taught", now=now())

    loop = asyncio.get_running_loop()
    monkeypatch.setattr(learning, "_planned", slow)
    await commands.learn(company.id, cause="taught", now=now())

    assert await runs(company) == 2  # the first one of all, and the other's
    await do_all_now()
    assert await runs(company) == 3


async def test_a_small_company_learns_and_places_while_large_ones_are_read(large, small, monkeypatch):
    (kranich, asked), (reiher, question) = large, small
    for words in MANUAL:
        await made.an_answer(kranich, asked, f"{words[:-1]}, schon wieder.")
    await jobs.sort(str(kranich.id))
    before = await runs(kranich)
    of_small = await fetch_value("select max(excerpts) from grouping_run where company = $1", reiher.id)
    monkeypatch.setattr(turns, "LARGE", of_small + 2)
    begun, released, planned = threading.Event(), threading.Event(), learning._planned

    def endless_for_large(*given):
        if threading.current_thread().name.startswith("large"):
            begun.set()
            assert released.wait(60)
        return planned(*given)

    monkeypatch.setattr(learning, "_planned", endless_for_large)
    busy = [asyncio.create_task(jobs.learn(str(kranich.id))) for _ in range(3)]
    assert await asyncio.to_thread(begun.wait, 10)
    late = await made.an_answer(reiher, question, "Mein Paket kam viel zu spät an.")

    async with asyncio.timeout(60):
        await jobs.read(str(reiher.id), str(late.id))
        await jobs.learn(str(reiher.id))

    assert not any(task.done() for task in busy)
    assert await fetch_value(
        "select count(*) from placement p join excerpt e on e.id = p.excerpt where e.response = $1", late.id
    )
    assert (await runs(kranich), await runs(reiher)) == (before, 2)
    released.set()
    await asyncio.gather(*busy)
    assert await runs(kranich) == before + 1  # the two others lost the race
