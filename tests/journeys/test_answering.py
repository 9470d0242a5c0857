"""A fan fills in every kind of prompt: on a phone with a thumb, with keys, and without scripts."""

import msgspec
import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect

from hearback.database.engine import ENGINE, connected, fetch_column, fetch_value
from tests import made

PROMPTS = [
    {"kind": "open", "words": "Erzähl, wie es war", "help": "Ein Satz reicht."},
    {"kind": "choice", "words": "Wie bist du gekommen?", "options": ["Bus", "Rad"], "other": True},
    {"kind": "open", "words": "Wo stieg man um?", "required": True, "if_prompt": 1, "if_picks": [0]},
    {"kind": "choices", "words": "Was hat geholfen?", "options": ["Bilder", "Beispiele"], "other": True},
    {
        "kind": "scale",
        "words": "Wie gern kommst du wieder?",
        "low": 0,
        "high": 10,
        "low_label": "gar nicht",
        "high_label": "sehr gern",
        "why": True,
    },
    {"kind": "ranking", "words": "Was zuerst?", "options": ["Kürzere Wege", "Mehr Schatten", "Mehr Klos"]},
    {"kind": "yes_no", "words": "Warst du schon einmal da?", "required": True},
]
IN_ENGLISH = msgspec.json.encode(
    {"en": {"words": "Have you been before?", "options": ["Yes", "No"]}}
).decode()
KEPT = """select a.words, a.chosen, a.number from answer a join prompt p on p.id = a.prompt
          order by p.position, a.part"""
SMALL = """form => [...form.querySelectorAll("input, button, select, textarea, summary")]
    .map(field => [field, (field.closest("label") ?? field).getBoundingClientRect()])
    .filter(([field, box]) => box.width > 1 && (box.width < 24 || box.height < 24))
    .map(([field]) => field.outerHTML)"""


@pytest.fixture
async def asked(database, site):
    async with connected():
        company = await made.a_company()
        yield await made.a_question(
            company,
            slug="alles",
            prompts=[*PROMPTS[:-1], PROMPTS[-1] | {"options": ["Ja", "Nein"], "translations": IN_ENGLISH}],
        )


async def kept() -> list[tuple[object, ...]]:
    return [tuple(row) for row in await ENGINE.pool.fetch(KEPT)]


async def test_every_kind_is_filled_in_with_one_thumb(phone, asked):
    page = await phone.new_page()
    await page.goto("/kranich/ask/alles")
    form = page.locator("form.cont")
    assert await form.evaluate(SMALL) == []
    assert (await Axe().run(page)).violations_count == 0
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390

    where = page.get_by_label("Wo stieg man um?")
    await expect(where).to_be_hidden()
    await page.get_by_label("Bus").tap()
    await expect(where).to_be_visible()
    await where.fill("Am Markt.")
    await page.get_by_label("Rad").tap()
    await expect(where).to_be_hidden()
    await page.get_by_role("textbox", name="Was genau?").nth(1).fill("Jule am Telefon")
    await expect(page.get_by_role("checkbox", name="Etwas anderes")).to_be_checked()
    await page.get_by_label("0: gar nicht").tap()
    await page.get_by_label("Warum?").fill("Es war zu heiß.")
    await page.get_by_label("Ja", exact=True).tap()
    up = page.get_by_role("button", name="„Mehr Klos“ nach oben")
    assert (await up.bounding_box())["height"] >= 44
    await up.tap()
    await expect(up).to_be_focused()
    await expect(page.get_by_text("„Mehr Klos“: Platz 2 von 3")).to_be_attached()
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("ArrowUp")
    await expect(page.get_by_text("„Mehr Klos“: Platz 1 von 3")).to_be_attached()
    assert (await Axe().run(page)).violations_count == 0
    await page.get_by_role("button", name="Antwort abschicken").tap()
    await page.get_by_role("heading", name="Danke. Deine Antwort ist angekommen.").wait_for()

    assert await kept() == [
        ("", [1], None),
        ("Jule am Telefon", [], None),
        ("", [], 0),
        ("Es war zu heiß.", [], None),
        ("", [2, 0, 1], None),
        ("", [0], None),
    ]


async def test_without_scripts_lists_give_places_and_pages_turn_in_the_fans_language(
    phone_without_scripts, asked
):
    await fetch_value("update prompt set new_page = true where kind = 'ranking'")
    page = await phone_without_scripts.new_page()
    await page.goto("/kranich/ask/alles?lang=en")
    await expect(page.get_by_text("Only if you said “Bus” at “Wie bist du gekommen?”.")).to_be_visible()
    await page.get_by_label("Bus").check()
    await page.get_by_role("button", name="Next").click()
    await expect(page.get_by_role("link", name="Wo stieg man um?: Please write something.")).to_be_visible()
    await page.get_by_label("Wo stieg man um?").fill("Am Markt.")
    await page.get_by_role("button", name="Next").click()
    await expect(page.get_by_text("Page 2 of 2")).to_be_visible()
    assert await page.locator("form.cont").evaluate(SMALL) == []
    await page.get_by_label("Mehr Schatten", exact=True).select_option("1")
    await page.get_by_role("button", name="Back").click()
    await expect(page.get_by_label("Wo stieg man um?")).to_have_value("Am Markt.")
    await page.get_by_role("button", name="Next").click()
    await expect(page.get_by_label("Mehr Schatten", exact=True)).to_have_value("1")
    await page.get_by_label("Mehr Klos", exact=True).select_option("2")
    await page.get_by_role("group", name="Have you been before?").get_by_label("No").check()
    await page.get_by_role("button", name="Send answer").click()
    await page.get_by_role("heading", name="Thank you. Your answer has arrived.").wait_for()

    assert await kept() == [
        ("", [0], None),
        ("Am Markt.", [], None),
        ("", [1, 2], None),
        ("", [1], None),
    ]
    assert await fetch_column("select language from response") == ["en"]


async def test_nothing_is_kept_on_a_device_before_somebody_says_so_nor_after_sending(phone, asked):
    page = await phone.new_page()

    async def device() -> list[str]:
        return await page.evaluate("[...Object.keys(localStorage), document.cookie]")

    await page.goto("/kranich/ask/alles")
    tell = page.get_by_label("Erzähl, wie es war")
    await tell.fill("Bis hier hin.")
    assert await device() == [""]
    await page.get_by_role("button", name="Auf diesem Gerät merken").tap()
    await expect(page.get_by_text("Gemerkt.")).to_be_visible()
    await tell.fill("Bis hier hin und weiter.")
    await page.get_by_role("button", name="„Mehr Klos“ nach oben").tap()
    await page.get_by_label("Bus").tap()
    await page.get_by_label("Wo stieg man um?").fill("Am Markt.")

    await page.goto("/kranich/ask/alles")
    await expect(page.get_by_text("Dein Entwurf von diesem Gerät steht wieder da.")).to_be_visible()
    await expect(tell).to_have_value("Bis hier hin und weiter.")
    await expect(page.get_by_label("Wo stieg man um?")).to_have_value("Am Markt.")
    assert await page.locator(".ranking label").all_inner_texts() == [
        "Kürzere Wege",
        "Mehr Klos",
        "Mehr Schatten",
    ]
    await page.get_by_role("button", name="Wieder vergessen").tap()
    await expect(page.get_by_text("Vergessen. Auf diesem Gerät steht nichts mehr davon.")).to_be_visible()
    assert await device() == [""]

    await page.get_by_role("button", name="Auf diesem Gerät merken").tap()
    await page.get_by_label("Nein", exact=True).tap()
    (place, _) = await device()
    await page.evaluate("localStorage.setItem('hearback-draft:old', '{\"until\": \"2026-01-01\"}')")
    await page.get_by_role("button", name="Antwort abschicken").tap()
    await page.get_by_role("heading", name="Danke. Deine Antwort ist angekommen.").wait_for()
    assert await device() == [""] and place.startswith("hearback-draft:")
