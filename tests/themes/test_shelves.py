"""A list of hundreds of themes folds what comes late, and says how much that is; nothing of weight is folded."""

import re

import pytest

from hearback.themes.desk.shelves import A_SHELF
from tests import made

HTMX = {"HX-Request": "true"}
ROW = re.compile(r'id="theme-([0-9a-f-]{36})"')


@pytest.fixture
async def question(company):
    return await made.a_question(company)


async def themes(company, n, **more):
    return [await made.a_theme(company, f"Thema {number:03}", **more) for number in range(n)]


async def spoken_of(company, question, theme, voices):
    for _ in range(voices):
        await made.placed(company, await made.an_answer(company, question), theme)


def shown(page):
    return ROW.findall(page.text)


async def test_a_shelf_shows_so_many_says_how_many_more_and_shows_them_all_when_asked(desk, company):
    await themes(company, A_SHELF + 3)

    folded = await desk.get("/themes")
    assert len(shown(folded)) == A_SHELF
    assert "Noch 3 Themen zeigen" in folded.text

    whole = await desk.get("/themes?all=1")
    assert len(set(shown(whole))) == A_SHELF + 3
    assert "Themen zeigen" not in whole.text
    assert f'/{shown(whole)[0]}?all=1#th"' in whole.text  # what is opened next folds nothing either


async def test_as_many_as_fit_are_not_folded(desk, company):
    await themes(company, A_SHELF)

    page = await desk.get("/themes")

    assert len(shown(page)) == A_SHELF
    assert "all=1" not in page.text


async def test_the_open_theme_is_in_the_list_even_where_it_would_be_folded(desk, company, question):
    made_themes = await themes(company, A_SHELF + 4)
    for theme in made_themes[: A_SHELF + 1]:
        await spoken_of(company, question, theme, 1)
    last = made_themes[-1]

    page = await desk.get(f"/themes/{last.id}")

    assert shown(page)[-1] == str(last.id)
    assert "Noch 3 Themen zeigen" in page.text


async def test_what_weighs_stands_above_and_is_never_folded(desk, company, question):
    heavy = await themes(company, 2, weight_reason="Es geht um Sicherheit.")
    for theme in await themes(company, A_SHELF + 2):
        await spoken_of(company, question, theme, 1)

    page = await desk.get("/themes")

    assert set(shown(page)[:2]) == {str(one.id) for one in heavy}
    assert len(shown(page)) == A_SHELF + 2


async def test_unfolding_in_an_open_page_moves_the_focus_to_the_first_new_row_and_news_do_not(desk, company):
    await themes(company, A_SHELF + 3)
    link = re.search(
        r'hx-get="/desk/kranich(/themes/list\?[^"]*unfolded[^"]*)"', (await desk.get("/themes")).text
    )
    assert link

    part = await desk.get(link[1].replace("&amp;", "&"), headers=HTMX)
    rows = shown(part)
    assert re.search(r'id="theme-([0-9a-f-]{36})"[^>]* data-focus', part.text)[1] == rows[A_SHELF]

    again = re.search(r'id="theme-list"[^>]* hx-get="/desk/kranich([^"]*)"', part.text)[1]
    assert "all=1" in again
    assert "unfolded" not in again
    news = await desk.get(again.replace("&amp;", "&"), headers=HTMX)
    assert shown(news) == rows
    assert "data-focus" not in news.text


async def test_a_choice_folds_too_and_counts_only_what_fits(desk, company):
    await themes(company, A_SHELF + 2)
    await made.a_theme(company, "", state="suggested", terms=["Steine"])

    page = await desk.get("/themes?state=named")

    assert "Noch 2 Themen zeigen" in page.text
    assert "state=named&amp;all=1" in page.text
