"""Two themes side by side, before one is made of them."""

import re

import pytest

from hearback.database import engine
from hearback.database.engine import fetch_value
from tests import made
from tests.conftest import browser_of


@pytest.fixture
async def themes(company):
    """„Farben“ with two voices, „Licht“ with two, one of them the same."""
    question = await made.a_question(company)
    colours = await made.a_theme(company, "Farben", definition="Alles, was gleich aussieht.")
    light = await made.a_theme(company, "Licht")
    both = await made.an_answer(company, question, "Bei Kerzenlicht ist Rot wie Grün.")
    await made.placed(company, both, colours)
    await made.placed(
        company, await made.an_answer(company, question, "Moos und Feuer sind gleich."), colours
    )
    await made.placed(company, await made.an_answer(company, question, "Es war zu dunkel."), light)
    excerpt = await made.placed(company, await made.an_answer(company, question, "Zu wenig Licht."), light)
    return colours, light, both, excerpt


async def test_both_are_shown_with_their_voices_quotes_and_who_speaks_of_both(desk, company, themes):
    colours, light, both, excerpt = themes
    await engine.execute("update excerpt set response = $2 where id = $1", excerpt.id, both.id)

    page = (await desk.get(f"/themes/{colours.id}/comparison?with={light.id}")).text

    assert "„Farben“ und „Licht“ vergleichen" in page
    assert "Alles, was gleich aussieht." in page and "Noch ohne Beschreibung." in page
    assert page.count("2 Stimmen") == 2
    assert "Eine Person spricht von beidem." in page and "Zusammen wären es 3 Stimmen." in page
    assert "Moos und Feuer" in page and "Es war zu dunkel." in page


async def test_one_is_merged_into_the_other_from_here(desk, themes):
    colours, light, *_ = themes
    page = (await desk.get(f"/themes/{colours.id}/comparison?with={light.id}")).text
    form = re.search(rf'action="([^"]+/{light.id}/merge)">.*?name="into" value="([^"]+)"', page)

    await desk.browser.post(form[1], data={"_csrf": desk.csrf, "into": form[2]})

    assert await fetch_value("select heir from theme where id = $1", light.id) == colours.id
    again = await desk.get(f"/themes/{light.id}/comparison")
    assert again.headers["location"] == f"/desk/kranich/themes/{colours.id}/comparison"


async def test_without_another_one_is_chosen_and_no_foreign_one_is_shown(desk, themes):
    colours, light, *_ = themes
    others = await made.a_company("reiher")
    theirs = await made.a_theme(others, "Geheim")

    choice = (await desk.get(f"/themes/{colours.id}/comparison")).text

    assert f'<option value="{light.id}">Licht</option>' in choice and "Geheim" not in choice
    for wanted in (theirs.id, colours.id, made.some_id(), "quatsch", "%00"):
        assert (await desk.get(f"/themes/{colours.id}/comparison?with={wanted}")).status_code == 404


async def test_a_named_theme_is_not_offered_to_vanish_in_a_suggestion_and_readers_merge_nothing(
    app, desk, company, themes
):
    colours, *_ = themes
    guess = await made.a_theme(company, "", state="suggested", terms=["Licht"])
    where = f"/themes/{colours.id}/comparison?with={guess.id}"

    page = (await desk.get(where)).text
    async with browser_of(app) as browser:
        reader = (await (await made.signed_in(browser, company, "reader")).get(where)).text

    assert f"/themes/{guess.id}/merge" in page and f"/themes/{colours.id}/merge" not in page
    assert "/merge" not in reader and "„Farben“" in reader


async def test_the_theme_leads_to_the_comparison(desk, themes):
    colours, *_ = themes

    assert (
        f'href="/desk/kranich/themes/{colours.id}/comparison"'
        in (await desk.get(f"/themes/{colours.id}")).text
    )
