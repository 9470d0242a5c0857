"""Two members at one theme at once, each in a browser of their own; and the desk on a phone."""

import pytest
from playwright.async_api import expect

from hearback.database.engine import connected, fetch_value
from hearback.people.access import cookie_name
from hearback.themes import jobs
from tests import made
from tests.journeys.conftest import DESK, PHONE
from tests.journeys.hands import Keys
from tests.journeys.test_triage import largest, open_largest
from tests.themes.sentences import COLOURS, DELIVERY, MANUAL

NEWS_MS = 20_000


@pytest.fixture
async def house(database, site, chromium):
    """A company with sorted answers, and a page each for Tarek of the product team and Carla of communications."""
    async with connected():
        company = await made.a_company()
        tarek = await made.a_member(company, "product", name="Tarek Osman")
        carla = await made.a_member(company, "comms", name="Carla Winter")
        question = await made.a_question(company, by=carla)
        for words in [*COLOURS, *DELIVERY, *MANUAL]:
            await made.an_answer(company, question, words)
        await jobs.sort(str(company.id))
        contexts = [
            await chromium.new_context(viewport=DESK, base_url=site, locale="de-DE") for _ in (tarek, carla)
        ]
        for context, member in zip(contexts, (tarek, carla), strict=True):
            token = await made.a_session(member)
            await context.add_cookies([{"name": cookie_name(), "value": token, "url": site}])
        yield [await context.new_page() for context in contexts]
        for context in contexts:
            await context.close()


async def test_what_a_colleague_moves_is_announced_and_nobody_loses_their_place(house):
    his, hers = house
    for page in house:
        await page.goto("/desk/kranich/themes")
        await open_largest(page)
    theme, voices = await largest(hers)
    rows = hers.locator("#quotes [data-row]")
    shown = await rows.count()
    await rows.nth(1).focus()
    moved = await his.locator("#quotes [data-row] .quote").first.inner_text()

    await his.locator("#quotes [data-row] summary").filter(has_text="Verschieben").first.click()
    await his.locator("#quotes .slot form button[name=nowhere]").click()
    await expect(his.locator("#status")).to_have_text("Eine Aussage verschoben.")

    await expect(hers.locator("#quotes-news")).to_contain_text("geändert", timeout=NEWS_MS)
    await expect(hers.locator("#status")).to_contain_text("geändert")
    await expect(hers.locator(f"#{theme} .n")).to_contain_text(f"{voices - 1} Antworten", timeout=NEWS_MS)
    await expect(rows.nth(1)).to_be_focused()
    await expect(rows).to_have_count(shown)
    await hers.click("#news-show")
    await expect(rows).to_have_count(shown - 1)
    assert moved not in await hers.inner_text("#quotes")


async def test_who_names_a_theme_second_reads_what_the_first_said_and_keeps_their_words(house):
    his, hers = house
    for page in house:
        await page.goto("/desk/kranich/themes")
        await open_largest(page)
        await page.locator("summary").filter(has_text="Benennen").click()
    await his.fill("[name=name]:visible", "Farben, die gleich aussehen")
    await hers.fill("[name=name]:visible", "Farbenblind am Spieltisch")
    await hers.fill("[name=definition]:visible", "Wer Rot und Grün nicht unterscheiden kann")

    await his.locator("form:has([name=name]:visible) button.primary").click()
    await expect(his.locator("#th")).to_have_text("Farben, die gleich aussehen")
    await hers.locator("form:has([name=name]:visible) button.primary").click()

    await expect(hers.locator("#errors")).to_be_focused()
    await expect(hers.locator("#errors")).to_contain_text("Tarek Osman")
    await expect(hers.locator(".notice[data-kind=mistake]")).to_contain_text("Farben, die gleich aussehen")
    await expect(hers.locator("[name=name]:visible")).to_have_value("Farbenblind am Spieltisch")
    await expect(hers.locator("[name=definition]:visible")).to_have_value(
        "Wer Rot und Grün nicht unterscheiden kann"
    )
    assert await fetch_value("select name from theme where state = 'named'") == "Farben, die gleich aussehen"

    await hers.locator("form:has([name=name]:visible) button.primary").click()
    await expect(hers.locator("#th")).to_have_text("Farbenblind am Spieltisch")


async def test_a_point_is_cut_and_joined_again_by_keys_alone_without_scripts(house, chromium, site):
    page, _ = house
    context = await chromium.new_context(
        viewport=PHONE, base_url=site, locale="de-DE", java_script_enabled=False
    )
    await context.add_cookies(await page.context.cookies())
    page = await context.new_page()
    await page.goto("/desk/kranich/themes")
    await page.get_by_role("link", name="zuschneiden").first.press("Enter")
    await page.wait_for_url("**/cut")
    address = (
        page.url
    )  # the machine may sort the halves anew at any moment, so they are not looked for in themes
    said = await page.locator("main .quote").first.inner_text()
    keys = Keys(page)

    await keys.reach(page.locator("main [name=at]:focus"))
    await page.keyboard.press("ArrowRight")
    await expect(page.locator("main [name=at]:checked")).to_have_count(1)
    await keys.press(page.get_by_role("button", name="Hier teilen"))
    await expect(page.get_by_text("Eine Aussage geteilt.")).to_be_visible()

    await page.goto(address)
    assert len((await page.locator("main .quote").first.inner_text()).split()) < len(said.split())
    await keys.press(page.get_by_role("button", name="Mit dieser danach verbinden"))
    await expect(page.get_by_text("Zwei Aussagen verbunden.")).to_be_visible()
    await page.goto(address)
    assert await page.locator("main .quote").first.inner_text() == said
    await context.close()


async def test_on_a_phone_a_theme_comes_before_the_list_which_is_one_step_back(house):
    page, _ = house
    await page.set_viewport_size(PHONE)
    await page.goto("/desk/kranich/themes")
    theme, _ = await largest(page)
    await page.click(f"#{theme}")
    await expect(page.locator("#th")).to_be_focused()
    await expect(page.locator(f"#{theme}")).to_be_hidden()
    assert await page.locator("main h1").count() == 1, "who listens still hears where they are"

    await page.goto(page.url.split("#")[0])
    assert (await page.locator("#th").bounding_box())["y"] < PHONE["height"] / 2
    await page.keyboard.press("j")
    await expect(page.locator("#quotes [data-row]").first).to_be_focused()

    await page.get_by_role("link", name="Zurück zu den Themen").click()
    await expect(page.locator(f"#{theme}")).to_be_in_viewport()
    await page.set_viewport_size(DESK)
    await page.click(f"#{theme}")
    await expect(page.locator(f"#{theme}")).to_be_visible()
    await expect(page.get_by_role("link", name="Zurück zu den Themen")).to_be_hidden()
