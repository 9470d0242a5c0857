"""Notes in a real browser: the editor while one writes, and the log's filter with and without scripts."""

from datetime import timedelta
from io import BytesIO
from uuid import UUID

import pytest
from PIL import Image
from playwright.async_api import expect

from hearback.changenotes import commands, queries
from hearback.changenotes.rules import NoteKind
from hearback.database.engine import connected
from hearback.people.access import cookie_name
from hearback.people.tables import Portrait
from tests import made
from tests.changenotes.ready import WORDS, ready
from tests.journeys.test_pages import faults_of


@pytest.fixture
async def house(database, site):
    async with connected():
        house = await ready(await made.a_company())
        for member in (house.writer, house.leader):
            await Portrait.insert(
                Portrait(
                    company=house.company.id, member=member.id, digest=member.face_digest, picture=a_face()
                )
            )
        yield house


def a_face() -> bytes:
    picture = BytesIO()
    Image.new("RGB", (8, 8), "#7d3f27").save(picture, "WEBP")
    return picture.getvalue()


@pytest.fixture
async def editor(computer, site, house):
    """The editor of a new mistake note, open in the writer's browser."""
    note_id = await house.draft(NoteKind.MISTAKE, title="", wrong="", cause_kind="accidental")
    token = await made.a_session(house.writer)
    await computer.add_cookies([{"name": cookie_name(), "value": token, "url": site}])
    page = await computer.new_page()
    await page.goto(f"/desk/kranich/notes/{note_id}")
    return page


async def test_what_is_written_shows_and_is_saved_by_itself_and_the_focus_stays(editor):
    await editor.get_by_label("Was wir falsch gemacht haben").fill(
        "Wir haben die **falsche Seite** gedruckt."
    )

    await expect(editor.locator("#vorschau .as-log strong")).to_have_text("falsche Seite")
    assert await editor.evaluate("document.activeElement.name") == "wrong"
    await editor.reload()
    await expect(editor.get_by_label("Was wir falsch gemacht haben")).to_have_value(
        "Wir haben die **falsche Seite** gedruckt."
    )


async def test_whoever_leaves_is_asked_while_words_are_unsaved_and_a_line_that_comes_back_takes_them(
    editor, computer
):
    asked = []

    async def stay(dialog):
        asked.append(dialog.type)
        await (dialog.dismiss() if dialog.type == "beforeunload" else dialog.accept())

    editor.on("dialog", stay)
    await computer.set_offline(True)
    await editor.get_by_label("Was wir falsch gemacht haben").press_sequentially("Ohne Netz geschrieben.")
    await expect(editor.locator("#moment")).to_be_visible()
    await editor.evaluate("setTimeout(() => location.assign('/desk/kranich/notes'))")
    await editor.wait_for_timeout(500)
    assert asked == ["beforeunload"]

    await computer.set_offline(False)
    await computer.route("**/autosave", lambda route: route.fulfill(status=500, body="kaputt"))
    await expect(editor.locator("#vorschau")).to_have_text("kaputt")
    await editor.evaluate("setTimeout(() => location.assign('/desk/kranich/notes'))")
    await editor.wait_for_timeout(500)
    assert asked == ["beforeunload"] * 2, "what a broken server answers is not saved"
    await computer.unroute("**/autosave")
    await editor.get_by_label("Was wir falsch gemacht haben").press("End")
    await editor.keyboard.type(" Mit Netz.")
    await expect(editor.locator("#vorschau .as-log")).to_contain_text("Ohne Netz geschrieben.")
    await editor.goto("/desk/kranich/notes")
    assert asked == ["beforeunload"] * 2, "what is saved needs no question"


async def test_whoever_writes_what_another_saved_meanwhile_is_told_where_they_are(editor, house):
    note_id = UUID(editor.url.rpartition("/")[2])
    theirs = house.form(NoteKind.MISTAKE, version=2, title="Von Henrike.", cause_kind="accidental")
    await commands.save_note(house.company.id, note_id, theirs, by=house.leader, now=made.NOW)

    await editor.get_by_label("Was noch offen ist").fill("Noch ein Wort.")
    await expect(editor.locator("#moment")).to_contain_text("Noch nicht gesichert.")
    await editor.get_by_label("Was noch offen ist").press_sequentially(" Und noch eins.")
    await editor.wait_for_timeout(1500)

    assert (await queries.draft(house.company.id, note_id)).said.title == "Von Henrike."
    await expect(editor.locator("#moment")).to_contain_text("Noch nicht gesichert.")


async def test_another_kind_shows_other_fields_and_keeps_what_was_written(editor):
    await editor.get_by_label("Was wir falsch gemacht haben").fill("Wir haben uns verzählt.")

    await editor.get_by_text("Bleibt, wie es ist").click()
    await expect(editor.get_by_label("Was uns umstimmen würde")).to_be_visible()
    await expect(editor.locator("[name=wrong]")).to_be_hidden()

    await editor.get_by_role("button", name="Als Entwurf sichern").click()
    await editor.get_by_text("Das war unser Fehler").first.click()
    await expect(editor.get_by_label("Was wir falsch gemacht haben")).to_have_value("Wir haben uns verzählt.")


async def test_the_fields_follow_the_language_that_is_chosen(editor):
    field = editor.get_by_label("Was wir falsch gemacht haben")
    await expect(field).to_have_attribute("lang", "de")

    await editor.get_by_label("Sprache").select_option("en")

    await expect(field).to_have_attribute("lang", "en")
    assert await editor.locator("[name=stays]").get_attribute("lang") is None


async def test_a_reason_leads_to_its_field(editor):
    await editor.get_by_role("link", name="Es fehlt, was wir falsch gemacht haben.").click()

    assert editor.url.endswith("#wrong")


async def test_the_editor_is_for_everybody(editor, computer):
    page = await computer.new_page()

    assert await faults_of(page, editor.url) == []


async def test_a_note_goes_out_and_is_corrected(editor, computer):
    await editor.get_by_label("Überschrift").fill("Wir haben uns verzählt")
    await editor.get_by_label("Was wir falsch gemacht haben").fill("Am 3. März fehlten vier Steine.")

    await editor.get_by_role("button", name="Veröffentlichen").click()

    await expect(editor.get_by_role("heading", level=1)).to_have_text("Wir haben uns verzählt")
    assert "/kranich/log/wir-haben-uns-verzaehlt" in editor.url
    await editor.goto("/desk/kranich/notes")
    await editor.get_by_role("link", name="Wir haben uns verzählt").click()
    await editor.get_by_role("link", name="Notiz berichtigen").click()
    assert await faults_of(await computer.new_page(), editor.url) == []
    await editor.get_by_label("Was wir falsch gemacht haben").fill("Am 3. März fehlten fünf Steine.")
    await editor.get_by_label("Warum änderst du etwas?").fill("Es waren fünf.")
    await editor.get_by_role("button", name="Berichtigung veröffentlichen").click()
    await expect(editor.locator("#history ins")).to_have_text("fünf")
    await expect(editor.locator("#history del")).to_have_text("vier")
    assert await faults_of(await computer.new_page(), editor.url) == []


async def log_of(house):
    for day, kind in enumerate(NoteKind):
        await house.published(kind, at=made.NOW - timedelta(days=day))


async def test_the_filter_narrows_the_log_in_place(phone, house):
    await log_of(house)
    page = await phone.new_page()
    await page.goto("/kranich/log")
    await expect(page.get_by_role("button", name="Zeigen")).to_be_hidden()

    await page.get_by_text("Unser Fehler", exact=True).click()

    await expect(page.locator("article.entry")).to_have_count(1)
    await expect(page.locator("article.entry h2")).to_have_text(WORDS[NoteKind.MISTAKE]["title"])
    await expect(page.get_by_role("status")).to_have_text("1 Eintrag")
    assert page.url.endswith("?kind=mistake")
    assert await page.evaluate("document.activeElement.value") == "mistake"
    await page.go_back()
    await expect(page.locator("article.entry")).to_have_count(4)


async def test_the_filter_works_without_scripts(phone_without_scripts, house):
    await log_of(house)
    page = await phone_without_scripts.new_page()
    await page.goto("/kranich/log?lang=en")

    await page.get_by_text("In progress").first.click()
    await page.get_by_role("button", name="Show").click()

    await expect(page.locator("article.entry")).to_have_count(1)
    assert "lang=en" in page.url
    assert "kind=holding" in page.url
