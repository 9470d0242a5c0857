"""Every page that can be reached by links: nothing for axe to find, no sideways scrolling, no errors, nobody else."""

import re
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect

from hearback.database.engine import connected, execute
from hearback.people.access import cookie_name
from hearback.people.commands import make_team
from hearback.people.forms import TeamForm
from hearback.themes.commands import assign, draw
from hearback.themes.embedding import DIMENSIONS
from hearback.themes.forms import AssignForm
from hearback.themes.tables import Proposal
from tests import made

CODE = "7K4QM0000000000000000000AB"
NARROW = {"width": 320, "height": 800}
SHAPES = [
    (re.compile(r"/[0-9a-f]{8}-[0-9a-f-]{27}"), "/{id}"),
    (re.compile(r"/(notiz|frage)-\d+"), r"/\1"),
    (re.compile(r"/codebook/(?!new$)[a-z0-9-]+$"), "/codebook/{entry}"),
]
NOT_PAGES = (".tar.gz", ".atom", ".webp", ".css", ".svg", ".json", ".csv", ".md", "/live")
MOST_PAGES = 60
# A link in a drawing has no plain `href`.
ADDRESSES = "links => links.map(link => new URL(link.getAttribute('href'), document.baseURI).href)"


@pytest.fixture
async def story(database, site):
    """A company with something on every page; gives the session token of its admin."""
    async with connected():
        company = await made.a_company()
        jule = await made.a_member(company, name="Jule Brandt", leads=True)
        question = await made.a_question(
            company,
            by=jule,
            prompts=[
                {"kind": "choice", "words": "Wann zuerst?", "options": ["Beim Aufbau", "In Runde 1"]},
                {
                    "kind": "choices",
                    "words": "Was hat geholfen?",
                    "options": ["Bilder", "Beispiele"],
                    "other": True,
                },
                {"kind": "ranking", "words": "Was zuerst?", "options": ["Bilder", "Beispiele"], "why": True},
                {
                    "kind": "yes_no",
                    "words": "Wieder?",
                    "options": ["Ja", "Nein"],
                    "if_prompt": 0,
                    "if_picks": [1],
                },
                {
                    "kind": "scale",
                    "words": "Wie klar?",
                    "low": 1,
                    "high": 5,
                    "low_label": "gar nicht",
                    "high_label": "sehr",
                },
                {"kind": "open", "words": "Erzähl, wie es war", "required": True, "help": "Ein Satz reicht."},
            ],
        )
        response = await made.an_answer(company, question, "Rot und Grün sehen gleich aus.", code=CODE)
        theme = await made.a_theme(company)
        excerpt = await made.placed(company, response, theme)
        await execute("update excerpt set vector = $2 where id = $1", excerpt.id, bytes(4 * DIMENSIONS))
        await draw(company.id, even_few=True, now=made.NOW)
        for kind, about in (("alike", None), ("join", theme.id)):
            ids = {"theme": about, "excerpts": [excerpt.id]}
            await Proposal(company=company.id, kind=kind, worth=1.0, **ids).save()
        await made.a_public_note(company, theme, by=jule, kind="mistake", said="Man muss die Steine fühlen.")
        await made.an_answer(company, question, "Noch nicht einsortierte Worte.")
        team = await make_team(company.id, TeamForm("Karten", [jule.id]), by=jule, now=made.NOW)
        await assign(company.id, theme.id, AssignForm(team), by=jule.id, now=made.NOW)
        yield await made.a_session(jule)


async def pages_from(page, start):
    """Stands on every kind of page within reach of `start`, one of each shape, and says its path."""
    waiting, seen = [start], set()
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop(0)
        shape = path.partition("?")[0]
        for pattern, general in SHAPES:
            shape = pattern.sub(general, shape)
        if shape in seen or shape.endswith(NOT_PAGES):
            continue
        seen.add(shape)
        reply = await page.goto(path)
        assert reply.status == 200, f"{path}: {reply.status}"
        for href in await page.eval_on_selector_all("a[href]", ADDRESSES):
            to = urlsplit(href)
            if to.netloc == urlsplit(page.url).netloc:
                waiting.append(to.path + (f"?{to.query}" if to.query else ""))
        yield path


def said_by(page):
    """What the page complains of, as it goes on."""
    said = []
    page.on("console", lambda one: said.append(f"console: {one.text}") if one.type == "error" else None)
    page.on("pageerror", lambda error: said.append(f"script: {error}"))
    return said


async def seen_by_axe(page, scheme, **options):
    await page.emulate_media(color_scheme=scheme)
    # Colours that are half way there have no contrast yet.
    await page.evaluate("Promise.allSettled(document.getAnimations().map((one) => one.finished))")
    found = await Axe().run(page, options={"resultTypes": ["violations"], **options})
    return [
        f"{scheme}: {violation['id']}: {violation['nodes'][0]['html'][:160]}"
        for violation in found.response["violations"]
    ]


async def sideways(page):
    before = page.viewport_size
    await page.set_viewport_size(NARROW)
    wide = await page.evaluate("document.documentElement.scrollWidth")
    await page.set_viewport_size(before)
    return [f"sideways: {wide} px"] if wide > NARROW["width"] else []


async def faults_here(page):
    return [
        *await seen_by_axe(page, "light"),
        *await seen_by_axe(page, "dark", runOnly=["color-contrast"]),  # nothing else hangs on the scheme
        *await sideways(page),
    ]


async def faults_of(page, path):
    said = said_by(page)
    await page.goto(path)
    return [*await faults_here(page), *said]


@pytest.mark.parametrize("lang", ["de", "en"])
async def test_every_public_page_is_for_everybody(phone, story, lang):
    asked, faults, found = [], {}, 0
    phone.on("request", lambda request: asked.append(request.url))
    page = await phone.new_page()
    said = said_by(page)
    async for path in pages_from(page, f"/kranich?lang={lang}"):
        found += 1
        if here := [*await faults_here(page), *said]:
            faults[path] = here
        said.clear()

    assert faults == {}
    assert found >= 8
    assert {urlsplit(url).hostname for url in asked} == {"127.0.0.1"}
    assert await phone.cookies() == []


async def speak(page, lang):
    await page.goto("/desk/kranich/people/me")
    await page.locator("[name=language]").select_option(lang)
    await page.locator("form:has([name=language]) button").click()
    await expect(page.locator("html")).to_have_attribute("lang", lang)


async def test_every_page_of_the_desk_is_for_everybody(computer, site, story):
    await computer.add_cookies([{"name": cookie_name(), "value": story, "url": site}])
    page = await computer.new_page()
    said, faults, found = said_by(page), {}, []

    async def look(path, scheme):
        if here := [*await seen_by_axe(page, scheme), *await sideways(page), *said]:
            faults[f"{path} ({scheme})"] = here
        said.clear()

    # Both languages and both schemes, in the time of one: a page's colours do not hang on its language.
    async for path in pages_from(page, "/desk/kranich/today"):
        if "/desk" in path:
            found.append(path)
            await look(path, "dark")
    await speak(page, "en")
    for path in found:
        await page.goto(path)
        await look(path, "light")

    assert faults == {}
    assert len(found) >= 12
    assert {f"/desk/kranich/themes/{page}" for page in ("help", "codebook", "proposals")} < set(found)
