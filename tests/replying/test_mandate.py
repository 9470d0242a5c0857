"""Leadership signs in public what may be answered at once, and takes it back; nothing of it is ever rewritten."""

import asyncpg
import pytest

from hearback.database.engine import execute
from hearback.refusals import Refused
from hearback.replying import commands, queries
from hearback.replying.forms import MandateForm
from tests import made
from tests.conftest import browser_of

SIGNED = {
    "words": "Ihr dürft das sofort beantworten. Ich stehe dafür ein.",
    "topics": "Öffnungszeiten\nTermine",
}


@pytest.fixture
async def leader(company):
    return await made.a_member(company, "reader", name="Mara Lindt", role_title="Leitung", leads=True)


async def test_a_leader_signs_and_everybody_can_read_it(app, fan, company, leader):
    async with browser_of(app) as browser:
        desk = await made.signed_in(browser, company, member=leader)
        assert (await desk.post("/mandate", SIGNED)).status_code == 303

    page = (await fan.get("/kranich/mandate")).text
    for words in ("Ich stehe dafür ein.", "Öffnungszeiten", "Termine", "Mara Lindt", "Gilt seit"):
        assert words in page


async def test_what_is_signed_is_written_in_the_language_of_the_mandate(app, company, leader):
    async with browser_of(app) as browser:
        desk = await made.signed_in(browser, company, member=leader)
        await desk.post("/mandate", SIGNED | {"language": "en"})

        page = (await desk.get("/mandate")).text

    for field in ("words", "topics", "why"):
        assert ' lang="en"' in page.partition(f'<textarea class="input" id="{field}"')[2].partition(">")[0]


async def test_who_does_not_lead_signs_nothing_whatever_their_role(app, company):
    async with browser_of(app) as browser:
        desk = await made.signed_in(browser, company, "admin")
        page = await desk.post("/mandate", SIGNED)
        revoked = await desk.post("/mandate/revocation", {"why": "Es passt so nicht mehr."})

    assert (page.status_code, revoked.status_code) == (422, 422)
    assert "Das kann nur jemand aus der Leitung." in page.text
    assert await queries.mandates(company.id) == []


async def test_taken_back_it_covers_nothing_and_every_version_stays_readable(fan, company, leader):
    await commands.sign_mandate(company.id, MandateForm(**SIGNED), by=leader, now=made.NOW)
    await commands.revoke_mandate(company.id, "Wir sortieren neu.", by=leader, now=made.NOW)

    assert await queries.mandate_that_holds(company.id) is None
    page = (await fan.get("/kranich/mandate")).text
    for words in ("Wir sortieren neu.", "Öffnungszeiten", "Zurückgenommen am", "Fassung vom"):
        assert words in page
    with pytest.raises(Refused, match="none-holds"):
        await commands.revoke_mandate(company.id, "Noch einmal.", by=leader, now=made.NOW)


async def test_whoever_signs_has_seen_the_version_before(company, leader):
    await commands.sign_mandate(company.id, MandateForm(**SIGNED), by=leader, now=made.NOW)

    with pytest.raises(Refused, match="signed-meanwhile"):
        await commands.sign_mandate(company.id, MandateForm(**SIGNED), by=leader, now=made.NOW)
    await commands.sign_mandate(company.id, MandateForm(**SIGNED, number=1), by=leader, now=made.NOW)

    assert [one.number for one in await queries.mandates(company.id)] == [2, 1]


async def test_not_even_the_program_can_rewrite_it(company, leader):
    await commands.sign_mandate(company.id, MandateForm(**SIGNED), by=leader, now=made.NOW)

    for sql in ("update mandate set words = 'anders'", "delete from mandate"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await execute(sql)


async def test_matters_are_few_and_short(company, leader):
    many, long = "\n".join(f"Anliegen {n}" for n in range(13)), "x" * 121
    for topics, reason in [(many, "too-many"), (long, "too-long")]:
        form = MandateForm(words=SIGNED["words"], topics=topics)
        with pytest.raises(Refused, match=reason):
            await commands.sign_mandate(company.id, form, by=leader, now=made.NOW)
