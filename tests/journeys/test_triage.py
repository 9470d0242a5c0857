"""News reach open pages: over a real port, of one's own company only, and without moving anybody's focus."""

import asyncio
import re

import httpx
import pytest
from playwright.async_api import expect

from hearback.database.engine import connected, execute, fetch_value, transaction
from hearback.jobs import do_later
from hearback.people.access import cookie_name
from hearback.themes import jobs
from hearback.web.live import tell
from tests import made
from tests.themes.sentences import COLOURS, DELIVERY, MANUAL
from tests.waiting import until

WORKER_STARTS_MS = 40_000  # a worker that has just begun reads its model and the codebook first


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


async def nothing_is_to_do():
    return not await fetch_value("select count(*) from pgqueuer")


async def belong_nowhere(company):
    """What is unsorted, by somebody's word."""
    await execute(
        """insert into placement (id, company, excerpt, by, member, "on")
           select gen_random_uuid(), e.company, e.id, 'person', (select id from member where company = $1 limit 1),
                  current_date
           from excerpt e
           where e.company = $1 and not exists (select from placement p where p.excerpt = e.id)""",
        company.id,
    )


async def test_an_open_stream_hears_of_its_own_company_only(site, story):
    company, _, token = story
    reiher = await made.a_company("reiher")
    async with (
        httpx.AsyncClient(base_url=site, cookies={cookie_name(): token}, timeout=20) as browser,
        browser.stream("GET", "/desk/kranich/live") as stream,
    ):
        assert stream.headers["content-type"].startswith("text/event-stream")
        lines = stream.aiter_lines()

        async def heard(*news):
            async for line in lines:
                if (what := line.removeprefix("data:").strip()) != line.strip() and what in news:
                    return what
            return None

        # The worker may speak too. Nobody tells us when the stream is open, so it is said until it was heard.
        ear = asyncio.create_task(heard("theirs", "ours"))
        while not ear.done():
            await say(reiher, "theirs")
            await say(company, "ours")
            await asyncio.wait({ear}, timeout=0.05)

        assert await ear == "ours"


async def largest(page):
    """The theme of most voices: its id on the page, and how many they are."""
    found = {
        await row.get_attribute("id"): int((await row.locator(".n").text_content()).split()[0])
        for row in await page.locator(".themes a[id*='-0']").all()
    }
    return max(found.items(), key=lambda one: one[1])


async def open_largest(page):
    theme, _ = await largest(page)
    await page.click(f"#{theme}")
    await expect(page.locator(f"#{theme}")).to_have_attribute("aria-current", "true")
    await expect(page.locator("#th")).to_be_focused()


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
    await open_largest(page)
    theme, before = await largest(page)
    first = page.locator(f"#{theme}")
    quotes = [row for row in [*COLOURS, *DELIVERY, *MANUAL] if row in await page.inner_text("#panes")]
    await first.focus()

    late = await made.an_answer(company, question, f"{quotes[0][:-1]}, wirklich.")
    async with transaction():
        await do_later("themes.read", company_id=str(company.id), response_id=str(late.id))

    await expect(page.locator(f"#{theme} .n")).to_contain_text(
        f"{before + 1} Antworten", timeout=WORKER_STARTS_MS
    )
    assert await page.evaluate("document.activeElement.id") == theme
    assert complaints == []


async def test_new_words_in_an_open_theme_are_announced_and_wait_until_they_are_asked_for(
    site, story, computer
):
    company, question, token = story
    await computer.add_cookies([{"name": cookie_name(), "value": token, "url": site}])
    page = await computer.new_page()
    await page.goto("/desk/kranich/themes")
    await open_largest(page)
    rows = page.locator("#quotes [data-row]")
    before, first = await rows.count(), await rows.first.locator(".quote").inner_text()
    await rows.first.focus()

    late = await made.an_answer(
        company, question, f"{first.strip('„“”')[:-1]} am Spieleabend bei den Großeltern im Wohnzimmer."
    )
    async with transaction():
        await do_later("themes.read", company_id=str(company.id), response_id=str(late.id))

    await expect(page.locator("#quotes-news")).to_contain_text("1 neue Stimme", timeout=WORKER_STARTS_MS)
    await expect(page.locator("#status")).to_have_text("1 neue Stimme")
    await expect(rows).to_have_count(before)
    await expect(rows.first).to_be_focused()
    await page.click("#news-show")
    await expect(rows).to_have_count(before + 1)
    await expect(page.locator("#said")).to_be_focused()
    assert "Großeltern" in await page.inner_text("#quotes")
    await expect(page.locator("#news-show")).to_have_count(0)


async def test_quotes_are_split_off_with_keys_alone_and_taken_back(site, story, computer):
    _, _, token = story
    await computer.add_cookies([{"name": cookie_name(), "value": token, "url": site}])
    page = await computer.new_page()
    await page.goto("/desk/kranich/themes")
    rows = page.locator("#quotes [data-row]")
    old = await page.inner_text("#th")
    chosen = await rows.nth(1).locator(".quote").inner_text()

    await page.keyboard.press("j")
    await page.keyboard.press("j")
    await page.keyboard.press("s")
    await expect(rows.nth(1).locator("[form=split-off]")).to_be_checked()
    await expect(rows.nth(1)).to_be_focused()
    await page.get_by_label("Name des neuen Themas").fill("Was uns allein lässt")
    await page.keyboard.press("Enter")

    await expect(page.locator("#th")).to_have_text("Was uns allein lässt")
    await expect(page.locator("#status")).to_have_text("Geteilt. Das ist das neue Thema.")
    await expect(rows).to_have_count(1)
    assert await rows.first.locator(".quote").inner_text() == chosen
    await page.locator("body").press("z")
    await expect(page.locator("#th")).to_have_text(old)
    await expect(rows.filter(has_text=chosen)).to_have_count(1)


async def test_ticks_for_a_split_and_for_moving_several_never_stand_side_by_side(site, story, computer):
    _, _, token = story
    await computer.add_cookies([{"name": cookie_name(), "value": token, "url": site}])
    page = await computer.new_page()
    await page.set_viewport_size({"width": 390, "height": 844})
    await page.goto("/desk/kranich/themes")
    await open_largest(page)
    splits, moves = (
        page.locator("#quotes [form=split-off][name=excerpt]"),
        page.locator("#quotes [form=bulk]"),
    )

    await page.locator("#split > summary").click()
    await expect(splits.first).to_be_visible()
    await expect(moves.first).to_be_hidden()
    assert await page.evaluate("document.documentElement.scrollWidth") == 390

    await page.locator("#several > summary").click()
    await expect(moves.first).to_be_visible()
    await expect(splits.first).to_be_hidden()


async def test_keys_can_be_switched_off_and_stay_off(site, story, computer):
    _, _, token = story
    await computer.add_cookies([{"name": cookie_name(), "value": token, "url": site}])
    page = await computer.new_page()
    await page.goto("/desk/kranich/themes")
    rows = page.locator("#quotes [data-row]")
    await page.keyboard.press("j")
    await expect(rows.nth(0)).to_be_focused()
    await page.keyboard.press("j")
    await page.keyboard.press("k")
    await expect(rows.nth(0)).to_be_focused()

    await page.keyboard.press("?")
    await expect(page.locator("[data-keys-switch]")).to_be_focused()
    await page.keyboard.press("Space")
    await page.goto("/desk/kranich/themes")

    await expect(page.locator("[data-keys-switch]")).not_to_be_checked()
    await page.keyboard.press("j")
    await page.keyboard.press("n")
    assert await page.evaluate("document.activeElement === document.body")
    assert page.url.endswith("/themes")
    await page.check("[data-keys-switch]")
    await rows.nth(0).focus()
    await page.keyboard.press("n")
    await expect(page).to_have_url(re.compile(r"/notes/new\?theme="))


async def test_answers_are_walked_and_read_with_keys_that_can_be_switched_off_there_too(
    site, story, computer
):
    _, _, token = story
    await computer.add_cookies([{"name": cookie_name(), "value": token, "url": site}])
    page = await computer.new_page()
    await page.goto("/desk/kranich/inbox?show=unread")
    rows = page.locator("[data-row]")
    await page.uncheck("[data-keys-switch]")
    await page.locator("h1").click()
    await page.keyboard.press("m")
    await page.keyboard.press("j")
    assert await page.evaluate("document.activeElement.closest('[data-row]') === null")
    assert await rows.count() == 30

    await page.check("[data-keys-switch]")
    await page.locator("h1").click()
    await page.keyboard.press("j")
    await expect(rows.first).to_be_focused()
    await page.keyboard.press("m")

    await expect(rows).to_have_count(9)
    assert page.url.endswith("?show=unread")


async def test_what_may_belong_is_taken_up_with_one_press(site, story, computer):
    company, question, token = story
    quote = f"{COLOURS[0][:-1]} am Spieleabend bei den Großeltern im Wohnzimmer."
    late = await made.an_answer(company, question, quote)
    await jobs.read(str(company.id), str(late.id))
    await until(nothing_is_to_do, WORKER_STARTS_MS / 1000)  # a reading would replace what is offered
    await belong_nowhere(company)
    theme = await fetch_value(
        "select p.theme from placement p join excerpt e on e.id = p.excerpt where e.response = $1", late.id
    )
    await execute(
        "delete from placement using excerpt e where e.id = placement.excerpt and e.response = $1", late.id
    )
    await execute(
        """insert into proposal (id, company, kind, theme, excerpts, worth)
           select gen_random_uuid(), company, 'near', $2, array[id], 1 from excerpt where response = $1""",
        late.id,
        theme,
    )
    await computer.add_cookies([{"name": cookie_name(), "value": token, "url": site}])
    page = await computer.new_page()
    await page.goto(f"/desk/kranich/themes/{theme}")
    rows = page.locator("#quotes [data-row]")
    count = await rows.count()

    await page.locator("#near summary").click()
    near = page.locator("#near li").filter(has_text="Großeltern")
    await near.get_by_role("button", name="Hierher", exact=False).first.click()

    await expect(rows).to_have_count(count + 1)
    await expect(page.locator("#status")).to_have_text("Eine Aussage dazugenommen.")
    # It was the last that was unsorted: nothing is offered any more, so the theme itself is where to go on.
    await expect(page.locator("#th")).to_be_focused()


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
    await expect(rows.first.locator("input[name=to]")).to_be_focused()
    await page.keyboard.type("Gibt es nicht")
    await page.keyboard.press("Enter")
    await expect(rows.first.locator(".error")).to_contain_text("Kein Thema heißt „Gibt es nicht“.")
    await expect(rows.first.locator("input[name=to]")).to_be_focused()
    await expect(rows.first.locator("input[name=to]")).to_have_value("Gibt es nicht")
    for _ in range(3):
        await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")

    await expect(rows).to_have_count(count - 1)
    await expect(page.locator("#status")).to_have_text("Eine Aussage verschoben.")
    await expect(rows.first).to_be_focused()
    assert page.url.endswith("?done=moved")
    await page.keyboard.press("z")
    await expect(rows).to_have_count(count)
    assert moved in await page.inner_text("#panes")


async def test_what_was_just_put_in_place_serves_a_hand_that_is_quick(site, story, computer):
    _, _, token = story
    await computer.add_cookies([{"name": cookie_name(), "value": token, "url": site}])
    page = await computer.new_page()
    sent = []
    page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    await page.goto("/desk/kranich/themes")
    await page.evaluate(
        """() => new MutationObserver((_, watch) => {
             if (!document.querySelector("[data-row] .error")) return;
             watch.disconnect();
             document.querySelector("[data-row] form:has(.error)").requestSubmit();
           }).observe(document.getElementById("panes"), { childList: true, subtree: true })"""
    )
    await page.keyboard.press("j")
    await page.keyboard.press("m")
    await expect(page.locator("[data-row] input[name=to]").first).to_be_focused()
    await page.keyboard.type("Gibt es nicht")

    async with page.expect_event("request", lambda _: len(sent) == 2):
        await page.keyboard.press("Enter")

    assert [request.headers.get("hx-request") for request in sent] == ["true", "true"]
