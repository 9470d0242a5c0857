"""One press strikes a sentence that only sells, and one step back brings it again."""

import pytest
from playwright.async_api import Page, expect

from hearback.changenotes.rules import NoteKind
from hearback.database.engine import connected
from hearback.people.access import cookie_name
from tests import made
from tests.changenotes.ready import ready

PATIENCE_MS = 30_000
BEFORE, AFTER = "Wir tauschen jeden Stein um.", "Du brauchst nichts zu tun."
OFFER = "Wer mag, findet im Shop schon jetzt unsere Deluxe-Edition mit Holzsteinen."


@pytest.fixture
async def draft(database, site, computer) -> Page:
    async with connected():
        house = await ready(await made.a_company())
        note_id = await house.draft(NoteKind.MISTAKE)
        token = await made.a_session(house.writer)
    await computer.add_cookies([{"name": cookie_name(), "value": token, "url": site}])
    page = await computer.new_page()
    await page.goto(f"/desk/kranich/notes/{note_id}")
    return page


@pytest.mark.parametrize(
    ("typed", "left"),
    [
        (f"{BEFORE} {OFFER} {AFTER}", f"{BEFORE} {AFTER}"),
        (f"{BEFORE} {OFFER}", BEFORE),
        (f"{BEFORE}\n\n{OFFER}\n\n{AFTER}", f"{BEFORE}\n\n{AFTER}"),
        (OFFER, ""),
    ],
)
async def test_a_sentence_is_struck_and_comes_back(draft, typed, left):
    field, remarks = draft.locator("#repair"), draft.locator("#remarks-repair .remark:not(.ok)")
    await field.fill(typed)
    strike = draft.get_by_role("button", name="Satz streichen")
    await strike.first.click(timeout=PATIENCE_MS)

    await expect(field).to_have_value(left)
    await expect(field).to_be_focused()
    await expect(remarks).to_have_count(0, timeout=PATIENCE_MS)

    await draft.keyboard.press("Control+z")
    await expect(field).to_have_value(typed)
    await expect(strike.first).to_be_visible(timeout=PATIENCE_MS)
