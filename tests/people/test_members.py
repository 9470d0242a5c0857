"""Who may do what, who leaves, who comes back, and who forgot the password."""

import asyncio
import re
from datetime import timedelta

import pytest

from hearback.clock import now
from hearback.database.engine import fetch_column, fetch_value
from hearback.people import commands, queries
from hearback.people.forms import RoleForm
from hearback.people.rules import Role, why_no_longer_admin
from hearback.people.tables import Member, PasswordReset, Session
from hearback.refusals import Refused
from tests import made
from tests.conftest import browser_of
from tests.made import NOW

SECRET = "ein langer Satz mit Kranich"
NEW = "ein anderer Satz mit Reiher"
MIKA = "mika@kranich.example"


@pytest.fixture
async def mika(desk, company):
    return await commands.create_member(
        company.id, email=MIKA, password=SECRET, name="Mika Lindqvist", role=Role.COMMS, now=NOW
    )


def test_nobody_takes_their_own_role_away_and_one_admin_always_stays():
    assert why_no_longer_admin(is_self=True, is_admin=True, other_admins=3) == "people.not-yourself"
    assert why_no_longer_admin(is_self=False, is_admin=True, other_admins=0) == "people.last-admin"
    assert why_no_longer_admin(is_self=False, is_admin=True, other_admins=1) is None
    assert why_no_longer_admin(is_self=False, is_admin=False, other_admins=0) is None


async def test_another_role_ends_the_sessions_and_is_written_down(app, desk, company, mika):
    async with browser_of(app) as browser:
        theirs = await made.signed_in(browser, company, member=mika)
        await desk.post(f"/people/{mika.id}/role", {"role": "moderator", "leads": "true"})

        assert (await theirs.get("/people")).headers["location"].startswith("/in?next=")

    changed = await queries.member(company.id, mika.id)
    assert (changed.role, changed.leads) == ("moderator", True)
    (entry,) = await queries.audit(company.id, before=None, limit=1)
    assert (entry.did, entry.who, entry.whom) == ("member.role-changed", desk.member.name, "Mika Lindqvist")
    assert entry.before == {"role": "comms", "leads": False}
    assert entry.after == {"role": "moderator", "leads": True}


async def test_saving_the_same_role_ends_nothing(app, desk, company, mika):
    async with browser_of(app) as browser:
        theirs = await made.signed_in(browser, company, member=mika)
        await desk.post(f"/people/{mika.id}/role", {"role": "comms", "leads": "true"})

        assert (await theirs.get("/people")).status_code == 200


async def test_the_last_admin_stays(desk, company):
    for path, data in (("role", {"role": "reader"}), ("deactivation", {})):
        reply = await desk.post(f"/people/{desk.member.id}/{path}", data)
        assert reply.status_code == 422
        assert "Deine eigene Rolle kann nur jemand anderes ändern." in reply.text

    assert (await queries.member(company.id, desk.member.id)).role == "admin"


async def test_two_admins_who_demote_each_other_at_once_leave_one(desk, company):
    other = await made.a_member(company, "admin")

    done = await asyncio.gather(
        commands.change_role(company.id, other.id, RoleForm(role=Role.READER), by=desk.member, now=NOW),
        commands.change_role(company.id, desk.member.id, RoleForm(role=Role.READER), by=other, now=NOW),
        return_exceptions=True,
    )

    assert [type(one) for one in done if one is not None] == [Refused]
    assert await Member.count().where(Member.role == "admin") == 1


async def test_who_leaves_comes_no_further_and_keeps_the_name(app, desk, company, mika):
    async with browser_of(app) as browser:
        theirs = await made.signed_in(browser, company, member=mika)
        await desk.post(f"/people/{mika.id}/deactivation")

        assert (await theirs.get("/people")).headers["location"].startswith("/in?next=")
        assert "Mika Lindqvist" not in (await browser.get("/kranich/who")).text

    assert "Mika Lindqvist" in (await desk.get("/people")).text
    with pytest.raises(Refused, match=r"in\.wrong"):
        await commands.sign_in(MIKA, SECRET, network="n", old_token="", now=NOW)


async def test_who_comes_back_can_sign_in_again(desk, company, mika):
    await desk.post(f"/people/{mika.id}/deactivation")
    await desk.post(f"/people/{mika.id}/return")

    assert await commands.sign_in(MIKA, SECRET, network="n", old_token="", now=NOW)


async def reset_path(desk, member) -> str:
    reply = await desk.post(f"/people/{member.id}/reset")
    assert reply.status_code == 201
    assert reply.headers["cache-control"] == "no-store"
    (path,) = re.findall(r'value="http://test(/reset/[^"]+)"', reply.text)
    return path


async def test_a_reset_link_sets_a_new_password_and_ends_every_session(app, fan, desk, company, mika):
    path = await reset_path(desk, mika)
    async with browser_of(app) as browser:
        thief = await made.signed_in(browser, company, member=mika)

        for _ in range(3):
            assert MIKA in (await fan.get(path)).text
        reply = await fan.post(path, data={"password": NEW})

        assert reply.headers["location"] == "/desk/kranich/today"
        assert (await fan.get("/desk/kranich/people/me")).status_code == 200
        assert (await thief.get("/people/me")).status_code == 303

    assert await commands.sign_in(MIKA, NEW, network="n", old_token="", now=NOW)
    with pytest.raises(Refused):
        await commands.sign_in(MIKA, SECRET, network="n", old_token="", now=NOW)


async def test_a_reset_link_opens_once_and_for_a_day(fan, desk, mika):
    used = await reset_path(desk, mika)
    await fan.post(used, data={"password": NEW})
    assert (await fan.post(used, data={"password": SECRET})).status_code == 410
    assert (await fan.get(used)).status_code == 410

    late = await reset_path(desk, mika)
    await PasswordReset.update({PasswordReset.expires_at: NOW - timedelta(seconds=1)}, force=True)
    assert (await fan.post(late, data={"password": SECRET})).status_code == 410
    assert (await fan.get("/reset/made-up")).status_code == 404


async def test_a_new_reset_link_ends_the_one_before(fan, desk, mika):
    first = await reset_path(desk, mika)
    await reset_path(desk, mika)

    assert (await fan.get(first)).status_code == 404


async def test_a_reset_link_frees_an_account_that_was_tried_too_often(fan, desk, mika):
    at = now()  # the link is opened by the clock, which may be a window later than where all tests began
    for _ in range(10):
        with pytest.raises(Refused):
            await commands.sign_in(MIKA, "x", network="n", old_token="", now=at)

    await fan.post(await reset_path(desk, mika), data={"password": NEW})

    assert await commands.sign_in(MIKA, NEW, network="n", old_token="", now=at)


async def test_no_admin_opens_another_companys_desk_with_a_reset_link(desk, company, mika):
    other = await made.a_company("reiher")
    await commands.create_member(other.id, email=MIKA, password=SECRET, name="Mika", now=NOW)

    reply = await desk.post(f"/people/{mika.id}/reset")

    assert reply.status_code == 422
    assert await PasswordReset.count() == 0


async def test_nor_with_one_made_before_they_joined_the_other_company(fan, desk, company, mika):
    path = await reset_path(desk, mika)
    other = await made.a_company("reiher")
    await commands.create_member(other.id, email=MIKA, password=SECRET, name="Mika", now=NOW)

    assert (await fan.post(path, data={"password": NEW})).status_code == 410
    assert await commands.sign_in(MIKA, SECRET, network="n", old_token="", now=NOW)


async def test_a_short_password_is_refused_and_the_link_still_stands(fan, desk, mika):
    path = await reset_path(desk, mika)

    assert (await fan.post(path, data={"password": "kurz"})).status_code == 422
    assert (await fan.post(path, data={"password": NEW})).status_code == 303


async def test_members_see_each_other_and_only_an_admin_sees_addresses(app, desk, company, mika):
    await desk.post("/people/invitations", {"email": "neu@kranich.example", "role": "reader"})

    async with browser_of(app) as browser:
        reader = await made.signed_in(browser, company, "reader")
        page = (await reader.get("/people")).text

    assert "Mika Lindqvist" in page
    assert "neu@kranich.example" not in page
    assert "/people/invitations" not in page
    assert "neu@kranich.example" in (await desk.get("/people")).text


async def test_every_change_of_members_is_one_audit_row(fan, desk, company, mika):
    count = "select count(*) from audit where company = $1"
    steps = [
        ("/people/invitations", {"email": "neu@kranich.example", "role": "reader"}),
        (f"/people/{mika.id}/role", {"role": "reader"}),
        (f"/people/{mika.id}/deactivation", {}),
        (f"/people/{mika.id}/return", {}),
        (f"/people/{mika.id}/reset", {}),
        ("/people/me", {"name": "Jule B", "language": "de", "role_title": "Leitung"}),
    ]
    for path, data in steps:
        before = await fetch_value(count, company.id)
        await desk.post(path, data)
        assert await fetch_value(count, company.id) == before + 1, path


async def test_no_secret_and_no_address_stands_in_the_audit(fan, desk, company, mika):
    await desk.post("/people/invitations", {"email": "neu@kranich.example", "role": "reader"})
    path = await reset_path(desk, mika)
    await fan.post(path, data={"password": NEW})

    rows = " ".join(await fetch_column("select audit::text from audit"))
    assert not any(secret in rows for secret in ("neu@", MIKA, NEW, SECRET, path.rpartition("/")[2]))


async def test_sessions_die_with_the_password_that_opened_them(app, desk, company, mika):
    async with browser_of(app) as here, browser_of(app) as there:
        mine = await made.signed_in(here, company, member=mika)
        other = await made.signed_in(there, company, member=mika)

        wrong = await mine.post("/people/me/password", {"password": "falsch", "new_password": NEW})
        assert wrong.status_code == 422
        assert await Session.count() == 3
        done = await mine.post("/people/me/password", {"password": SECRET, "new_password": NEW})

        assert done.status_code == 303
        assert (await mine.get("/people/me")).status_code == 200
        assert (await other.get("/people/me")).status_code == 303
