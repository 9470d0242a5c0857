"""Themes in the hands of a team: everybody in it finds them, hears what is said to the team, and hands them on."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from hearback.database.engine import execute, fetch_column, fetch_value
from hearback.people import commands as people
from hearback.people.forms import TeamForm
from hearback.refusals import Refused
from hearback.themes import commands
from hearback.themes.forms import AssignForm, NameForm, RemarkForm, RestForm
from hearback.themes.queries import acts, life, telling, tending, triage
from hearback.themes.rules import mentioned, parts_spoken
from tests import made
from tests.conftest import browser_of
from tests.made import NOW

TODAY = made.today()


@pytest.fixture
async def kranich(pool):
    return await made.a_company()


@pytest.fixture
async def jule(kranich):
    return await made.a_member(kranich, "admin", name="Jule Brandt")


@pytest.fixture
async def tarek(kranich):
    return await made.a_member(kranich, "product", name="Tarek Osman")


@pytest.fixture
async def mia(kranich):
    return await made.a_member(kranich, "reader", name="Mia Lang")


@pytest.fixture
async def cards(kranich, jule, tarek, mia):
    """Tarek and Mia."""
    return await people.make_team(kranich.id, TeamForm("Karten", [tarek.id, mia.id]), by=jule, now=NOW)


@pytest.fixture
async def stones(kranich):
    """One person speaks of it."""
    theme = await made.a_theme(kranich)
    await made.placed(kranich, await made.an_answer(kranich, await made.a_question(kranich)), theme)
    return theme


async def waits_for(company, member, today=TODAY):
    return [
        (one.name, one.team) for one in await tending.waiting_for(company.id, member.id, today, reader="de")
    ]


async def undo_last(company, member):
    event = await life.undoable(company.id, member.id, since=NOW - timedelta(days=1))
    return await commands.undo(company.id, event.id, by=member.id, now=NOW)


async def test_a_theme_of_a_team_waits_for_everybody_in_it(kranich, jule, tarek, mia, stones, cards):
    for _ in range(2):
        await commands.assign(kranich.id, stones.id, AssignForm(cards), by=jule.id, now=NOW)

    assert await waits_for(kranich, tarek) == await waits_for(kranich, mia) == [(stones.name, "Karten")]
    assert await waits_for(kranich, jule) == []
    kept = await tending.tended(kranich.id, stones.id)
    assert (kept.assigned, kept.assigned_to, kept.assigned_team, kept.how_kept) == (
        "Karten",
        None,
        cards,
        "team",
    )
    deeds = "select did from audit where did like 'theme.%'"
    assert await fetch_column(deeds) == ["theme.assigned"]
    [moment] = await acts.history(kranich.id, stones.id)
    assert (moment.name, moment.team) == ("Karten", True)


async def test_it_goes_from_the_team_to_one_of_them_and_back(kranich, jule, tarek, mia, stones, cards):
    await commands.assign(kranich.id, stones.id, AssignForm(cards), by=jule.id, now=NOW)
    await commands.assign(kranich.id, stones.id, AssignForm(tarek.id), by=jule.id, now=NOW)

    assert await waits_for(kranich, tarek) == [(stones.name, "")]
    assert await waits_for(kranich, mia) == []

    await undo_last(kranich, jule)
    assert await waits_for(kranich, mia) == [(stones.name, "Karten")]
    await undo_last(kranich, jule)
    assert (await tending.tended(kranich.id, stones.id)).how_kept == "nobody"


async def test_what_rests_or_was_answered_waits_for_nobody(kranich, jule, tarek, stones, cards):
    await commands.assign(kranich.id, stones.id, AssignForm(cards), by=jule.id, now=NOW)
    tomorrow = TODAY + timedelta(days=1)
    resting = RestForm("Bis zur Messe kann sich nichts ändern.", until=tomorrow)
    await commands.rest(kranich.id, stones.id, resting, by=jule.id, now=NOW)
    assert await waits_for(kranich, tarek) == []
    assert await waits_for(kranich, tarek, tomorrow) == [(stones.name, "Karten")]

    await commands.wake(kranich.id, stones.id, by=jule.id, now=NOW)
    assert await waits_for(kranich, tarek) == [(stones.name, "Karten")]
    await made.a_public_note(kranich, stones, by=jule)
    assert await waits_for(kranich, tarek) == []


async def test_a_word_said_just_after_midnight_answers_those_of_that_day(kranich, jule, tarek, stones, cards):
    await commands.assign(kranich.id, stones.id, AssignForm(cards), by=jule.id, now=NOW)
    # For the server it is still the evening before.
    at = datetime.combine(TODAY, time(0, 10), ZoneInfo(kranich.timezone))
    await made.a_public_note(kranich, stones, by=jule, at=at)

    assert await waits_for(kranich, tarek) == []
    assert (await triage.waiting(kranich.id, stones.id)).people == 0


async def test_merged_and_renamed_it_still_waits_under_the_name_that_speaks(
    kranich, jule, tarek, stones, cards
):
    colours = await made.a_theme(kranich, "Farben")
    await commands.assign(kranich.id, colours.id, AssignForm(cards), by=jule.id, now=NOW)
    assert await waits_for(kranich, tarek) == [], "nobody has spoken of it"

    await commands.merge(kranich.id, stones.id, colours.id, by=jule.id, now=NOW)
    await commands.name_theme(kranich.id, colours.id, NameForm("Farben und Steine"), by=jule.id, now=NOW)

    assert await waits_for(kranich, tarek) == [("Farben und Steine", "Karten")]


async def test_a_team_that_is_put_away_or_of_another_house_is_given_nothing(kranich, jule, stones, cards):
    reiher = await made.a_company("reiher")
    rosa = await made.a_member(reiher)
    theirs = await people.make_team(reiher.id, TeamForm("Schnabel", [rosa.id]), by=rosa, now=NOW)
    await people.put_team_away(kranich.id, cards, by=jule, now=NOW)

    for team in (cards, theirs):
        with pytest.raises(Refused, match=r"form\.not-a-choice"):
            await commands.assign(kranich.id, stones.id, AssignForm(team), by=jule.id, now=NOW)
        with pytest.raises(Refused, match=r"form\.not-a-choice"):
            await commands.remark(kranich.id, stones.id, RemarkForm("Schaut mal.", team), by=jule, now=NOW)
    assert await fetch_value("select assigned_team from theme") is None
    assert await fetch_value("select count(*) from theme_remark") == 0


async def test_a_theme_does_not_go_back_to_a_team_that_was_put_away(kranich, jule, tarek, stones, cards):
    await commands.assign(kranich.id, stones.id, AssignForm(cards), by=jule.id, now=NOW)
    await commands.assign(kranich.id, stones.id, AssignForm(tarek.id), by=jule.id, now=NOW)
    await people.put_team_away(kranich.id, cards, by=jule, now=NOW)

    with pytest.raises(Refused, match=r"themes\.undo-team-away"):
        await undo_last(kranich, jule)

    assert (await tending.tended(kranich.id, stones.id)).assigned == tarek.name


async def test_it_is_said_when_nobody_is_left_who_looks_after_it(kranich, jule, tarek, mia, stones, cards):
    await commands.assign(kranich.id, stones.id, AssignForm(cards), by=jule.id, now=NOW)
    await people.deactivate(kranich.id, tarek.id, by=jule, now=NOW)
    assert (await tending.tended(kranich.id, stones.id)).how_kept == "team"
    await people.deactivate(kranich.id, mia.id, by=jule, now=NOW)
    assert (await tending.tended(kranich.id, stones.id)).how_kept == "team-gone"

    await people.reactivate(kranich.id, tarek.id, by=jule, now=NOW)
    await commands.assign(kranich.id, stones.id, AssignForm(tarek.id), by=jule.id, now=NOW)
    await people.deactivate(kranich.id, tarek.id, by=jule, now=NOW)
    assert (await tending.tended(kranich.id, stones.id)).how_kept == "is-gone"


async def test_a_remark_to_a_team_speaks_to_everybody_in_it_who_is_here(
    kranich, jule, tarek, mia, stones, cards
):
    ben = await made.a_member(kranich, name="Ben Kurz")
    await people.deactivate(kranich.id, mia.id, by=jule, now=NOW)

    await commands.remark(kranich.id, stones.id, RemarkForm("@karten, schaut mal."), by=tarek, now=NOW)
    assert await fetch_value("select count(*) from mention") == 0, "Tarek speaks, and Mia has left"
    await commands.remark(kranich.id, stones.id, RemarkForm("@Karten und @Ben: so?"), by=jule, now=NOW)
    await commands.remark(kranich.id, stones.id, RemarkForm("Das auch.", cards), by=jule, now=NOW)

    assert len(await telling.mentions(kranich.id, tarek.id)) == 2
    assert len(await telling.mentions(kranich.id, ben.id)) == 1
    assert await telling.mentions(kranich.id, mia.id) == []


def test_a_team_is_called_by_its_whole_name_and_takes_nobodys_first():
    names, teams = {1: "Jule Brandt", 2: "Team Lang"}, {3: "Jule und Co", 4: "Team Karten"}

    assert mentioned("@Jule, sieh mal", names, teams) == [1]
    assert mentioned("@Jule und Co, seht mal", names, teams) == [3]
    assert mentioned("@Team Karten", names, teams) == [4]
    assert mentioned("@Kartenspiel @Karten", names, {3: "Karten"}) == [3]
    assert parts_spoken("An @jule und co.", [], ["Jule und Co"]) == [
        ("An ", False),
        ("@jule und co", True),
        (".", False),
    ]


async def test_the_desk_gives_a_theme_to_a_team_and_shows_whose_it_is(app, desk, company):
    theme = await made.a_theme(company, "Steine")
    await made.placed(company, await made.an_answer(company, await made.a_question(company)), theme)
    other = await made.a_theme(company, "Fähre")
    team = await people.make_team(company.id, TeamForm("Karten", [desk.member.id]), by=desk.member, now=NOW)

    page = (await desk.get(f"/themes/{theme.id}")).text
    assert f'<option value="{team}">Karten (Team)</option>' in page
    assert (await desk.post(f"/themes/{theme.id}/carer", {"to": str(team)})).status_code == 303

    page = (await desk.get(f"/themes/{theme.id}")).text
    assert "Das Team Karten kümmert sich." in page
    assert f"{desk.member.name} hat es in die Hände des Teams Karten gelegt" in page
    for query in ("mine=1", f"team={team}"):
        shown = (await desk.get(f"/themes?{query}")).text
        assert f'id="theme-{theme.id}"' in shown
        assert f'id="theme-{other.id}"' not in shown
    assert f'id="theme-{theme.id}"' in (await desk.get("/themes?team=quatsch")).text
    assert f'id="theme-{theme.id}"' not in (await desk.get(f"/themes?team={made.some_id()}")).text
    today = (await desk.get("/today")).text
    assert "In einem deiner Themen warten Menschen auf ein Wort." in today
    assert "Themen in deiner Hand" in today
    assert "Mit dem Team Karten." in today

    async with browser_of(app) as browser:
        reader = await made.signed_in(browser, company, "reader")
        theirs = (await reader.get("/today")).text
        assert "Gerade wartet niemand auf eine Antwort." in theirs
        assert "Themen in deiner Hand" not in theirs
        assert (await reader.post(f"/themes/{theme.id}/carer", {"to": ""})).status_code == 403
    assert await fetch_value("select assigned_team from theme where id = $1", theme.id) == team


async def test_a_theme_is_in_one_hand_only(kranich, jule, stones, cards):
    with pytest.raises(Exception, match="one_looks_after_it"):
        await execute("update theme set assigned_to = $1, assigned_team = $2", jule.id, cards)
