"""One answer is read for what it costs itself: all excerpts are counted after few answers of a large company."""

from uuid import UUID

import pytest

from hearback.answering.tables import Response
from hearback.database.engine import fetch_value
from hearback.themes import commands
from hearback.themes.rules import asks_whether_due
from hearback.themes.tables import GroupingRun
from tests import made
from tests.counting import queries_asked


@pytest.fixture
async def question(company):
    return await made.a_question(company)


async def grouped(company, excerpts):
    """There was a grouping of so many."""
    run = GroupingRun(
        company=company.id, excerpts=excerpts, placed=excerpts, themes=1, method="x", took_ms=1, at=made.NOW
    )
    await GroupingRun.insert(run)


async def counts(company, question, response_id):
    """Whether reading this answer counts all excerpts."""
    await made.an_answer(company, question, "Die Steine sehen gleich aus.", id=response_id)
    with queries_asked() as asked:
        await commands.read_response(company.id, response_id, now=made.NOW)
    assert await fetch_value("select count(*) from excerpt where response = $1", response_id) == 1
    return any("as unsorted" in one for one in asked)


async def test_in_a_small_company_every_answer_is_followed_by_a_count(company, question):
    await grouped(company, 100)

    assert [await counts(company, question, made.some_id()) for _ in range(3)] == [True] * 3


async def test_in_a_large_company_only_one_in_many_is(company, question):
    await grouped(company, 100_000)

    assert [await counts(company, question, UUID(int=number)) for number in (499, 500, 501)] == [
        False,
        True,
        False,
    ]


async def test_what_has_grown_enough_is_still_sorted_anew(company, question):
    await grouped(company, 400)
    ids = [made.some_id() for _ in range(24)]
    for one in ids:
        await made.an_answer(company, question, "Die Steine sehen gleich aus.", id=one)
        await commands.read_response(company.id, one, now=made.NOW)

    assert any(asks_whether_due(one, 400) for one in ids)
    assert await fetch_value("select count(*) from pgqueuer where entrypoint = 'themes.sort'") == 1
    assert await Response.count() == 24
