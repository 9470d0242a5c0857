"""One person, one voice, in a real browser: the device computes while the form is sent; without scripts one waits."""

import pytest

from hearback.answering.tables import Response
from hearback.database.engine import connected
from tests import made

WORDS = "Rot und Grün sehen für meine Tochter gleich aus."


@pytest.fixture
async def question(database, site):
    async with connected():
        company = await made.a_company()
        yield await made.a_question(company, slug="geschuetzt", level="protected")


async def answer(page) -> None:
    await page.goto("/kranich/ask/geschuetzt")
    await page.get_by_label("Erzähl, wie es war").fill(WORDS)
    await page.get_by_role("button", name="Antwort abschicken").click()
    await page.get_by_role("heading", name="Danke. Deine Antwort ist angekommen.").wait_for()


async def test_a_phone_computes_while_it_sends_and_the_answer_counts_at_once(phone, question):
    page = await phone.new_page()
    refused = []
    page.on("console", lambda said: refused.append(said.text) if said.type == "error" else None)
    await answer(page)

    assert refused == []
    assert await Response.select(Response.state, Response.flag) == [{"state": "counted", "flag": ""}]


async def test_without_scripts_it_is_said_before_and_the_answer_waits_for_a_look(
    phone_without_scripts, question
):
    page = await phone_without_scripts.new_page()
    await page.goto("/kranich/ask/geschuetzt")
    await page.get_by_text("Ohne JavaScript kann dein Gerät nicht mitrechnen.").wait_for()
    await answer(page)
    await page.get_by_text("Sie wartet noch auf einen Blick von uns, bevor sie zählt.").wait_for()

    assert await Response.select(Response.state, Response.flag) == [{"state": "held", "flag": "no_proof"}]
