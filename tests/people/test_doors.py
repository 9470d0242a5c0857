"""In and out: who gets a session, how long it lives, and how often one may try."""

from datetime import timedelta

import httpx
import pytest

from hearback.app import build_app
from hearback.database.engine import fetch_column, fetch_value
from hearback.people import commands
from hearback.people.access import cookie_name
from hearback.people.rules import Role, local_path
from hearback.people.tables import Member, Session
from hearback.people.tries import MOST_PER_ACCOUNT, MOST_PER_NETWORK
from hearback.refusals import Refused, TooMany
from tests import made
from tests.conftest import browser_of
from tests.made import NOW

SECRET = "ein langer Satz mit Kranich"
JULE = "jule@kranich.example"


@pytest.fixture
async def jule(company):
    return await commands.create_member(
        company.id, email=JULE, password=SECRET, name="Jule Brandt", role=Role.ADMIN, now=NOW
    )


async def come_in(browser: httpx.AsyncClient, password: str = SECRET, email: str = JULE, **more: str):
    return await browser.post("/in", data={"email": email, "password": password} | more)


async def test_address_and_password_open_the_desk(fan, jule):
    reply = await come_in(fan)

    assert (reply.status_code, reply.headers["location"]) == (303, "/desk")
    assert (await fan.get("/desk")).headers["location"] == "/desk/kranich/today"
    assert (await fan.get("/desk/kranich/people/me")).status_code == 200


async def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(fan, jule):
    cookie = (await come_in(fan)).headers["set-cookie"]

    assert cookie.startswith("hearback=")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie


async def test_on_https_the_cookie_is_bound_to_this_host(database, set_env, fan, jule):
    set_env("HEARBACK_PUBLIC_URL", "https://hoeren.example")

    cookie = (await come_in(fan)).headers["set-cookie"]

    assert cookie.startswith("__Host-hearback=")
    assert "Secure" in cookie
    assert "Domain" not in cookie


async def test_the_database_holds_no_usable_token(fan, jule):
    await come_in(fan)

    token = fan.cookies[cookie_name()]
    (kept,) = await fetch_column("select token_hash from session")
    assert len(token) >= 43
    assert token.encode() not in kept


@pytest.mark.parametrize(
    ("email", "password"), [(JULE, "falsch, aber lang"), ("niemand@kranich.example", SECRET)]
)
async def test_a_wrong_password_and_an_unknown_address_get_the_same_reply(fan, jule, email, password):
    reply = await come_in(fan, password, email)

    assert reply.status_code == 422
    assert "Adresse und Passwort passen nicht zusammen." in reply.text
    assert "set-cookie" not in reply.headers
    assert email in reply.text
    assert password not in reply.text
    assert await Session.count() == 0


async def test_an_unknown_address_is_checked_against_a_hash_too(fan, jule, monkeypatch):
    """Time is not measured here; the same work is done."""
    checked = []
    real = commands.signing_in.is_right

    async def watching(password, password_hash):
        checked.append(password_hash)
        return await real(password, password_hash)

    monkeypatch.setattr(commands.signing_in, "is_right", watching)
    await come_in(fan, "falsch, aber lang")
    await come_in(fan, "falsch, aber lang", "niemand@kranich.example")

    assert [bool(password_hash) for password_hash in checked] == [True, False]


async def test_who_was_deactivated_gets_the_same_reply_as_a_stranger(fan, company, jule):
    await Member.update({Member.active: False}).where(Member.id == jule.id)

    assert "Adresse und Passwort passen nicht zusammen." in (await come_in(fan)).text


async def test_a_session_that_somebody_else_chose_is_not_taken_over(fan, jule):
    fan.cookies.set(cookie_name(), "chosen-by-an-attacker", domain="test.local")

    await come_in(fan)

    sessions = await fetch_column("select token_hash from session")
    assert sessions == [commands.signing_in.token_hash(list(fan.cookies.jar)[-1].value)]
    async with browser_of(fan._transport.app) as attacker:
        attacker.cookies.set(cookie_name(), "chosen-by-an-attacker")
        assert (await attacker.get("/desk/kranich/people/me")).status_code == 303


async def test_signing_in_again_ends_the_session_before(fan, jule):
    await come_in(fan)
    before = fan.cookies[cookie_name()]

    await come_in(fan)

    assert fan.cookies[cookie_name()] != before
    assert await Session.count() == 1


async def test_signing_out_ends_the_session_for_whoever_copied_the_cookie(fan, jule):
    await come_in(fan)
    copied = fan.cookies[cookie_name()]

    reply = await fan.post("/out")

    assert reply.headers["location"] == "/in"
    fan.cookies.set(cookie_name(), copied, domain="test.local")
    assert (await fan.get("/desk/kranich/people/me")).headers["location"].startswith("/in?next=")


async def test_another_site_can_neither_sign_in_nor_out(fan, jule):
    await come_in(fan)
    foreign = {"sec-fetch-site": "cross-site"}

    assert (await fan.post("/out", headers=foreign)).status_code == 403
    assert (await fan.post("/in", data={}, headers={"origin": "https://evil.example"})).status_code == 403
    assert await Session.count() == 1


async def test_a_session_unseen_for_two_weeks_has_ended(fan, jule):
    await come_in(fan)
    await Session.update({Session.seen_at: NOW - timedelta(days=15)}, force=True)

    assert (await fan.get("/desk/kranich/people/me")).status_code == 303


async def test_after_signing_in_one_is_where_one_wanted_to_be(fan, jule):
    door = await fan.get("/in?next=/desk/kranich/settings")
    assert 'value="/desk/kranich/settings"' in door.text

    reply = await come_in(fan, next="/desk/kranich/settings")

    assert reply.headers["location"] == "/desk/kranich/settings"


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example",
        "http:evil.example",
        "javascript:alert(1)",
        "evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "/desk\r\nset-cookie: a=b",
        " //evil.example",
        "///evil.example",
        "/desk\\@evil.example",
        "\x00/desk",
        "",
    ],
)
async def test_no_link_leads_out_of_the_site(fan, jule, wanted):
    assert local_path(wanted, "/desk") == "/desk"
    reply = await come_in(fan, next=wanted)
    assert reply.headers.get("location", "/desk") == "/desk"


async def test_after_ten_tries_one_has_to_wait_even_with_the_right_password(fan, jule):
    for _ in range(MOST_PER_ACCOUNT):
        assert (await come_in(fan, "falsch, aber lang")).status_code == 422

    reply = await come_in(fan)

    assert reply.status_code == 429
    assert int(reply.headers["retry-after"]) > 800
    assert "Das waren viele Versuche in kurzer Zeit." in reply.text


async def test_the_limit_holds_in_another_process_and_after_a_restart(fan, jule):
    for _ in range(MOST_PER_ACCOUNT):
        await come_in(fan, "falsch, aber lang")

    async with browser_of(build_app()) as other:
        assert (await come_in(other)).status_code == 429


async def test_another_address_in_a_header_gains_no_tries(fan, jule):
    tries = 0
    for number in range(2 * MOST_PER_ACCOUNT):
        reply = await fan.post(
            "/in",
            data={"email": JULE, "password": "falsch, aber lang"},
            headers={"x-forwarded-for": f"203.0.{number}.7", "forwarded": f"for=203.0.{number}.7"},
        )
        tries += reply.status_code == 422

    assert tries == MOST_PER_ACCOUNT


async def test_one_network_cannot_try_many_accounts(pool):
    for number in range(MOST_PER_NETWORK):
        with pytest.raises(Refused):
            await commands.sign_in(f"m{number}@a.example", "x", network="n", old_token="", now=NOW)

    with pytest.raises(TooMany):
        await commands.sign_in("another@a.example", "x", network="n", old_token="", now=NOW)


async def test_midnight_gives_no_new_tries(pool):
    late = NOW.replace(hour=23, minute=59, second=0)
    for _ in range(MOST_PER_ACCOUNT):
        with pytest.raises(Refused):
            await commands.sign_in(JULE, "x", network="n", old_token="", now=late)

    with pytest.raises(TooMany):
        await commands.sign_in(JULE, "x", network="n", old_token="", now=late + timedelta(minutes=2))


async def test_after_a_quarter_of_an_hour_one_may_try_again(company, jule):
    for _ in range(MOST_PER_ACCOUNT):
        with pytest.raises(Refused):
            await commands.sign_in(JULE, "x", network="n", old_token="", now=NOW)

    later = NOW + timedelta(minutes=16)
    assert await commands.sign_in(JULE, SECRET, network="n", old_token="", now=later)


async def test_a_success_forgets_earlier_slips(company, jule):
    for _ in range(3):
        for _ in range(MOST_PER_ACCOUNT - 1):
            with pytest.raises(Refused):
                await commands.sign_in(JULE, "x", network="n", old_token="", now=NOW)
        await commands.sign_in(JULE, SECRET, network="n", old_token="", now=NOW)


async def test_the_limits_hold_no_address_and_no_network(fan, jule):
    await come_in(fan, "falsch, aber lang")

    keys = await fetch_column("select key from bucket")
    assert keys
    assert not any(JULE.encode() in key or b"127.0.0" in key for key in keys)


async def test_with_two_companies_one_chooses_a_desk(fan, company, jule):
    other = await made.a_company("reiher", name="Reiher Reisen")
    await commands.create_member(other.id, email=JULE, password=SECRET, name="Jule Brandt", now=NOW)
    await come_in(fan)

    page = await fan.get("/desk")

    assert 'href="/desk/kranich/today"' in page.text
    assert 'href="/desk/reiher/today"' in page.text


async def test_without_a_session_the_desk_leads_to_the_door(fan):
    assert (await fan.get("/desk")).headers["location"] == "/in?next=%2Fdesk"


async def test_the_door_speaks_english_when_asked(fan):
    assert "Sign in" in (await fan.get("/in?lang=en")).text


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"email": JULE},
        {"email": JULE, "password": "x" * 201},
        {"email": "x" * 300, "password": SECRET},
        {"email": JULE, "password": SECRET, "role": "admin"},
        {"email": [JULE, JULE], "password": SECRET},
    ],
)
async def test_a_form_that_does_not_fit_opens_nothing(fan, jule, typed):
    reply = await fan.post("/in", data=typed)

    assert reply.status_code == 422
    assert await fetch_value("select count(*) from session") == 0


@pytest.mark.parametrize("body", [b"email=%00&password=x", b"email=%ff%fe&password=x"])
async def test_broken_letters_are_said_in_words(fan, body):
    reply = await fan.post("/in", content=body, headers={"content-type": "application/x-www-form-urlencoded"})

    assert reply.status_code == 422
    assert "Nichts wurde gespeichert." in reply.text
