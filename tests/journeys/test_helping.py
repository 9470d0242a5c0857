"""Where a look helps most, in a browser: by the keyboard alone, said aloud, and on a phone without scripts."""

import pytest
from playwright.async_api import expect

from hearback.database.engine import connected, execute, fetch_value
from hearback.people.access import cookie_name
from hearback.themes.tables import Proposal
from tests import made


@pytest.fixture
async def token(database, site):
    """The session of an admin at a company with two batches, the first of which seems close to „Wartezeit“."""
    async with connected():
        company = await made.a_company()
        jule = await made.a_member(company, name="Jule Brandt")
        question = await made.a_question(company, by=jule)
        waits = await made.a_theme(company, "Wartezeit")
        late = [
            await made.placed(company, await made.an_answer(company, question, words), waits)
            for words in (
                "Das Paket kam sechs Wochen nach der Bestellung und keiner hat etwas gesagt.",
                "Noch immer nichts da.",
                "Ewig gewartet, dann kam nur die Hälfte.",
            )
        ]
        dark = await made.placed(company, await made.an_answer(company, question, "Zu dunkel."), waits)
        await execute("delete from placement where excerpt = any($1)", [late[0].id, dark.id])
        await Proposal(company=company.id, kind="alike", excerpts=[one.id for one in late], worth=2.0).save()
        await Proposal(company=company.id, kind="alike", excerpts=[dark.id], worth=0.5).save()
        yield await made.a_session(jule)


async def by_people():
    return await fetch_value("select count(*) from placement where \"by\" = 'person'")


async def test_the_keyboard_settles_a_batch_hears_of_it_and_takes_it_back(site, token, computer):
    await computer.add_cookies([{"name": cookie_name(), "value": token, "url": site}])
    page = await computer.new_page()
    await page.goto("/desk/kranich/themes/help")
    await page.keyboard.press("j")
    await page.keyboard.press("j")
    await page.keyboard.press("x")
    await expect(page.locator("[name=excerpt]:checked")).to_have_count(3)

    await page.get_by_label("Zum Thema (1)").focus()
    await page.keyboard.press("Enter")

    await expect(page.locator("#status")).to_have_text("2 Aussagen verschoben.")
    await expect(page.get_by_role("heading", name="Wohin gehört diese Aussage?").first).to_be_focused()
    assert await by_people() == 2
    await page.keyboard.press("z")
    await expect(page.locator("#status")).to_have_text("Zurückgenommen.")
    assert await by_people() == 0


async def test_a_name_that_is_not_there_is_told_where_it_was_typed(site, token, computer):
    await computer.add_cookies([{"name": cookie_name(), "value": token, "url": site}])
    page = await computer.new_page()
    await page.goto("/desk/kranich/themes/help")

    await page.get_by_label("Zum Thema (2)").fill("Gibt es nicht")
    await page.keyboard.press("Enter")

    await expect(page.get_by_role("alert")).to_be_focused()
    await expect(page.get_by_label("Zum Thema (2)")).to_have_value("Gibt es nicht")
    assert page.url.endswith("/themes/help")


async def test_a_phone_without_scripts_can_do_all_of_it(site, token, phone_without_scripts):
    await phone_without_scripts.add_cookies([{"name": cookie_name(), "value": token, "url": site}])
    page = await phone_without_scripts.new_page()
    await page.goto("/desk/kranich/themes/help")
    await page.get_by_role("button", name="Gehört nirgendwohin").first.click()
    await expect(page.get_by_text("3 Aussagen verschoben.")).to_be_visible()
    await page.get_by_role("button", name="Rückgängig").click()
    await expect(page.get_by_text("Zurückgenommen.")).to_be_visible()
    assert await by_people() == 0
