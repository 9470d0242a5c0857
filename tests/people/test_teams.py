"""Teams: who makes them, who is in them, and why one that looks after themes stays."""

import asyncio

import pytest

from hearback.database.engine import execute, fetch_column, fetch_value
from hearback.people import commands, queries
from hearback.people.forms import TeamForm
from hearback.refusals import NotFound, Refused
from tests import made
from tests.conftest import browser_of
from tests.made import NOW


@pytest.fixture
async def kranich(pool):
    return await made.a_company()


@pytest.fixture
async def jule(kranich):
    return await made.a_member(kranich, "admin", name="Jule Brandt")


@pytest.fixture
async def tarek(kranich):
    return await made.a_member(kranich, "reader", name="Tarek Osman")


@pytest.fixture
async def cards(kranich, jule, tarek):
    team_id = await commands.make_team(kranich.id, TeamForm("Karten", [jule.id, tarek.id]), by=jule, now=NOW)
    return await queries.team(kranich.id, team_id)


async def looks_after(team, theme):
    await execute("update theme set assigned_team = $2 where id = $1", theme.id, team.id)


async def test_a_team_stands_on_the_page_of_members_with_who_is_in_it(desk, company):
    mika = await made.a_member(company, "comms", name="Mika Lindqvist")

    reply = await desk.post(
        "/people/teams", {"name": " Karten ", "member": [str(mika.id), str(desk.member.id)]}
    )

    assert reply.status_code == 303
    (team,) = await queries.teams(company.id)
    assert (team.name, set(team.members)) == ("Karten", {mika.id, desk.member.id})
    page = (await desk.get("/people")).text
    assert "<strong>Karten</strong>" in page
    assert "Mika Lindqvist" in page.split('id="teams"')[1]
    assert await fetch_column("select did from audit") == ["team.made"]


async def test_what_does_not_fit_is_said_and_what_was_typed_is_kept(desk, company):
    reply = await desk.post("/people/teams", {"name": "Karten"})

    assert reply.status_code == 422
    assert "Wähl mindestens eine Person" in reply.text
    assert 'value="Karten"' in reply.text

    reply = await desk.post("/people/teams", {"name": "K", "member": [str(desk.member.id)]})

    assert reply.status_code == 422
    assert f'value="{desk.member.id}" checked' in reply.text
    assert await fetch_value("select count(*) from team") == 0


async def test_two_teams_do_not_have_one_name(kranich, jule, cards):
    with pytest.raises(Refused, match=r"team\.name-taken"):
        await commands.make_team(kranich.id, TeamForm("KARTEN", [jule.id]), by=jule, now=NOW)

    made_both = await asyncio.gather(
        *[commands.make_team(kranich.id, TeamForm("Würfel", [jule.id]), by=jule, now=NOW) for _ in range(2)],
        return_exceptions=True,
    )
    assert sorted(isinstance(one, Refused) for one in made_both) == [False, True]


async def test_a_team_gets_another_name_and_other_members(kranich, jule, tarek, cards):
    await commands.change_team(
        kranich.id, cards.id, TeamForm("Karten und Brett", [tarek.id]), by=jule, now=NOW
    )
    await commands.change_team(
        kranich.id, cards.id, TeamForm("Karten und Brett", [tarek.id]), by=jule, now=NOW
    )

    changed = await queries.team(kranich.id, cards.id)
    assert (changed.name, changed.names) == ("Karten und Brett", ["Tarek Osman"])
    assert await fetch_column("select did from audit order by id") == ["team.made", "team.changed"]


async def test_who_left_is_in_no_team_until_they_come_back(kranich, jule, tarek, cards):
    await commands.deactivate(kranich.id, tarek.id, by=jule, now=NOW)
    assert (await queries.team(kranich.id, cards.id)).names == ["Jule Brandt"]
    with pytest.raises(Refused, match=r"form\.not-a-choice"):
        await commands.change_team(kranich.id, cards.id, TeamForm("Karten", [tarek.id]), by=jule, now=NOW)
    await commands.change_team(kranich.id, cards.id, TeamForm("Brett", [jule.id]), by=jule, now=NOW)

    await commands.reactivate(kranich.id, tarek.id, by=jule, now=NOW)

    assert (await queries.team(kranich.id, cards.id)).names == ["Jule Brandt", "Tarek Osman"]


async def test_a_team_that_looks_after_themes_is_not_put_away(desk, company):
    mine = TeamForm("Karten", [desk.member.id])
    team_id = await commands.make_team(company.id, mine, by=desk.member, now=NOW)
    theme = await made.a_theme(company)
    await looks_after(await queries.team(company.id, team_id), theme)

    reply = await desk.post(f"/people/teams/{team_id}/putting-away")

    assert reply.status_code == 422
    assert "Dieses Team betreut noch 1 Thema. Gib es erst jemand anderem" in reply.text.replace("\xa0", " ")
    assert "betreut 1 Thema" in (await desk.get("/people")).text.replace("\xa0", " ")
    assert await fetch_value("select put_away_at from team") is None

    await execute("update theme set assigned_team = null")
    assert (await desk.post(f"/people/teams/{team_id}/putting-away")).status_code == 303
    assert await queries.teams(company.id) == []
    assert "1 Team ist abgelegt" in (await desk.get("/people")).text.replace("\xa0", " ")


async def test_a_team_that_was_put_away_comes_back_unless_its_name_is_taken(kranich, jule, cards):
    for _ in range(2):
        await commands.put_team_away(kranich.id, cards.id, by=jule, now=NOW)
    other = await commands.make_team(kranich.id, TeamForm("Karten", [jule.id]), by=jule, now=NOW)
    with pytest.raises(Refused, match=r"team\.name-taken"):
        await commands.bring_team_back(kranich.id, cards.id, by=jule, now=NOW)

    await commands.change_team(kranich.id, other, TeamForm("Würfel", [jule.id]), by=jule, now=NOW)
    await commands.bring_team_back(kranich.id, cards.id, by=jule, now=NOW)

    assert [one.name for one in await queries.teams(kranich.id)] == ["Karten", "Würfel"]
    deeds = await fetch_column("select did from audit order by id")
    assert deeds == ["team.made", "team.put-away", "team.made", "team.changed", "team.brought-back"]


async def test_another_companys_team_and_members_are_none_of_ours(desk, company):
    reiher = await made.a_company("reiher")
    rosa = await made.a_member(reiher, "admin", name="Rosa")
    theirs = await commands.make_team(reiher.id, TeamForm("Geheim", [rosa.id]), by=rosa, now=NOW)

    for team_id in (theirs, made.some_id()):
        assert (await desk.get(f"/people/teams/{team_id}")).status_code == 404
        for action in ("", "/putting-away", "/return"):
            reply = await desk.post(
                f"/people/teams/{team_id}{action}", {"name": "Unser", "member": [str(desk.member.id)]}
            )
            assert reply.status_code == 404
    assert "Geheim" not in (await desk.get("/people")).text
    with pytest.raises(Refused, match=r"form\.not-a-choice"):
        await commands.make_team(company.id, TeamForm("Karten", [rosa.id]), by=desk.member, now=NOW)
    with pytest.raises(NotFound):
        await queries.team(company.id, theirs)


@pytest.mark.parametrize("role", ["comms", "product", "moderator", "reader"])
async def test_who_does_not_manage_sees_teams_and_changes_none(app, company, role):
    jule = await made.a_member(company, "admin", name="Jule Brandt")
    team_id = await commands.make_team(company.id, TeamForm("Karten", [jule.id]), by=jule, now=NOW)
    async with browser_of(app) as browser:
        desk = await made.signed_in(browser, company, role)

        page = (await desk.get("/people")).text
        assert "<strong>Karten</strong>" in page
        assert f"/people/teams/{team_id}" not in page
        assert (await desk.get("/people/teams/new")).status_code == 403
        told = {"name": "Meins", "member": [str(desk.member.id)]}
        for path in ("", f"/{team_id}", f"/{team_id}/putting-away", f"/{team_id}/return"):
            assert (await desk.post(f"/people/teams{path}", told)).status_code == 403
    assert await fetch_value("select name from team where put_away_at is null") == "Karten"
