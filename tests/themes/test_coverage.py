"""Beside every figure stands what it leaves out, and it always adds up to all that was received."""

import pytest

from hearback.answering import queries as answering
from hearback.database.engine import execute
from hearback.themes.queries.picture import coverage
from tests import made


@pytest.fixture
async def kranich(pool):
    return await made.a_company()


@pytest.fixture
async def question(kranich):
    return await made.a_question(kranich)


@pytest.fixture
async def stones(kranich):
    return await made.a_theme(kranich, "Rote und grüne Steine")


async def said(company, question, theme, **more):
    response = await made.an_answer(company, question, **more)
    await made.placed(company, response, theme)
    return response


async def another_point(response, theme=None, starts=4):
    """A second excerpt of the same answer, in a theme or unsorted."""
    await execute(
        """insert into excerpt (id, company, question, response, answer, starts, ends)
           select gen_random_uuid(), company, question, response, answer, $2, 10 from excerpt where response = $1
           limit 1""",
        response.id,
        starts,
    )
    if theme:
        await execute(
            """insert into placement (id, company, excerpt, theme, by)
               select gen_random_uuid(), company, id, $3, 'machine' from excerpt where response = $1 and starts = $2""",
            response.id,
            starts,
            theme.id,
        )


async def unsorted(company, question, theme, **more):
    response = await said(company, question, theme, **more)
    await execute(
        "delete from placement using excerpt e where e.id = placement.excerpt and e.response = $1",
        response.id,
    )
    return response


async def nowhere(company, question, theme, by):
    response = await said(company, question, theme)
    await execute(
        """update placement set theme = null, by = 'person', member = $2 from excerpt e
           where e.id = placement.excerpt and e.response = $1""",
        response.id,
        by.id,
    )
    return response


async def one_of_each(company, question, theme):
    """An answer in every state there is, and some twice."""
    member = await made.a_member(company)
    other = await made.a_theme(company, "Bilder auf Seite 9")
    both = await said(company, question, theme)
    await another_point(both, other)
    await another_point(both, other, starts=5)
    half = await said(company, question, theme)
    await another_point(half)
    await unsorted(company, question, theme)
    await nowhere(company, question, theme, member)
    await made.an_answer(company, question, "Hallo")
    await said(company, question, theme, state="held")
    for reason in ("Werbung", "Doppelt", "Werbung"):
        await said(company, question, theme, state="set_aside", reason=reason)
    await said(company, question, theme, state="withdrawn")
    await made.an_answer(company, question, state="erased")
    await said(company, question, theme, test=True)


async def test_every_answer_is_in_exactly_one_part(kranich, question, stones):
    await one_of_each(kranich, question, stones)

    found = await coverage(kranich.id)

    assert (found.in_themes, found.several, found.unsorted, found.nowhere, found.pointless) == (2, 1, 1, 1, 1)
    assert (found.held, found.withdrawn, found.erased) == (1, 1, 1)
    assert found.set_aside == [("Werbung", "", 2), ("Doppelt", "", 1)]
    assert found.tests == 1


async def test_the_parts_add_up_to_all_that_was_received(kranich, question, stones):
    await one_of_each(kranich, question, stones)

    found, sums = await coverage(kranich.id), await answering.sums(kranich.id, question.id)

    assert found.received == sums.received == 11
    assert found.counted == sums.counted


async def test_an_answer_in_two_themes_is_one_person(kranich, question, stones):
    response = await said(kranich, question, stones)
    await another_point(response, await made.a_theme(kranich, "Farben"))

    found = await coverage(kranich.id)

    assert (found.in_themes, found.several, found.received) == (1, 1, 1)


async def test_two_points_in_themes_that_were_merged_are_in_one_theme(kranich, question, stones):
    gone = await made.a_theme(kranich, "Farben")
    await another_point(await said(kranich, question, stones), gone)
    await execute("update theme set merged_into = $2, heir = $2 where id = $1", gone.id, stones.id)

    assert (await coverage(kranich.id)).several == 0


async def test_one_question_is_covered_by_its_own_answers_only(kranich, question, stones):
    other = await made.a_question(kranich)
    await said(kranich, question, stones)
    await unsorted(kranich, other, stones)
    await unsorted(kranich, other, stones)

    assert (await coverage(kranich.id, question=question.id)).received == 1
    assert (await coverage(kranich.id, question=other.id)).unsorted == 2
    assert (await coverage(kranich.id)).received == 3


async def test_nothing_of_another_company_is_counted(kranich, question, stones):
    await one_of_each(kranich, question, stones)
    other = await made.a_company("storch")

    assert (await coverage(other.id)).received == 0
    assert (await coverage(other.id, question=question.id)).received == 0
