"""Two people of communication on one theme: they see each other, lose nothing, and one lets out what both wrote."""

import pytest
from playwright.async_api import expect

from hearback.changenotes import commands
from hearback.changenotes.rules import NoteKind
from hearback.database.engine import connected
from hearback.people.access import cookie_name
from tests import made
from tests.changenotes.ready import ready


@pytest.fixture
async def house(database, site):
    async with connected():
        yield await ready(await made.a_company())


async def at_work(context, member, site):
    token = await made.a_session(member)
    await context.add_cookies([{"name": cookie_name(), "value": token, "url": site}])
    return await context.new_page()


async def test_two_writers_on_one_theme_speak_with_one_voice(chromium, house, site, computer):
    tarek = await made.a_member(house.company, "comms", name="Tarek Osman", face_digest="2" * 16)
    await commands.choose_four_eyes(house.company.id, [NoteKind.CHANGED], by=house.leader, now=made.NOW)
    note_id = await house.draft()
    other = await house.draft(NoteKind.NOT_CHANGED, signed_by=tarek.id)
    draft = f"/desk/kranich/notes/{note_id}"

    jules = await at_work(computer, house.writer, site)
    await jules.goto(draft)
    await jules.get_by_text("Sagt etwas anderes: Bleibt, wie es ist.").wait_for()
    await jules.locator("#did").fill("Die Regel steht jetzt beim Anzünden, in vier Bildern.")
    # The title says "in vier Bildern" from the first; these words come with the answer that saved them.
    await expect(jules.locator("#vorschau")).to_contain_text("beim Anzünden, in vier Bildern")
    await expect(jules.locator("#saved")).to_contain_text("Gesichert um")

    context = await chromium.new_context(base_url=site, locale="de-DE")
    tareks = await at_work(context, tarek, site)
    await tareks.goto(f"/desk/kranich/notes/{other}")
    await tareks.get_by_role("link", name="Seite 6 erklärt es jetzt in vier Bildern").click()
    await tareks.get_by_text("Jule Brandt hat diesen Entwurf gerade auch offen.").wait_for()
    await expect(tareks.locator("#did")).to_have_value(
        "Die Regel steht jetzt beim Anzünden, in vier Bildern."
    )
    await tareks.locator("#did").fill("Die Regel steht jetzt beim Anzünden, in vier Bildern und groß.")
    await expect(tareks.locator("#vorschau")).to_contain_text("und groß")

    await jules.locator("#said").fill("Die Regel stand falsch.")
    await expect(jules.locator("#saved")).to_contain_text("Noch nicht gesichert.")
    await expect(jules.locator("#said")).to_have_value("Die Regel stand falsch.")

    await tareks.get_by_role("button", name="Um Freigabe bitten").click()
    await tareks.get_by_text("Fertig, wartet seit").first.wait_for()
    await jules.goto(draft)
    await jules.get_by_role("button", name="Freigeben").click()
    await jules.wait_for_url("**/kranich/log/**")
    await expect(jules.locator("article").first).to_contain_text("in vier Bildern und groß")
    await context.close()
