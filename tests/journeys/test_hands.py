"""The desk's whole way and a fan's answer: with keys alone, and without scripts."""

import datetime as dt
import io
import re

import pytest
from PIL import Image
from playwright.async_api import expect

from hearback.clock import now
from hearback.database.engine import connected, fetch_value
from hearback.people.commands import create_company, create_member
from tests import made
from tests.journeys.conftest import DESK
from tests.journeys.hands import Keys, Pointer

PASSWORD = "sieben Kraniche im Nebel"
TODAY = made.today()
# Its month and day are the same, so that a browser of any country reads the keys alike.
LATER = next(
    day
    for day in (dt.date(TODAY.year + n // 12, n % 12 + 1, n % 12 + 1) for n in range(24))
    if day > TODAY + dt.timedelta(days=14)
)
PROMPTS = [
    {"kind": "choice", "words": "Wann zuerst?", "options": ["Beim Aufbau", "In Runde 1"]},
    {"kind": "choices", "words": "Was hat geholfen?", "options": ["Bilder", "Beispiele"]},
    {"kind": "scale", "words": "Wie klar?", "low": 1, "high": 5, "low_label": "kaum", "high_label": "sehr"},
    {"kind": "open", "words": "Erzähl, wie es war", "required": True},
]
QUESTION = {
    "title": "Wo hat euch die Anleitung allein gelassen?",
    "why": "Im Oktober haben uns viele geschrieben.",
    "can_change": "Sätze und Bilder.",
    "cannot_change": "Die Spielregeln.",
    "what_happens": "Wir lesen alles.",
}
NOTE = {
    "title": "Die Steine haben jetzt Kerben",
    "asked": "Wo hat euch die Anleitung allein gelassen?",
    "said": "Rot und Grün sehen gleich aus.",
    "did": "Jeder rote Stein hat eine Kerbe.",
    "since_when": "seit heute",
    "closing_question": "Fühlt ihr den Unterschied?",
}


@pytest.fixture
async def story(database, site):
    """A question with every kind of field, and a theme that the machine suggested for its one answer."""
    picture = io.BytesIO()
    Image.new("RGB", (400, 400), "#cfdcd6").save(picture, "PNG")
    async with connected():
        company = await create_company("kranich", "Kranich Spiele", now=now())
        await create_member(
            company.id,
            email="jule@kranich.example",
            password=PASSWORD,
            name="Jule Brandt",
            role_title="Redaktion",
            role="admin",
            leads=True,
            picture=picture.getvalue(),
            now=now(),
        )
        question = await made.a_question(company, slug="anleitung", prompts=PROMPTS)
        response = await made.an_answer(company, question, "Rot und Grün sehen gleich aus.")
        theme = await made.a_theme(company, "Stein, gleich", state="suggested")
        await made.placed(company, response, theme)
        yield company, theme


@pytest.fixture(params=[Keys, Pointer], ids=["with keys alone", "without scripts"])
async def hand(request, chromium, site):
    context = await chromium.new_context(
        viewport=DESK, base_url=site, locale="de-DE", java_script_enabled=request.param is Keys
    )
    yield request.param(await context.new_page())
    await context.close()


async def test_a_fan_answers_with_choices_and_a_scale(hand, story):
    page = hand.page
    await page.goto("/kranich/ask/anleitung")
    names = [await part.get_attribute("name") for part in await page.locator("main form [name]").all()]
    first, many, scale, words = dict.fromkeys(
        name for name in names if re.fullmatch("p[0-9a-f]{32}", name or "")
    )
    await hand.mark(first, "1")
    await hand.mark(many, "0")
    await hand.mark(scale, "4")
    await hand.write(words, "Die Bilder haben geholfen.")
    await hand.mark("quoting", "unnamed")
    await hand.press(page.locator("main button[type=submit]"))

    await expect(page.locator("#code")).to_be_visible()
    quoting = """select quoting from response r join answer a on a.company = r.company and a.response = r.id
                 where a.words = 'Die Bilder haben geholfen.'"""
    assert await fetch_value(quoting) == "unnamed"


async def test_from_signing_in_to_a_published_note(hand, story):
    company, theme = story
    await sign_in(hand)
    await ask(hand)
    await name_and_weigh(hand, theme)
    await act(hand)
    await publish(hand, theme)

    named = "select name from theme where company = $1 and state = 'named'"
    assert await fetch_value(named, company.id) == "Steine ohne Unterschied"
    asked = "select state from question where company = $1 and slug = 'kerben'"
    assert await fetch_value(asked, company.id) == "open"
    assert await fetch_value("select state from action where company = $1", company.id) == "done"


async def sign_in(hand):
    await hand.page.goto("/in?next=/desk/kranich/today")
    await hand.write("email", "jule@kranich.example")
    await hand.write("password", PASSWORD)
    await hand.press(hand.page.locator("main button"))
    await expect(hand.page).to_have_url(re.compile("/desk/kranich/today"))


async def ask(hand):
    page = hand.page
    await page.goto("/desk/kranich/questions")
    await hand.press(page.get_by_role("link", name="Neue Frage"))
    await expect(page).to_have_url(re.compile("/questions/new"))
    for name, words in (QUESTION | {"slug": "kerben"}).items():
        await hand.write(name, words)
    await hand.write("words\\.0", "Erzähl, wie es war")
    await hand.press(page.locator("button.primary[value=save]"))
    await hand.press(page.get_by_role("link", name="Vorschau ansehen"))
    await page.get_by_text("So sehen es die Menschen").wait_for()
    await page.go_back()
    await hand.press(page.get_by_role("button", name="Frage öffnen"))
    await expect(page.locator(".tag")).to_have_text("offen")


async def name_and_weigh(hand, theme):
    page = hand.page
    await page.goto(f"/desk/kranich/themes/{theme.id}")
    await hand.press(page.locator("details.tool:has(form[action$='/name']) summary"))
    await hand.write("name", "Steine ohne Unterschied")
    await hand.press(page.locator("form[action$='/name'] button"))
    await expect(page.get_by_role("heading", name="Steine ohne Unterschied")).to_be_visible()
    await hand.press(page.locator("details.tool:has(form[action$='/weight']) summary"))
    await hand.write("reason", "Wer die Farben nicht sieht, kann nicht mitspielen.")
    await hand.press(page.locator("form[action$='/weight'] button"))
    await expect(page.locator(".notice")).to_contain_text("kann nicht mitspielen")


async def act(hand):
    page = hand.page
    await hand.press(page.locator("main a[href*='/actions/new']"))
    await expect(page).to_have_url(re.compile("/actions/new"))
    await hand.write("title", "Kerben in die roten Steine")
    await hand.write("why", "Man muss sie fühlen.")
    await hand.write("due_on", LATER.isoformat())
    await hand.press(page.locator("main form button.primary"))
    await expect(page.get_by_role("heading", name="Kerben in die roten Steine")).to_be_visible()
    await hand.mark("state", "done")
    await hand.press(page.locator("form[action$='/state'] button"))
    await page.get_by_text("Noch nicht erzählt").first.wait_for()


async def publish(hand, theme):
    page = hand.page
    await page.goto(f"/desk/kranich/notes/new?theme={theme.id}")
    await hand.mark("kind", "changed")
    await hand.press(page.locator("main form button.primary"))
    await expect(page).to_have_url(re.compile(r"/notes/[0-9a-f-]{36}"))
    for name, words in NOTE.items():
        await hand.write(name, words)
    await hand.mark("actions", await page.locator("[name=actions]").first.get_attribute("value"))
    await hand.press(page.locator("button[formaction$='/publication']"))
    await expect(page).to_have_url(re.compile("/kranich/log/"))
    await expect(page.get_by_role("heading", level=1)).to_have_text(NOTE["title"])
