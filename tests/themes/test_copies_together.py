"""What is shown as one, „Gleicher Wortlaut ×3“, is moved, split off and set aside as one, and comes back as one."""

import pytest

from hearback.database.engine import fetch_column, fetch_value
from hearback.themes import commands
from hearback.themes.commands.marking import mark
from hearback.themes.forms import MoveForm, SplitForm
from hearback.themes.queries import quotable_excerpts
from hearback.today import queries as today
from tests import made
from tests.made import NOW

CAMPAIGN = "Bitte legt der zweiten Auflage eine Kurzübersicht für jeden Spieler bei"
TODAY = NOW.date()


@pytest.fixture
async def member(company):
    return await made.a_member(company, "product")


@pytest.fixture
async def question(company):
    return await made.a_question(company)


@pytest.fixture
async def theme(company):
    return await made.a_theme(company, "Anleitung")


@pytest.fixture
async def other(company):
    return await made.a_theme(company, "Kurzübersicht")


@pytest.fixture
async def copies(company, question, theme, member):
    """Three in one wording, one of them put there by a person, and one that says something else."""
    texts = [CAMPAIGN, CAMPAIGN.upper(), f"{CAMPAIGN}, bitte", "Die Steine sehen alle gleich aus."]
    found = []
    for at, text in enumerate(texts):
        answer = await made.an_answer(company, question, text, quoting="unnamed")
        found.append(await made.placed(company, answer, theme, by=member if at == 1 else None))
    await mark(company.id)
    return found


async def lying_in(theme):
    return set(await fetch_column("select excerpt from placement where theme = $1", theme.id))


async def lay():
    return await fetch_column(
        "select (excerpt, theme, by, member, confidence)::text from placement order by excerpt"
    )


async def last_act():
    return await fetch_value(
        """select id from theme_event where deed in ('moved', 'moved_many', 'split') and not details ? 'of'
           order by id desc limit 1"""
    )


async def test_one_move_takes_all_copies_and_one_undo_brings_them_back(company, copies, theme, other, member):
    before = await lay()

    await commands.move(company.id, copies[0].id, MoveForm(str(other.id)), by=member.id, now=NOW, today=TODAY)

    assert await lying_in(other) == {one.id for one in copies[:3]}
    assert await lying_in(theme) == {copies[3].id}
    await commands.undo(company.id, await last_act(), by=member.id, now=NOW)
    assert await lay() == before


async def test_copies_that_lie_elsewhere_stay_there(company, question, copies, theme, other, member):
    elsewhere = await made.placed(
        company, await made.an_answer(company, question, CAMPAIGN), other, by=member
    )
    await mark(company.id)

    await commands.move(company.id, copies[0].id, MoveForm("nowhere"), by=member.id, now=NOW, today=TODAY)

    assert await lying_in(other) == {elsewhere.id}
    assert await fetch_value("select count(*) from placement where theme is null") == 3


async def test_the_desk_says_that_the_copies_go_too(desk, copies, theme, other):
    form = (await desk.get(f"/themes/excerpts/{copies[0].id}/move")).text
    assert "Die 2 anderen Aussagen im gleichen Wortlaut, die hier liegen, gehen mit." in form

    reply = await desk.post(f"/themes/excerpts/{copies[0].id}/move", {"to": str(other.id)})

    assert reply.headers["location"].endswith("?done=moved_many#th")
    assert len(await lying_in(other)) == 3
    alone = (await desk.get(f"/themes/excerpts/{copies[3].id}/move")).text
    assert "gleichen Wortlaut" not in alone


async def test_ticked_among_others_a_copy_takes_all(desk, copies, theme, other):
    before = await lay()
    ticked = {"excerpt": [str(copies[2].id), str(copies[3].id)], "here": str(theme.id), "to": "Kurzübersicht"}

    reply = await desk.post("/themes/placing", ticked | {"back": f"themes/{theme.id}"})

    assert "done=moved_many&n=4" in reply.headers["location"]
    assert len(await lying_in(other)) == 4
    await desk.post("/themes/undo", {"event": str(await last_act())})
    assert await lay() == before


async def test_split_off_they_leave_together(company, copies, theme, member):
    before = await lay()
    form = SplitForm("Übersichten", "", [copies[0].id])

    new = await commands.split_off(company.id, theme.id, form, by=member.id, now=NOW, today=TODAY)

    assert await fetch_value("select count(*) from placement where theme = $1", new) == 3
    await commands.undo(company.id, await last_act(), by=member.id, now=NOW)
    assert await lay() == before


async def test_set_aside_are_only_copies_that_say_nothing_else(company, desk, question, copies, theme):
    more = await made.an_answer(company, question, f"{CAMPAIGN}. Die Karten sind toll.")
    point = await made.placed(company, more, theme)
    await commands.cut(company.id, point.id, len(CAMPAIGN) + 2, by=desk.member.id, now=NOW)
    await mark(company.id)
    ticked = {
        "excerpt": str(copies[0].id),
        "reason": "Werbung, dreimal geschickt",
        "back": f"themes/{theme.id}",
    }

    await desk.post("/themes/setting-aside", ticked)

    aside = await fetch_column("select id from response where state = 'set_aside'")
    assert set(aside) == {one.response for one in copies[:3]}


async def test_the_note_editor_offers_one_of_each_wording(company, copies, theme):
    offered = await quotable_excerpts(company.id, [theme.id])

    assert sorted(one.alike for one in offered) == [1, 3]
    chosen = next(one.id for one in copies[:3] if one.id not in {quote.excerpt for quote in offered})
    again = await quotable_excerpts(company.id, [theme.id], chosen=[chosen])
    assert again[0].excerpt == chosen and len(again) == 2


async def test_who_said_the_same_stands_beside_the_quote_in_the_editor(desk, copies, theme):
    begun = await desk.post("/notes", {"kind": "changed", "theme": str(theme.id)})
    page = (await desk.browser.get(begun.headers["location"])).text

    assert "gleicher Wortlaut ×3" in page


async def test_what_came_shows_one_of_each_wording(company, desk, copies):
    came = await today.came(company.id)

    assert sorted(one.alike for one in came) == [1, 3]
    page = (await desk.get("/today")).text
    assert "Anleitung, gleicher Wortlaut ×3" in page
