"""Read answers are marked with language and wording; older rows by the sweep."""

import pytest

from hearback.database.engine import ENGINE
from hearback.themes import commands
from hearback.themes.commands.marking import mark
from tests import made

CAMPAIGN = "Bitte legt der zweiten Auflage eine Kurzübersicht für jeden Spieler bei."


@pytest.fixture
async def company(pool):
    return await made.a_company()


async def marks(company):
    rows = await ENGINE.pool.fetch(
        """select substr(a.words, e.starts + 1, e.ends - e.starts) as words, e.language, e.wording, e.marks
           from excerpt e join answer a on a.id = e.answer where e.company = $1 order by words collate "C" """,
        company.id,
    )
    return [dict(row) for row in rows]


async def test_what_is_read_has_a_language_and_a_wording(company):
    question = await made.a_question(company)
    await made.an_answer(company, question, "Die Anleitung ist viel zu lang und hat Fehler.")
    await made.an_answer(company, question, "The manual is far too long.", language="en")
    await commands.sort(company.id, now=made.NOW)

    found = await marks(company)

    assert {one["language"] for one in found} == {"de", "en"}
    assert all(one["wording"] in one["marks"] for one in found)


async def test_copies_have_one_wording_whenever_they_come(company):
    question = await made.a_question(company)
    first = await made.an_answer(company, question, CAMPAIGN)
    await commands.read_response(company.id, first.id, now=made.NOW)
    for copy in (CAMPAIGN.upper(), CAMPAIGN.replace("jeden Spieler", "alle Spieler"), CAMPAIGN):
        later = await made.an_answer(company, question, copy)
        await commands.read_response(company.id, later.id, now=made.NOW)
    await made.an_answer(company, question, "Die Steine sehen alle gleich aus.")
    await commands.sort(company.id, now=made.NOW)

    found = await marks(company)

    assert len({one["wording"] for one in found}) == 2
    assert sorted(len(one["marks"]) for one in found) == [0, 0, 1, 11, 11]


async def test_another_companys_copy_is_its_own(company):
    other = await made.a_company("reiher")
    for one in (company, other):
        await made.an_answer(one, await made.a_question(one), CAMPAIGN)
        await commands.sort(one.id, now=made.NOW)

    assert [len(one["marks"]) for house in (company, other) for one in await marks(house)] == [11, 11]


async def test_the_sweep_finds_rows_from_before_and_marks_them(company):
    question, theme = await made.a_question(company), await made.a_theme(company)
    for words in (CAMPAIGN, CAMPAIGN.lower()):
        await made.placed(company, await made.an_answer(company, question, words), theme)

    await commands.find_missed(now=made.NOW)
    waiting = await ENGINE.pool.fetchval("select count(*) from pgqueuer where entrypoint = 'themes.sort'")
    await commands.sort(company.id, now=made.NOW)

    assert waiting == 1
    assert len({one["wording"] for one in await marks(company)}) == 1
    await ENGINE.pool.execute("delete from pgqueuer")
    await commands.find_missed(now=made.NOW)
    assert await ENGINE.pool.fetchval("select count(*) from pgqueuer") == 0


async def test_marking_twice_changes_nothing(company):
    await made.an_answer(company, await made.a_question(company), CAMPAIGN)
    await commands.sort(company.id, now=made.NOW)
    before = await marks(company)

    await mark(company.id)

    assert await marks(company) == before
