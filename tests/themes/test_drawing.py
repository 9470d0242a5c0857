"""The worker draws the map; what a fan takes back is gone from it, and it stays the same while nothing changes."""

import numpy as np
import pytest

from hearback.clock import now
from hearback.database.engine import ENGINE, execute, fetch_column, fetch_value
from hearback.jobs import do_all_now
from hearback.receipts import commands as receipts
from hearback.themes import commands, jobs
from hearback.themes.queries import picture
from tests import made
from tests.themes.sentences import COLOURS, DELIVERY, MANUAL
from tests.themes.test_laying import clouds


@pytest.fixture
async def kranich(pool):
    return await made.a_company()


@pytest.fixture
async def question(kranich):
    return await made.a_question(kranich)


@pytest.fixture
async def stones(kranich):
    return await made.a_theme(kranich)


async def said(company, question, theme, vectors, **more):
    """One answer a vector, each one excerpt in the theme; theme None: unsorted."""
    responses = []
    for vector in vectors:
        response = await made.an_answer(company, question, **more)
        excerpt = await made.placed(company, response, theme or await made.a_theme(company))
        await execute("update excerpt set vector = $2 where id = $1", excerpt.id, vector.tobytes())
        if theme is None:
            await execute("delete from placement where excerpt = $1", excerpt.id)
        responses.append(response)
    return responses


async def the_map(company):
    """Every excerpt on it and where it lies."""
    rows = await ENGINE.pool.fetch("select excerpt, x, y from spot where company = $1", company.id)
    return {row["excerpt"]: (row["x"], row["y"]) for row in rows}


async def draw(company):
    await commands.draw(company.id, even_few=True, now=now())


async def test_every_counted_excerpt_with_a_vector_is_drawn(kranich, question, stones):
    vectors, _ = clouds(8, 8)
    await said(kranich, question, stones, vectors)
    await said(kranich, question, None, vectors[:2])
    for more in (
        {"state": "held"},
        {"state": "withdrawn"},
        {"state": "set_aside", "reason": "x"},
        {"test": True},
    ):
        await said(kranich, question, stones, vectors[:1], **more)
    await made.placed(kranich, await made.an_answer(kranich, question), stones)  # not read yet: no vector

    await draw(kranich)

    assert len(await the_map(kranich)) == 18
    drawn = await picture.drawn(kranich.id)
    assert drawn.excerpts == 18


async def test_drawing_twice_changes_nothing(kranich, question, stones):
    await said(kranich, question, stones, clouds(6, 6)[0])
    await draw(kranich)
    first = await the_map(kranich)

    await draw(kranich)

    assert await the_map(kranich) == first


async def test_what_a_fan_withdraws_vanishes_at_once_and_is_not_drawn_again(kranich, question, stones):
    responses = await said(kranich, question, stones, clouds(6, 6)[0])
    await draw(kranich)
    gone = await fetch_column("select id from excerpt where response = $1", responses[0].id)

    await receipts.withdraw(kranich.id, responses[0].id, today=made.NOW.date())

    assert len(await the_map(kranich)) == 11 and not set(gone) & (await the_map(kranich)).keys()
    await draw(kranich)
    assert len(await the_map(kranich)) == 11


async def test_a_deleted_answer_takes_its_spot_along(kranich, question, stones):
    responses = await said(kranich, question, stones, clouds(6, 6)[0])
    await draw(kranich)

    await execute("delete from response where id = $1", responses[0].id)

    assert len(await the_map(kranich)) == 11


async def test_what_is_set_aside_after_drawing_is_not_shown(kranich, question, stones):
    responses = await said(kranich, question, stones, clouds(6, 6)[0])
    await draw(kranich)

    await execute("update response set state = 'set_aside', reason = 'x' where id = $1", responses[0].id)

    assert len(await picture.dots(kranich.id)) == 11


async def test_a_large_company_is_drawn_evenly_and_no_small_theme_is_missing(
    kranich, question, stones, monkeypatch
):
    monkeypatch.setattr("hearback.themes.commands.drawing.MOST_DRAWN", 12)
    small = await made.a_theme(kranich, "Bilder auf Seite 9")
    vectors, _ = clouds(15, 3)
    await said(kranich, question, stones, vectors[:15])
    few = await said(kranich, question, small, vectors[15:])

    await draw(kranich)

    spots = await the_map(kranich)
    assert len(spots) == 12
    theirs = await fetch_column("select id from excerpt where response = any($1)", [one.id for one in few])
    assert set(theirs) <= spots.keys()
    assert (await picture.drawn(kranich.id)).excerpts == 18


async def test_a_map_keeps_to_its_company(kranich, question, stones):
    other = await made.a_company("storch")
    await said(kranich, question, stones, clouds(6)[0])
    await draw(kranich)
    await draw(other)

    assert await the_map(other) == {}
    assert await picture.dots(other.id) == []
    assert (await picture.drawn(other.id)).excerpts == 0
    assert len(await the_map(kranich)) == 6


async def test_a_map_stays_as_it_is_by_day_until_a_tenth_is_new(kranich, question, stones):
    vectors, _ = clouds(20, 10)
    await said(kranich, question, stones, vectors[:20])
    await jobs.draw(str(kranich.id))
    first = await the_map(kranich)

    await said(kranich, question, stones, vectors[20:22])
    await jobs.draw(str(kranich.id))
    assert await the_map(kranich) == first

    await said(kranich, question, stones, vectors[22:23])
    await jobs.draw(str(kranich.id))
    assert len(await the_map(kranich)) == 23


async def test_every_night_a_map_takes_up_even_one_new_answer(kranich, question, stones):
    vectors, _ = clouds(21)
    await said(kranich, question, stones, vectors[:20])
    assert await picture.outdated() == [kranich.id]
    await jobs.redraw()
    await do_all_now()
    assert await picture.outdated() == []

    await said(kranich, question, stones, vectors[20:])
    await jobs.redraw()
    await do_all_now()

    assert len(await the_map(kranich)) == 21
    assert await picture.outdated() == []


async def test_a_grouping_has_the_map_drawn(kranich, question):
    for words in [*COLOURS, *DELIVERY, *MANUAL]:
        await made.an_answer(kranich, question, words)

    await jobs.sort(str(kranich.id))
    await do_all_now()

    assert len(await the_map(kranich)) == await fetch_value("select count(*) from excerpt")


async def test_the_job_of_a_company_that_is_gone_draws_nothing(pool):
    await jobs.draw(str(made.some_id()))

    assert await fetch_value("select count(*) from drawing") == 0


async def test_copies_and_a_single_answer_can_be_drawn(kranich, question, stones):
    vectors, _ = clouds(1)
    await said(kranich, question, stones, vectors)
    await draw(kranich)
    assert len(await the_map(kranich)) == 1

    await said(kranich, question, stones, np.repeat(vectors, 20, axis=0))
    await draw(kranich)
    assert len(set((await the_map(kranich)).values())) == 21
