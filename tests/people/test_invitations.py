"""A link to come in: one person, one use, 72 hours; looking takes nothing."""

import re
from datetime import timedelta

import pytest

from hearback.database.engine import fetch_column, fetch_value
from hearback.people import commands, queries
from hearback.people.access import cookie_name
from hearback.people.forms import InvitationForm
from hearback.people.rules import INVITATION_LASTS, Role, token_hash
from hearback.people.tables import Invitation, Member
from hearback.refusals import Refused
from tests import made
from tests.conftest import browser_of
from tests.made import NOW

SECRET = "ein langer Satz mit Kranich"
TAREK = "tarek@kranich.example"


@pytest.fixture
async def link(desk) -> str:
    """The path of an invitation for Tarek, as an admin just got it."""
    reply = await desk.post("/people/invitations", {"email": "Tarek@Kranich.example", "role": "product"})
    assert reply.status_code == 201
    (path,) = re.findall(r'value="http://test(/invitation/[^"]+)"', reply.text)
    return path


async def test_the_link_is_shown_once_and_kept_nowhere(desk, link):
    token = link.rpartition("/")[2]

    assert token not in (await desk.get("/people")).text
    assert len(token) >= 43
    assert await fetch_column("select token_hash from invitation") == [token_hash(token)]


async def test_the_page_says_who_invites_to_what(fan, desk, link):
    page = await fan.get(link)

    assert f"{desk.member.name} lädt dich zu Kranich Spiele ein." in page.text
    assert "Deine Rolle: Produkt." in page.text
    assert TAREK in page.text
    assert "set-cookie" not in page.headers
    assert page.headers["cache-control"] == "no-store"


async def test_looking_ten_times_takes_nothing(fan, link):
    for _ in range(10):
        assert (await fan.get(link)).status_code == 200

    assert await fetch_column("select used_at from invitation") == [None]


async def test_taking_it_makes_a_member_who_is_signed_in(fan, link, company):
    reply = await fan.post(link, data={"name": "Tarek Osman", "password": SECRET})

    assert (reply.status_code, reply.headers["location"]) == (303, "/desk/kranich/people/me")
    assert (await fan.get("/desk/kranich/people/me")).status_code == 200
    tarek = next(one for one in await queries.members(company.id) if one.name == "Tarek Osman")
    assert (tarek.role, tarek.leads) == ("product", False)
    assert await commands.sign_in(TAREK, SECRET, network="n", old_token="", now=NOW)


async def test_it_opens_once(fan, link):
    form = {"name": "Tarek Osman", "password": SECRET}
    await fan.post(link, data=form)

    async with browser_of(fan._transport.app) as second:
        again = await second.post(link, data=form)
        look = await second.get(link)

    assert (again.status_code, look.status_code) == (410, 410)
    assert "Diese Einladung gilt nicht mehr" in again.text
    assert cookie_name() not in again.cookies
    assert await Member.count().where(Member.name == "Tarek Osman") == 1


async def test_two_at_the_same_moment_make_one_member(fan, link):
    invited = await queries.invitation(token_hash(link.rpartition("/")[2]))
    taking = {"name": "Tarek Osman", "password": SECRET, "network": "n", "now": NOW}
    await commands.accept_invitation(invited, **taking)

    with pytest.raises(Refused):
        await commands.accept_invitation(invited, **taking)

    assert await Member.count().where(Member.name == "Tarek Osman") == 1


async def test_after_72_hours_it_has_ended(fan, link):
    await Invitation.update({Invitation.expires_at: NOW - timedelta(seconds=1)}, force=True)

    assert (await fan.get(link)).status_code == 410
    assert (await fan.post(link, data={"name": "Tarek Osman", "password": SECRET})).status_code == 410


async def test_it_lasts_72_hours(desk, company):
    await commands.invite(company.id, InvitationForm(email=TAREK, role=Role.READER), by=desk.member, now=NOW)

    assert await fetch_column("select expires_at from invitation") == [NOW + INVITATION_LASTS]
    assert timedelta(hours=72) == INVITATION_LASTS


async def test_another_address_cannot_be_slipped_in(fan, link):
    reply = await fan.post(
        link, data={"name": "Tarek Osman", "password": SECRET, "email": "eve@evil.example"}
    )

    assert reply.status_code == 422
    assert await fetch_value("select count(*) from account where email like 'eve%'") == 0


async def test_a_role_cannot_be_slipped_in(fan, link):
    reply = await fan.post(link, data={"name": "Tarek Osman", "password": SECRET, "role": "admin"})

    assert reply.status_code == 422


async def test_a_made_up_link_is_nothing(fan, company):
    assert (await fan.get("/invitation/made-up")).status_code == 404
    assert (
        await fan.post("/invitation/made-up", data={"name": "Eve", "password": SECRET})
    ).status_code == 404


async def test_what_does_not_fit_is_said_and_the_name_stays(fan, link):
    reply = await fan.post(link, data={"name": "Tarek Osman", "password": "kurz"})

    assert reply.status_code == 422
    assert "Nimm bitte mindestens 10 Zeichen." in reply.text
    assert 'value="Tarek Osman"' in reply.text
    assert "kurz" not in re.sub("kurzer", "", reply.text)
    assert await fetch_column("select used_at from invitation") == [None]


async def test_an_account_that_is_there_already_needs_its_own_password(fan, desk, link):
    other = await made.a_company("reiher", name="Reiher Reisen")
    await commands.create_member(other.id, email=TAREK, password=SECRET, name="Tarek Osman", now=NOW)

    assert "Diese Adresse hat hier schon ein Konto." in (await fan.get(link)).text
    wrong = await fan.post(link, data={"name": "Tarek", "password": "ein anderer langer Satz"})
    assert wrong.status_code == 422
    assert await fetch_column("select used_at from invitation") == [None]

    right = await fan.post(link, data={"name": "Tarek", "password": SECRET})
    assert right.status_code == 303
    assert await fetch_value("select count(*) from account where email = $1", TAREK) == 1


async def test_a_password_cannot_be_guessed_through_an_invitation(fan, desk, link):
    other = await made.a_company("reiher")
    await commands.create_member(other.id, email=TAREK, password=SECRET, name="Tarek Osman", now=NOW)

    replies = [await fan.post(link, data={"name": "Eve", "password": f"geraten {n}"}) for n in range(11)]

    assert [reply.status_code for reply in replies] == [422] * 10 + [429]


async def test_a_new_invitation_of_the_same_address_ends_the_one_before(fan, desk, link):
    await desk.post("/people/invitations", {"email": TAREK, "role": "reader"})

    assert (await fan.get(link)).status_code == 404
    assert await Invitation.count() == 1


async def test_an_invitation_can_be_taken_back(fan, desk, link):
    (invitation_id,) = await fetch_column("select id from invitation")

    await desk.post(f"/people/invitations/{invitation_id}/withdrawal")

    assert (await fan.get(link)).status_code == 404


async def test_nobody_is_invited_twice_into_the_same_company(desk, company):
    email = await fetch_value("select email from account where id = $1", desk.member.account)

    reply = await desk.post("/people/invitations", {"email": email, "role": "admin"})

    assert reply.status_code == 422
    assert "Diese Adresse gehört schon zu euch." in reply.text
    assert await Invitation.count() == 0


@pytest.mark.parametrize(
    "typed",
    [
        {"email": "tarek", "role": "reader"},
        {"email": "a@b@c.de", "role": "reader"},
        {"email": "tarek@kranich.example\r\nbcc: all@example.com", "role": "reader"},
        {"email": TAREK, "role": "owner"},
        {"email": TAREK},
        {"role": "reader"},
        {"email": TAREK, "role": "reader", "company": "reiher"},
        {"email": "x" * 250 + "@a.de", "role": "reader"},
    ],
)
async def test_an_invitation_that_does_not_fit_is_refused_with_what_was_typed(desk, typed):
    reply = await desk.post("/people/invitations", typed)

    assert reply.status_code == 422
    assert await Invitation.count() == 0
    assert 'role="alert"' in reply.text
