"""What is shown as one, „Gleicher Wortlaut ×3“, is moved, split off and set aside as one, and comes back as one."""

import pytest

from hearback.database.engine import execute, fetch_column, fetch_value
from hearback.themes import commands
from hearback.themes.commands.learning import put_places
from hearback.themes.commands.marking import mark
from hearback.themes.commands.proposing import Decision, decide
from hearback.themes.forms import DecisionForm, MoveForm, SplitForm
from hearback.themes.planning import Place
from hearback.themes.queries import life, proposing, quotable_excerpts, sorting
from hearback.themes.tables import Proposal
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

    reply = await desk.post(f"/themes/excerpts/{copies[0].id}/move", {"to": "Kurzübersicht"})

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


async def test_how_many_go_is_said_before_several_are_moved(desk, copies, theme):
    ticked = {"excerpt": [str(copies[2].id), str(copies[3].id)], "here": str(theme.id), "back": "search"}
    said = "Verschoben werden 4 Aussagen, davon 2 im gleichen Wortlaut wie die angekreuzten."

    part = await desk.post("/themes/placing/going", ticked, headers={"HX-Request": "true"})
    page = await desk.post("/themes/placing/going", ticked)
    wrong = await desk.post("/themes/placing", ticked | {"to": "Gibt es nicht"})
    alone = await desk.post(
        "/themes/placing/going", ticked | {"excerpt": str(copies[3].id)}, headers={"HX-Request": "true"}
    )
    elsewhere = await desk.post(
        "/themes/placing/going", ticked | {"here": "unsorted"}, headers={"HX-Request": "true"}
    )

    assert part.text.strip() == said
    assert said in page.text and page.text.count('data-key="x" checked') == 2
    assert wrong.status_code == 422 and said in wrong.text
    assert alone.text.strip() == "Verschoben wird eine Aussage."
    assert elsewhere.text.strip() == ""
    assert len(await lying_in(theme)) == 4


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
        "rule": "5",
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


@pytest.fixture
async def loose(company, question, theme):
    """Two in one wording that lie nowhere yet; the last reading offers the first to the theme."""
    found = [
        await made.placed(company, await made.an_answer(company, question, text), theme)
        for text in (CAMPAIGN, CAMPAIGN.upper())
    ]
    await execute("delete from placement")
    await mark(company.id)
    await Proposal(company=company.id, kind="near", theme=theme.id, excerpts=[found[0].id], worth=0.4).save()
    return found


async def test_what_is_said_of_an_offered_quote_is_said_of_its_copies(company, desk, loose, theme, member):
    part = (await desk.get(f"/themes/{theme.id}/near", headers={"HX-Request": "true"})).text
    assert "gleicher Wortlaut ×2" in part

    await commands.refuse(company.id, theme.id, loose[0].id, by=member.id, now=NOW)
    await commands.refuse(company.id, theme.id, loose[1].id, by=member.id, now=NOW)

    assert await fetch_value("select count(*) from theme_event where deed = 'not_here'") == 1
    places = [Place(one.id, theme.id, 0.9) for one in loose]
    await put_places(company.id, places, on=TODAY, anew=True)
    assert await lying_in(theme) == set()

    act = await fetch_value("select id from theme_event where deed = 'not_here'")
    await commands.undo(company.id, act, by=member.id, now=NOW)
    await put_places(company.id, places, on=TODAY, anew=True)
    assert await lying_in(theme) == {one.id for one in loose}


async def test_a_copy_that_somebody_put_elsewhere_is_not_refused_with_the_offered_one(
    company, question, loose, theme, other, member
):
    elsewhere = await made.placed(
        company, await made.an_answer(company, question, CAMPAIGN), other, by=member
    )
    await mark(company.id)

    await commands.refuse(company.id, theme.id, loose[0].id, by=member.id, now=NOW)

    refused = {one.excerpt for one in await sorting.refused(company.id)}
    assert refused == {one.id for one in loose} and elsewhere.id not in refused


@pytest.fixture
async def join(company, copies, theme):
    """Proposed are one of the campaign and the one that says something else; a person holds the second copy."""
    row = Proposal(
        company=company.id, kind="join", theme=theme.id, excerpts=[copies[0].id, copies[3].id], worth=1.0
    )
    await row.save()
    return await proposing.one(company.id, row.id)


async def say(company, member, proposed, *, yes, ticked=()):
    shown = ".".join(map(str, proposed.excerpts))
    form = DecisionForm(seen=proposed.seen, shown=shown, excerpt=list(ticked))
    await decide(company.id, [Decision(proposed.id, yes, form)], by=member.id, now=NOW, today=TODAY)


async def test_yes_to_a_proposal_fixes_the_copies_with_the_one_that_was_shown(
    company, desk, copies, join, theme, member
):
    assert "gleicher Wortlaut ×3" in (await desk.get("/themes/proposals")).text

    await say(company, member, join, yes=True, ticked=[copies[0].id])

    by_people = set(await fetch_column("select excerpt from placement where by = 'person'"))
    assert by_people == {one.id for one in copies[:3]}
    assert await lying_in(theme) == by_people, "what was not ticked has left"


async def test_what_is_not_ticked_leaves_with_its_copies_and_comes_back_with_them(
    company, copies, join, theme, member
):
    before = await lay()

    await say(company, member, join, yes=True, ticked=[copies[3].id])

    assert await lying_in(theme) == {copies[1].id, copies[3].id}, "one copy a person had put there"
    refused = {one.excerpt for one in await sorting.refused(company.id)}
    assert refused == {copies[0].id, copies[2].id}
    for _ in range(2):
        await commands.undo(
            company.id, (await life.undoable(company.id, member.id, since=NOW)).id, by=member.id, now=NOW
        )
    assert await lay() == before


async def test_no_to_a_proposal_is_no_to_the_copies(company, copies, join, theme, member):
    await say(company, member, join, yes=False)

    assert await lying_in(theme) == {copies[1].id}
    places = [Place(one.id, theme.id, 0.9) for one in copies]
    await put_places(company.id, places, on=TODAY, anew=True)
    assert await lying_in(theme) == {copies[1].id}
