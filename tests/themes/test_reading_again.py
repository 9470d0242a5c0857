"""The worker reads answers with a second model too, in the background; themes are then learnt from both."""

import asyncio
import os
import threading

import pytest

from hearback.database.engine import execute, fetch_column, fetch_value, transaction
from hearback.jobs import do_all_now, do_later
from hearback.receipts.commands import withdraw
from hearback.themes import jobs, second_reading
from hearback.themes.commands import cut
from hearback.themes.commands.learning import METHOD, METHOD_OF_BOTH
from hearback.themes.commands.reading_again import AT_ONCE, GIVES_WAY, _thread
from hearback.themes.second_reading import to_store, why_not
from hearback.themes.tables import Excerpt, GroupingRun
from tests import made
from tests.themes.sentences import COLOURS, DELIVERY, MANUAL

here = pytest.mark.skipif(bool(why_not()), reason=f"no second reading here: {why_not()}")


@pytest.fixture
async def kranich(pool, set_env):
    set_env("HEARBACK_SECOND_READING", "true")
    return await made.a_company()


@pytest.fixture
async def question(kranich):
    return await made.a_question(kranich)


@pytest.fixture
async def sorted_answers(kranich, question):
    """As after the first reading."""
    for words in [*COLOURS, *DELIVERY, *MANUAL]:
        await made.an_answer(kranich, question, words)
    await jobs.sort(str(kranich.id))


async def methods():
    return await fetch_column("select method from grouping_run order by at, id")


async def waiting():
    return await fetch_value("select count(*) from pgqueuer where entrypoint = 'themes.read_again'")


async def unread():
    return await Excerpt.count().where(Excerpt.second.is_null())


async def themes_of(company):
    """What each says, by its excerpts."""
    return await fetch_column(
        """select string_agg(substr(a.words, e.starts + 1, e.ends - e.starts), ' / ' order by a.words, e.starts)
           from placement p join excerpt e on e.id = p.excerpt join answer a on a.id = e.answer
           where p.company = $1 group by p.theme order by 1""",
        company.id,
    )


async def everything_read_again():
    await jobs.find_read_once()
    await do_all_now()


@here
async def test_answers_are_themed_at_once_and_again_when_all_are_read_twice(kranich, sorted_answers):
    assert await methods() == [METHOD]
    assert await unread() == await Excerpt.count() > AT_ONCE

    await everything_read_again()

    assert await unread() == 0
    assert await methods() == [METHOD, METHOD_OF_BOTH]
    assert await fetch_value("select cause from grouping_run order by at desc, id desc limit 1") == "reread"
    one = await fetch_value(
        """select (substr(a.words, e.starts + 1, e.ends - e.starts), e.second)
           from excerpt e join answer a on a.id = e.answer limit 1"""
    )
    assert to_store(one[0]) == one[1]

    await everything_read_again()
    assert len(await methods()) == 2, "nothing is left to do"


@here
async def test_the_same_answers_make_the_same_themes_whenever_they_were_read(kranich, sorted_answers):
    await everything_read_again()
    other = await made.a_company("reiher")
    question = await made.a_question(other)
    for words in reversed([*COLOURS, *DELIVERY, *MANUAL]):
        await made.an_answer(other, question, words)
        await jobs.sort(str(other.id))
        await everything_read_again()
    await jobs.learn(str(other.id))

    assert (await methods())[-1] == METHOD_OF_BOTH
    assert await themes_of(other) == await themes_of(kranich)


@here
async def test_a_company_waits_only_once_and_a_batch_leaves_the_rest_for_later(kranich, sorted_answers):
    await jobs.find_read_once()
    await jobs.find_read_once()
    assert await waiting() == 1

    await execute("delete from pgqueuer")
    await jobs.read_again(str(kranich.id))

    assert await unread() == await Excerpt.count() - AT_ONCE
    assert await waiting() == 1
    assert await methods() == [METHOD], "themes are not learnt from half a reading"


@here
async def test_two_workers_at_the_same_batch_do_no_harm(kranich, sorted_answers):
    await asyncio.gather(*(jobs.read_again(str(kranich.id)) for _ in range(3)))
    await do_all_now()

    assert await unread() == 0
    assert (await methods())[-1] == METHOD_OF_BOTH


@here
async def test_a_new_answer_finds_its_place_before_it_is_read_twice(kranich, question, sorted_answers):
    await everything_read_again()

    late = await made.an_answer(kranich, question, "Mein Paket kam viel zu spät an.")
    async with transaction():
        await do_later("themes.read", company_id=str(kranich.id), response_id=str(late.id))
    await do_all_now()

    assert await fetch_value(
        "select count(*) from placement p join excerpt e on e.id = p.excerpt where e.response = $1", late.id
    )
    assert await unread() == 1
    assert len(await methods()) == 2


@here
async def test_one_new_answer_does_not_take_the_second_reading_away(kranich, question, sorted_answers):
    await everything_read_again()
    await made.an_answer(kranich, question, "Mein Paket kam viel zu spät an.")
    await jobs.sort(str(kranich.id))

    await jobs.learn(str(kranich.id))

    assert await unread() == 1
    assert (await methods())[-1] == METHOD_OF_BOTH


@here
async def test_words_that_a_person_cut_are_read_again(kranich, question):
    member = await made.a_member(kranich)
    await made.an_answer(kranich, question, "Die Steine sehen für meinen Sohn alle gleich aus.")
    await jobs.sort(str(kranich.id))
    await everything_read_again()
    [excerpt] = await Excerpt.objects()
    assert excerpt.second

    await cut(kranich.id, excerpt.id, len("Die Steine "), by=member.id, now=made.NOW)

    assert await unread() == 2
    await jobs.sort(str(kranich.id))
    await everything_read_again()
    assert await unread() == 0


@here
async def test_what_a_fan_took_back_is_not_read_again(kranich, question):
    back = await made.an_answer(kranich, question, "Mein Paket kam viel zu spät an.")
    await made.an_answer(kranich, question, "Die Lieferung hat ewig gedauert.")
    await jobs.sort(str(kranich.id))
    await withdraw(kranich.id, back.id, today=made.NOW.date())

    await everything_read_again()

    assert await fetch_column("select response from excerpt where second is null") == [back.id]
    await jobs.find_read_once()
    assert await waiting() == 0


@here
def test_it_gives_way_to_the_rest_of_the_process():
    before = os.getpriority(os.PRIO_PROCESS, 0)
    nice = _thread().submit(lambda: os.getpriority(os.PRIO_PROCESS, threading.get_native_id())).result()
    assert nice == GIVES_WAY
    assert os.getpriority(os.PRIO_PROCESS, 0) == before


async def test_a_machine_that_cannot_leaves_all_as_it_is(kranich, sorted_answers, monkeypatch):
    monkeypatch.setattr(second_reading, "why_not", lambda: "no wheel")

    await everything_read_again()
    await jobs.read_again(str(kranich.id))

    assert await unread() == await Excerpt.count()
    assert await GroupingRun.count() == 1


async def test_it_can_be_switched_off(kranich, sorted_answers, set_env):
    set_env("HEARBACK_SECOND_READING", "false")

    await everything_read_again()

    assert await unread() == await Excerpt.count()
