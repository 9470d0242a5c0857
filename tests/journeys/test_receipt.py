"""A fan comes back with the receipt, on a phone, with and without scripts."""

import pytest

from hearback.database.engine import connected
from hearback.receipts.tables import Hearback
from tests import made

CODE = "7K4QM0000000000000000000AB"


@pytest.fixture
async def answered(database, site):
    async with connected():
        company = await made.a_company()
        tarek = await made.a_member(company, name="Tarek Osman")
        question = await made.a_question(company, by=tarek)
        response = await made.an_answer(company, question, "Rot und Grün sehen gleich aus.", code=CODE)
        theme = await made.a_theme(company)
        await made.placed(company, response, theme)
        await made.a_public_note(company, theme, by=tarek, said="Man muss die Steine fühlen können.")
        yield


async def test_the_link_opens_the_receipt_and_leaves_no_code_in_the_address(phone, answered):
    page = await phone.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    await page.goto(f"/kranich/r#{CODE}")
    await page.get_by_role("heading", name="Deine Antwort, und was aus ihr wurde").wait_for()

    assert CODE not in page.url
    assert not any(CODE in url.partition("#")[0] for url in asked)


async def test_not_quite_is_said_with_the_keyboard_alone(phone, answered):
    page = await phone.new_page()
    await page.goto(f"/kranich/r#{CODE}")
    await page.get_by_text("Man muss die Steine fühlen können.").wait_for()
    await page.get_by_label("Nicht ganz").focus()
    await page.keyboard.press("Space")
    await page.keyboard.press("Tab")
    await page.keyboard.type("Auch der Spielplan ist rot und grün.")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await page.get_by_text("Du hast gesagt: Nicht ganz.").wait_for()

    assert await Hearback.select(Hearback.verdict, Hearback.words) == [
        {"verdict": "not_quite", "words": "Auch der Spielplan ist rot und grün."}
    ]


async def test_without_scripts_the_code_is_typed_and_everything_works(phone_without_scripts, answered):
    page = await phone_without_scripts.new_page()
    await page.goto("/kranich/r")
    await page.get_by_label("Code").fill(CODE.lower())
    await page.get_by_role("button", name="Quittung öffnen").click()
    await page.get_by_text("Rot und Grün sehen gleich aus.").wait_for()
    await page.get_by_role("button", name="Antwort berichtigen").click()
    await page.get_by_label("Erzähl, wie es war").fill("Rot und Braun sehen gleich aus.")
    await page.get_by_role("button", name="Berichtigen").click()
    await page.get_by_text("Rot und Braun sehen gleich aus.").wait_for()
    async with page.expect_download() as saved:
        await page.get_by_role("button", name="Als Datei sichern").click()
    assert (await saved.value).suggested_filename.endswith(".html")
    await page.get_by_role("button", name="Antwort löschen").click()
    await page.get_by_role("button", name="Ja, löschen").click()
    await page.get_by_text("Deine Worte sind überall weg.").wait_for()
    assert await page.get_by_text("Rot und Braun").count() == 0
