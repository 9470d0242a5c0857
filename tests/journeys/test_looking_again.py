"""An insult is set aside by a rule; its fan, without scripts, asks for another look; somebody else restores it."""

import pytest

from hearback.database.engine import connected, fetch_value
from hearback.moderation.commands import feel_heat
from hearback.people.access import cookie_name
from tests import made

CODE = "7K4QM0000000000000000000AB"


@pytest.fixture
async def company(database, site):
    async with connected():
        company = await made.a_company()
        question = await made.a_question(company, slug="truhe")
        await made.an_answer(company, question, "Ihr Trottel, die Truhe tropft seit Ostern.", code=CODE)
        await feel_heat()  # as the worker does once a minute
        yield company


async def the_receipt(page) -> None:
    await page.goto("/kranich/r")
    await page.get_by_label("Code").fill(CODE)
    await page.get_by_role("button", name="öffnen").click()


async def the_answer(context, company, site, **member):
    """Somebody who is signed in finds it in the queue and opens it."""
    token = await made.a_session(await made.a_member(company, **member))
    await context.add_cookies([{"name": cookie_name(), "value": token, "url": site}])
    page = await context.new_page()
    await page.goto("/desk/kranich/moderation")
    await page.get_by_role("link", name="Öffnen").click()
    return page


async def test_set_aside_asked_about_and_restored_by_another_person(
    chromium, company, site, computer, phone_without_scripts
):
    page = await the_answer(computer, company, site, name="Jule Brandt")
    await page.get_by_text("Etwas entscheiden").click()
    await page.get_by_label("Grund").fill("Das beschimpft Menschen.")
    await page.get_by_label("Regel").select_option("1")
    await page.get_by_label("Als was hörst du es?").select_option("insult")
    await page.get_by_role("button", name="Beiseitelegen").click()
    await page.get_by_text("Regel 1: Beschimpfe niemanden.").first.wait_for()

    fan = await phone_without_scripts.new_page()
    await the_receipt(fan)
    await fan.get_by_text("Das beschimpft Menschen.").wait_for()
    await fan.get_by_text("Um eine zweite Prüfung bitten").click()
    await fan.get_by_label("Was sollten wir dabei wissen?").fill("Ich war wütend, das meine ich nicht so.")
    await fan.get_by_role("button", name="Bitte noch einmal prüfen").click()
    await fan.get_by_role("heading", name="Sollen wir noch einmal prüfen?").wait_for()
    await fan.get_by_role("button", name="Bitte noch einmal prüfen").click()
    await fan.get_by_text("Jemand anderes entscheidet noch einmal").wait_for()

    await page.reload()
    await page.get_by_text("Du hast zuerst entschieden.").wait_for()
    another = await chromium.new_context(base_url=site, locale="de-DE")
    second = await the_answer(another, company, site, name="Mika Aydın", role="moderator")
    await second.get_by_label("Sie zählt wieder").check()
    await second.get_by_label("Deine Worte an den Menschen").fill(
        "Das war Ärger. Die Truhe kommt am Montag dran."
    )
    await second.get_by_role("button", name="Entscheiden").click()
    await second.get_by_text("Zweite Prüfung von Mika Aydın").wait_for()
    await another.close()

    await the_receipt(fan)
    await fan.get_by_text("Deine Antwort zählt wieder.").wait_for()
    await fan.get_by_text("Die Truhe kommt am Montag dran.").wait_for()
    assert await fetch_value("select state from response") == "counted"
