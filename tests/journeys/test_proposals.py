"""Proposals in a browser: by the keyboard alone, said aloud, and on a phone without scripts."""

import msgspec
import pytest
from playwright.async_api import expect

from hearback.database.engine import connected, fetch_column, fetch_value
from hearback.people.access import cookie_name
from hearback.themes.proposals import Evidence
from hearback.themes.tables import Proposal
from tests import made

PAGE = "/desk/kranich/themes/proposals"


@pytest.fixture
async def token(database, site):
    """The session of an admin at a company with a new theme and three unsure statements to decide on."""
    async with connected():
        company = await made.a_company()
        jule = await made.a_member(company, name="Jule Brandt")
        question = await made.a_question(company, by=jule)
        waits = await made.a_theme(company, "Wartezeit")
        guess = await made.a_theme(company, "", state="suggested", terms=["Steine", "Farben"])
        for kind, theme, words in [
            ("new", guess, ["Rot ist wie Grün.", "Alle Steine sind gleich."]),
            ("join", waits, ["Das Paket kam spät.", "Noch immer nichts da.", "Schönes Brett."]),
        ]:
            excerpts = [
                await made.placed(company, await made.an_answer(company, question, said), theme)
                for said in words
            ]
            ids = [one.id for one in excerpts]
            evidence = msgspec.json.encode(Evidence(quotes=ids, right=2.0)).decode()
            about = {"theme": theme.id, "excerpts": ids, "evidence": evidence}
            await Proposal(company=company.id, kind=kind, worth=1.0, **about).save()
        yield await made.a_session(jule)


async def opened(context, site, token):
    await context.add_cookies([{"name": cookie_name(), "value": token, "url": site}])
    page = await context.new_page()
    await page.goto(PAGE)
    return page


async def states():
    return sorted(await fetch_column("select state from proposal where kind in ('new', 'join')"))


async def test_the_keyboard_selects_accepts_hears_of_it_and_takes_it_back(site, token, computer):
    page = await opened(computer, site, token)
    await page.keyboard.press("j")
    await page.keyboard.press("x")
    await page.keyboard.press("j")
    await page.keyboard.press("x")
    await expect(page.locator("[name=tick]:checked")).to_have_count(2)
    await page.get_by_role("button", name="Ausgewählte annehmen").focus()
    await page.keyboard.press("Enter")

    await expect(page.locator("#status")).to_have_text("2 Vorschläge angenommen.")
    await expect(page.get_by_role("heading", name="Gerade gibt es keinen Vorschlag")).to_be_focused()
    assert await states() == ["accepted", "accepted"]
    assert await fetch_value("select count(*) from placement where \"by\" = 'person'") == 3

    await page.keyboard.press("z")
    await expect(page.locator("#status")).to_have_text("Zurückgenommen.")
    assert await states() == ["accepted", "open"]


async def test_enter_in_a_field_decides_nothing_and_a_taken_name_is_told_beside_it(site, token, computer):
    page = await opened(computer, site, token)
    name = page.get_by_label("Name: Steine, Farben")
    await name.fill("Wartezeit")
    await page.keyboard.press("Enter")
    assert await states() == ["open", "open"]

    await page.get_by_role("button", name="Als Thema annehmen").click()

    await expect(page.get_by_role("alert")).to_be_focused()
    await expect(name).to_have_value("Wartezeit")
    assert await states() == ["open", "open"] and page.url.endswith("/themes/proposals")


async def test_a_phone_without_scripts_can_do_all_of_it(site, token, phone_without_scripts):
    page = await opened(phone_without_scripts, site, token)
    await page.get_by_role("checkbox", name="Schönes Brett.").uncheck()
    await page.get_by_role("button", name="Angekreuzte gehören hierher").click()
    await expect(page.get_by_text("Ein Vorschlag angenommen.")).to_be_visible()
    assert await fetch_value("select count(*) from placement where \"by\" = 'person'") == 2

    await page.get_by_role("button", name="Kein Thema").click()
    await expect(page.get_by_text("Ein Vorschlag abgelehnt.")).to_be_visible()
    assert await fetch_value("select count(*) from placement") == 2
    await page.get_by_role("button", name="Rückgängig").click()
    await expect(page.get_by_text("Zurückgenommen.")).to_be_visible()
    assert await fetch_value("select count(*) from placement") == 4
