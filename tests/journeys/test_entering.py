"""A pile of sheets is typed in with the keyboard alone, one after the other."""

import pytest
from playwright.async_api import expect

from hearback.answering.tables import Answer, Response
from hearback.people.access import cookie_name
from tests import made

PROMPTS = [
    {"kind": "open", "words": "Erzähl, wie es war", "required": True},
    {"kind": "choice", "words": "Wann?", "options": ["Beim Aufbau", "In Runde 1"]},
]


@pytest.fixture
async def member(company):
    return await made.a_member(company, "moderator")


async def test_three_sheets_with_the_keyboard_alone(computer, site, company, member):
    question = await made.a_question(company, prompts=PROMPTS)
    token = await made.a_session(member)
    await computer.add_cookies([{"name": cookie_name(), "value": token, "url": site}])
    page = await computer.new_page()
    await page.goto(f"/desk/kranich/questions/{question.id}/entry")

    for number in (1, 2, 3):
        await expect(page.locator("#sheet")).to_be_focused()
        await page.keyboard.type(str(number))
        await page.keyboard.press("Tab")
        await page.keyboard.type(f"Bogen {number}: Die Steine sehen gleich aus.")
        await page.keyboard.press("Tab")
        await page.keyboard.press("ArrowDown")  # the first option is where Tab lands, the second one below
        for _ in range(6):  # quoting, channel, language, the button
            await page.keyboard.press("Tab")
            if await page.evaluate("document.activeElement.matches('button.primary')"):
                break
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("status").first).to_contain_text("Eingetragen")
        await expect(page.locator("aside ol > li")).to_have_count(number)

    assert await Response.count() == 3
    assert await Answer.count().where(Answer.chosen == [1]) == 3
