"""What an answer is close to, noted by the worker that reads it, for its fan to choose from."""

import pytest

from hearback.answering.tables import Response
from hearback.database.engine import execute, fetch_column
from hearback.themes import commands
from hearback.themes.commands import sorting
from hearback.themes.commands.learning import reading_now
from hearback.themes.queries.others import others, own_word
from tests import made
from tests.made import NOW
from tests.themes.sentences import COLOURS, DELIVERY


@pytest.fixture
async def question(company):
    return await made.a_question(company)


async def test_reading_an_answer_notes_the_themes_it_is_close_to_and_no_far_ones(
    company, question, monkeypatch
):
    by = await made.a_member(company)
    colours = await made.a_theme(company, "Rote und grüne Steine", definition="Farben sehen gleich aus.")
    delivery = await made.a_theme(company, "Lieferung", definition="Das Paket kommt zu spät.")
    for theme, sentences in ((colours, COLOURS[:8]), (delivery, DELIVERY[:8])):
        for words in sentences:
            placed = await made.placed(company, await made.an_answer(company, question, words), theme, by=by)
            await execute("delete from excerpt where id = $1", placed.id)
    await commands.sort(company.id, now=NOW)
    await commands.learn(company.id, cause="taught", now=NOW)
    new = await made.an_answer(company, question, "Rote und grüne Steine kann ich kaum unterscheiden.")
    told_too_soon = []

    async def slow(*given):
        told_too_soon.append((await own_word(company.id, new.id)).read)
        return await reading_now(*given)

    monkeypatch.setattr(sorting, "reading_now", slow)
    await commands.read_response(company.id, new.id, now=NOW)
    await commands.read_response(company.id, new.id, now=NOW)

    assert told_too_soon[0] is False, "its fan would read that nothing is close, while we still look"
    assert await fetch_column("select distinct theme from close_theme") == [colours.id]
    assert [one.name for one in await others(company.id, new.id, fewest_voices=2)] == [
        "Rote und grüne Steine"
    ]
    assert (await own_word(company.id, new.id)).read
    await Response.update({Response.state: "withdrawn"}).where(Response.id == new.id)
    assert await others(company.id, new.id, fewest_voices=2) == []
