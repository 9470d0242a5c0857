"""News reach open pages: over a real port, of one's own company only, and without moving anybody's focus."""

import asyncio

import httpx
import pytest
from playwright.async_api import expect

from hearback.database.engine import connected, transaction
from hearback.jobs import do_later
from hearback.people.access import cookie_name
from hearback.themes import jobs
from hearback.web.live import tell
from tests import made
from tests.themes.sentences import COLOURS, DELIVERY, MANUAL


@pytest.fixture
async def story(database, site):
    """A company with sorted answers to a question, and the session token of its admin."""
    async with connected():
        company = await made.a_company()
        jule = await made.a_member(company, name="Jule Brandt")
        question = await made.a_question(company, by=jule)
        for words in [*COLOURS, *DELIVERY, *MANUAL]:
            await made.an_answer(company, question, words)
        await jobs.sort(str(company.id))
        yield company, question, await made.a_session(jule)


async def say(company, what="desk"):
    async with transaction():
        await tell(company.id, what)


async def test_an_open_stream_hears_of_its_own_company_only(site, story):
    company, _, token = story
    reiher = await made.a_company("reiher")
    async with (
        httpx.AsyncClient(base_url=site, cookies={cookie_name(): token}, timeout=20) as browser,
        browser.stream("GET", "/desk/kranich/live") as stream,
    ):
        assert stream.headers["content-type"].startswith("text/event-stream")
        lines = stream.aiter_lines()

        async def heard():
            async for line in lines:
                if line.startswith("data:"):
                    return line.removeprefix("data:").strip()
            return None

        ear, said = asyncio.create_task(heard()), "theirs"
        while not ear.done():  # nobody tells us when the stream is open, so it is said until it was heard
            await say(reiher, "theirs")
            await say(company, said := "desk")
            await asyncio.wait({ear}, timeout=0.05)

        assert await ear == said


async def test_a_new_answer_shows_in_the_open_list_within_seconds_and_the_focus_stays(
    site,
    story,
    computer,
):
    company, question, token = story
    await computer.add_cookies([{"name": cookie_name(), "value": token, "url": site}])
    page = await computer.new_page()
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.goto("/desk/kranich/themes")
    first = page.locator(".themes a").first
    before = int((await first.locator(".n").inner_text()).split()[0])
    theme = await first.get_attribute("id")
    quotes = [row for row in [*COLOURS, *DELIVERY, *MANUAL] if row in await page.inner_text("#panes")]
    await first.focus()

    late = await made.an_answer(company, question, f"{quotes[0][:-1]}, wirklich.")
    async with transaction():
        await do_later("themes.read", company_id=str(company.id), response_id=str(late.id))

    await expect(page.locator(f"#{theme} .n")).to_contain_text(f"{before + 1} Antworten")
    assert await page.evaluate("document.activeElement.id") == theme
    assert complaints == []


async def test_a_quote_is_moved_with_keys_alone_and_the_next_one_has_the_focus(
    site,
    story,
    computer,
):
    _, _, token = story
    await computer.add_cookies([{"name": cookie_name(), "value": token, "url": site}])
    page = await computer.new_page()
    await page.goto("/desk/kranich/themes")
    rows = page.locator("[data-row]")
    count = await rows.count()
    await page.keyboard.press("j")
    moved = await rows.first.locator(".quote").inner_text()

    await page.keyboard.press("m")
    choice = rows.first.locator("select")
    await expect(choice).to_be_focused()
    await choice.select_option("nowhere")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")

    await expect(rows).to_have_count(count - 1)
    await expect(page.locator("#status")).to_have_text("Eine Aussage verschoben.")
    await expect(rows.first).to_be_focused()
    assert page.url.endswith("?done=moved")
    await page.keyboard.press("z")
    await expect(rows).to_have_count(count)
    assert moved in await page.inner_text("#panes")
