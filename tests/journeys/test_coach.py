"""The coach speaks while a question is still half written, and stops nobody."""

import pytest
from playwright.async_api import Page, expect

from hearback.database.engine import connected
from hearback.people.access import cookie_name
from tests import made

PATIENCE_MS = 30_000


@pytest.fixture
async def blank(database, site, computer) -> Page:
    async with connected():
        company = await made.a_company()
        token = await made.a_session(await made.a_member(company))
    await computer.add_cookies([{"name": cookie_name(), "value": token, "url": site}])
    page = await computer.new_page()
    await page.goto("/desk/kranich/questions/new")
    return page


async def test_it_reads_the_question_before_anything_else_is_filled_in(blank):
    await blank.locator("[name=title]").fill("Findet ihr nicht auch, dass die Anleitung besser ist?")

    await expect(blank.locator('#advice .remark a[href="#title"]')).to_have_count(1, timeout=PATIENCE_MS)


async def test_what_is_missing_is_said_in_our_words_and_what_was_typed_stays(blank):
    await blank.locator("[name=title]").fill("Wo hat euch die Anleitung allein gelassen?")
    await blank.locator("form.with-advice button.primary").click()

    await expect(blank.get_by_role("alert")).to_be_visible(timeout=PATIENCE_MS)
    await expect(blank.locator("[name=title]")).to_have_value("Wo hat euch die Anleitung allein gelassen?")
