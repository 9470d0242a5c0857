"""What a theme's own page shows of its figures: when people spoke, and what the figures leave out."""

import re
from datetime import timedelta

import pytest

from hearback.actions import commands as actions
from hearback.actions.forms import NewActionForm
from hearback.database.engine import execute
from hearback.themes.tables import Theme
from tests import made

TODAY = made.today()


@pytest.fixture
async def stones(company):
    return await made.a_theme(company)


@pytest.fixture
async def question(company):
    return await made.a_question(company)


async def voices(company, question, theme: Theme, *days_ago: int) -> None:
    for days in days_ago:
        response = await made.an_answer(company, question, day=TODAY - timedelta(days=days))
        await made.placed(company, response, theme)


async def overtime(desk, theme):
    """The part over time of the theme's page."""
    page = (await desk.get(f"/themes/{theme.id}")).text
    found = re.search(r'<section class="overtime.*?</section>', page, re.S)
    return found[0] if found else ""


async def test_the_sentence_the_drawing_and_the_table_say_the_same(desk, company, question, stones):
    await voices(company, question, stones, 5, 3, 3, 0)

    shown = await overtime(desk, stones)

    sentence = re.search(r"<p class=\"meta\">(Seit dem [^<]+)</p>", shown)[1]
    assert "4 Stimmen, die meisten am" in sentence
    assert f'aria-label="{sentence}"' in shown
    assert shown.count("<rect") == 3
    cells = re.findall(r'<td class="num">(\d+)</td>', shown)
    assert cells == ["1", "0", "2", "0", "0", "1"]


async def test_months_are_told_by_name(desk, company, question, stones):
    await voices(company, question, stones, 400, 300, 300, 300, 10)

    shown = await overtime(desk, stones)

    assert re.search(r"Seit \w+\s\d{4} 5 Stimmen, die meisten im \w+", shown)
    assert '<th scope="col">Monat</th>' in shown


async def test_a_single_voice_needs_no_drawing(desk, company, question, stones):
    await voices(company, question, stones, 0)

    shown = await overtime(desk, stones)

    assert "1 Stimme." in shown and "die meisten" not in shown
    assert "<svg" not in shown


async def test_a_theme_without_voices_shows_nothing_over_time(desk, stones):
    assert await overtime(desk, stones) == ""


async def test_beside_the_list_stands_what_its_figures_leave_out(desk, company, question, stones):
    await voices(company, question, stones, 0)
    await made.an_answer(company, question, state="withdrawn")

    page = (await desk.get(f"/themes/{stones.id}")).text

    assert (
        "Eingegangen sind 2 Antworten. Davon in Themen: 1; noch nicht einsortiert: 0; zurückgezogen: 1."
        in page
    )
    assert 'href="/desk/kranich/themes/picture"' in page


async def test_where_an_action_or_a_note_names_voices_it_says_of_how_many(desk, company, question, stones):
    await voices(company, question, stones, 0, 1)
    coverage = "Eingegangen sind 2 Antworten. Davon in Themen: 2; noch nicht einsortiert: 0."

    assert coverage in (await desk.get("/actions/new")).text
    form = NewActionForm("Steine fräsen", "Damit alle mitspielen.", desk.member.id, TODAY, themes=[stones.id])
    action_id = await actions.make_action(company, form, by=desk.member, now=made.NOW)
    await execute("update action set state = 'done' where id = $1", action_id)

    assert coverage in (await desk.get("/notes")).text
