"""On the desk copies of one wording stand behind one of them; figures count people."""

import html
import re

import pytest

from hearback.themes.commands.marking import mark
from tests import made

CAMPAIGN = "Bitte legt der zweiten Auflage eine Kurzübersicht für jeden Spieler bei"


@pytest.fixture
async def house(company):
    question, theme = await made.a_question(company), await made.a_theme(company)
    texts = [CAMPAIGN, CAMPAIGN.upper(), f"{CAMPAIGN}, bitte", "Die Steine sehen alle gleich aus."]
    for text in texts:
        await made.placed(company, await made.an_answer(company, question, text), theme)
    await mark(company.id)
    return question, theme


async def test_one_copy_is_shown_and_the_others_unfold(company, desk, house):
    _, theme = house

    page = (await desk.get(f"/themes/{theme.id}")).text

    assert page.count("Gleicher Wortlaut ×3") == 1
    assert page.count("data-row") == 2
    assert page.lower().count(CAMPAIGN.lower()) >= 3
    assert "3 Antworten, gleicher Wortlaut." in page


async def test_figures_still_count_people(desk, house):
    page = (await desk.get("/themes")).text

    assert "4 Menschen" in page


async def test_of_many_copies_the_rest_is_a_number(company, desk, house):
    question, theme = house
    for _ in range(30):
        await made.placed(company, await made.an_answer(company, question, CAMPAIGN), theme)
    await mark(company.id)

    page = (await desk.get(f"/themes/{theme.id}")).text

    assert "Gleicher Wortlaut ×33" in page
    assert "und 12 weitere Antworten" in page
    assert page.count("data-row") == 2


async def test_copies_that_lie_elsewhere_are_not_counted_here(company, desk, house):
    question, theme = house
    other = await made.a_theme(company, "Kurzübersicht")
    await made.placed(company, await made.an_answer(company, question, CAMPAIGN), other)
    await mark(company.id)

    assert "Gleicher Wortlaut ×3" in (await desk.get(f"/themes/{theme.id}")).text
    assert "Gleicher Wortlaut" not in (await desk.get(f"/themes/{other.id}")).text


async def test_excerpts_that_nobody_marked_yet_stand_by_themselves(company, desk):
    question, theme = await made.a_question(company), await made.a_theme(company)
    for _ in range(2):
        await made.placed(company, await made.an_answer(company, question, CAMPAIGN), theme)

    page = (await desk.get(f"/themes/{theme.id}")).text

    assert page.count("data-row") == 2
    assert "Gleicher Wortlaut" not in page


async def test_the_pile_folds_them_too_and_turns_its_pages(company, desk):
    question = await made.a_question(company)
    theme = await made.a_theme(company)
    for text in [CAMPAIGN] * 3 + [f"Punkt {number * 7919}: {'xyz'[number % 3] * 9}" for number in range(40)]:
        excerpt = await made.placed(company, await made.an_answer(company, question, text), theme)
        await made.Placement.delete().where(made.Placement.excerpt == excerpt.id)
    await mark(company.id)

    seen, path = "", "/themes/unsorted"
    while path:
        page = (await desk.get(path)).text
        seen += page
        further = re.search(r'href="/desk/kranich(/themes/unsorted\?after=[^"]+)"', page)
        path = html.unescape(further[1]) if further else ""

    assert seen.count("Gleicher Wortlaut ×3") == 1
    assert sorted(set(re.findall(r"Punkt (\d+)", seen))) == sorted(str(number * 7919) for number in range(40))
    assert seen.count("data-row") == 41
