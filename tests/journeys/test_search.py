"""Finding what people said and moving several at once: without scripts, and with the keys alone."""

import pytest
from playwright.async_api import expect

from hearback.people.access import cookie_name
from tests import made
from tests.journeys.conftest import DESK

pytestmark = pytest.mark.usefixtures("pool")


@pytest.fixture
async def cookie(site, pool):
    """Of somebody at a desk with two themes and three answers, all in the first."""
    company = await made.a_company()
    member = await made.a_member(company)
    question = await made.a_question(company, by=member)
    colours, _ = (
        await made.a_theme(company, "Gleiche Farben"),
        await made.a_theme(company, "Bilder auf Seite 9"),
    )
    for words in ("Das Bild auf Seite 9 ist winzig.", "Die Bilder fehlen mir.", "Rot ist wie Grün."):
        await made.placed(company, await made.an_answer(company, question, words), colours)
    return {"name": cookie_name(), "value": await made.a_session(member), "url": site}


@pytest.fixture
async def without_scripts(chromium, site, cookie):
    context = await chromium.new_context(viewport=DESK, base_url=site, java_script_enabled=False)
    await context.add_cookies([cookie])
    yield await context.new_page()
    await context.close()


@pytest.fixture
async def page(computer, cookie):
    await computer.add_cookies([cookie])
    return await computer.new_page()


async def test_without_scripts_one_searches_narrows_keeps_moves_and_takes_back(without_scripts):
    page = without_scripts
    await page.goto("/desk/kranich/inbox")
    await page.get_by_label("In allen Antworten suchen").fill("bilder")
    await page.get_by_role("button", name="Suchen").click()
    await expect(page.get_by_text("2 Antworten gefunden.")).to_be_visible()
    await page.get_by_text("Eingrenzen").click()
    await page.get_by_label("Liegt in").select_option("Gleiche Farben")
    await page.get_by_role("button", name="Suchen").click()
    await expect(page.get_by_text("liegt in: Gleiche Farben")).to_be_visible()

    await page.get_by_label("Diese Suche merken als").fill("Bilder, die falsch liegen")
    await page.get_by_role("button", name="Merken").click()
    await expect(page.get_by_text("Suche gemerkt.")).to_be_visible()

    await page.get_by_role("link", name="Alle auf dieser Seite ankreuzen").click()
    await page.get_by_label("Zum Thema").fill("Bilder auf Seite 9")
    await page.get_by_role("button", name="Verschieben").click()
    await expect(page.get_by_text("2 Aussagen verschoben.")).to_be_visible()
    await expect(page.get_by_text("Keine Antwort gefunden.")).to_be_visible()

    await page.get_by_role("button", name="Rückgängig").click()
    await page.get_by_role("link", name="Bilder, die falsch liegen").click()
    await expect(page.get_by_text("2 Antworten gefunden.")).to_be_visible()


async def test_with_the_keys_alone_one_ticks_and_moves(page):
    await page.goto("/desk/kranich/search?q=bild")
    ticked = page.locator("input[name=excerpt]:checked")
    await page.keyboard.press("j")
    await page.keyboard.press("x")
    await expect(ticked).to_have_count(1)
    await page.keyboard.press("j")
    await page.keyboard.press("Space")
    await expect(ticked).to_have_count(2)
    await expect(page.locator("#bulk [role=status]")).to_have_text("Verschoben werden 2 Aussagen.")
    await page.keyboard.press("x")
    await expect(ticked).to_have_count(1)
    await expect(page.locator("#bulk [role=status]")).to_have_text("Verschoben wird eine Aussage.")

    await page.get_by_label("Zum Thema").focus()
    await page.keyboard.type("bilder auf seite 9")
    await page.keyboard.press("Enter")

    await expect(page.get_by_text("Eine Aussage verschoben.")).to_be_visible()
    await page.keyboard.press("z")
    await expect(page.get_by_text("Zurückgenommen.")).to_be_visible()


async def test_a_filter_that_is_changed_searches_at_once_and_says_how_many(page):
    await page.goto("/desk/kranich/search?q=bild")
    await page.get_by_text("Eingrenzen").click()

    await page.get_by_label("Liegt in").focus()
    await page.get_by_label("Liegt in").select_option("Bilder auf Seite 9")

    await expect(page.locator("#count")).to_have_text("Keine Antwort gefunden.")
    await expect(page.locator("#status")).to_have_text("Keine Antwort gefunden.")
    await expect(page.get_by_label("Liegt in")).to_be_focused()
    assert "q=bild" in page.url and "lies=" in page.url
