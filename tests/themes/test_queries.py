"""What other rooms read of themes: through heirs, counted people only, and never across companies."""

import pytest

from hearback.answering.tables import Response
from hearback.database.engine import execute
from hearback.themes import queries
from tests import made


@pytest.fixture
async def kranich(pool):
    return await made.a_company()


@pytest.fixture
async def stones(kranich):
    return await made.a_theme(kranich, "Rote und grüne Steine")


async def an_answer_in(company, question, theme, words="Die Steine sehen gleich aus.", **more):
    response = await made.an_answer(company, question, words, **more)
    await made.placed(company, response, theme)
    return response


async def merged(company, gone, into):
    await execute("update theme set merged_into = $2, heir = $2 where id = $1", gone.id, into.id)


async def test_voices_are_people_that_count(kranich, stones):
    question = await made.a_question(kranich)
    loud = await an_answer_in(kranich, question, stones)
    other = await made.a_theme(kranich, "Farben")
    await execute(
        """insert into excerpt (id, company, question, response, answer, starts, ends)
           select gen_random_uuid(), company, question, response, answer, 4, 10 from excerpt where response = $1""",
        loud.id,
    )
    await execute(
        """insert into placement (id, company, excerpt, theme, by)
           select gen_random_uuid(), company, id, $2, 'machine' from excerpt where response = $1 and starts = 4""",
        loud.id,
        other.id,
    )
    await an_answer_in(kranich, question, stones)
    await an_answer_in(kranich, question, stones, state="set_aside", reason="Werbung")
    await an_answer_in(kranich, question, stones, state="withdrawn")
    await an_answer_in(kranich, question, stones, test=True)

    assert await queries.voices(kranich.id, [stones.id]) == 2
    assert await queries.voices(kranich.id, [stones.id, other.id]) == 2
    assert await queries.voices(kranich.id, []) == 0


async def test_a_merged_theme_speaks_through_its_heir(kranich, stones):
    question = await made.a_question(kranich)
    small = await made.a_theme(kranich, "Moos und Feuer")
    await an_answer_in(kranich, question, small, quoting="unnamed")
    await an_answer_in(kranich, question, stones)
    await merged(kranich, small, stones)

    [label] = await queries.theme_labels(kranich.id, [small.id])

    assert (label.name, label.voices, label.merged_into) == ("Rote und grüne Steine", 2, stones.id)
    assert await queries.voices(kranich.id, [small.id]) == await queries.voices(kranich.id, [stones.id]) == 2
    assert [behind.counted for behind in await queries.questions_behind(kranich.id, [small.id])] == [2]
    assert len(await queries.quotable_excerpts(kranich.id, [stones.id])) == 1
    assert [theme.id for theme in await queries.named_themes(kranich.id)] == [stones.id]


async def test_only_what_may_be_quoted_is_quotable_and_a_name_only_where_it_was_given(kranich, stones):
    question = await made.a_question(kranich)
    for quoting in ("no", "unnamed", "named"):
        more = {"first_name": "Ayşe", "place": "Dortmund"} if quoting == "named" else {}
        await an_answer_in(kranich, question, stones, f"Wort {quoting}", quoting=quoting, **more)

    found = await queries.quotable_excerpts(kranich.id, [stones.id])

    assert [(one.words, one.first_name, one.place) for one in found] == [
        ("Wort named", "Ayşe", "Dortmund"),
        ("Wort unnamed", "", ""),
    ]
    await Response.update({"state": "withdrawn"}).where(Response.quoting == "named")
    assert [one.words for one in await queries.quotable_excerpts(kranich.id, [stones.id])] == ["Wort unnamed"]


async def test_an_excerpt_s_words_are_cut_by_code_points(kranich, stones):
    question = await made.a_question(kranich)
    response = await an_answer_in(kranich, question, stones, "🎲 Würfel fehlen", quoting="unnamed")
    await execute("update excerpt set starts = 2, ends = 8 where response = $1", response.id)

    assert [one.words for one in await queries.quotable_excerpts(kranich.id, [stones.id])] == ["Würfel"]


async def test_a_theme_without_a_name_is_called_by_its_terms(kranich):
    theme = await made.a_theme(kranich, "", state="suggested", terms=["Farben", "Steine"])

    [label] = await queries.theme_labels(kranich.id, [theme.id])

    assert (label.name, label.named) == ("Farben, Steine", False)
    assert await queries.named_themes(kranich.id) == []


async def test_another_company_s_themes_are_not_there(kranich, stones):
    question = await made.a_question(kranich)
    await an_answer_in(kranich, question, stones, quoting="unnamed")
    reiher = await made.a_company("reiher")

    assert await queries.theme_labels(reiher.id, [stones.id]) == []
    assert await queries.voices(reiher.id, [stones.id]) == 0
    assert await queries.questions_behind(reiher.id, [stones.id]) == []
    assert await queries.quotable_excerpts(reiher.id, [stones.id]) == []
    assert await queries.named_themes(reiher.id) == []
