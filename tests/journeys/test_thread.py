"""The whole thread in a real browser: asked, answered, understood, acted on, told, and given back by the very fan."""

import asyncio
import datetime as dt
import io
import json
import re
import sys
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.async_api import BrowserContext, Page, expect

from hearback.clock import now
from hearback.database.engine import connected, fetch_value
from hearback.people.commands import create_company, create_member
from hearback.settings import PACKAGE
from tests import made

PASSWORD = "sieben Kraniche im Nebel"
TITLE = "Wo hat euch die Anleitung von „Moorlichter“ allein gelassen?"
FOG = "Wir haben in Runde 1 lange gesucht, wann der Nebel endet. Wann genau endet die Nebelphase?"
FOG_EN = "We could not find out when the fog phase ends. Please explain the end of the fog phase."
STONES = "Die roten und grünen Steine sehen für meine Tochter gleich aus."
EXPLAINED = "Seite 6 erklärt jetzt in vier Bildern, wann der Nebel endet."
CORRECTION = "Das Ende ist klar, aber der Anfang der Nebelphase fehlt noch."
TODAY = made.today()
PATIENCE_MS = 60_000


@pytest.fixture
async def company(database, site):
    """Comms and product of Kranich Spiele, with faces and passwords; nothing has been asked yet."""
    picture = io.BytesIO()
    Image.new("RGB", (400, 400), "#cfdcd6").save(picture, "PNG")
    async with connected():
        company = await create_company("kranich", "Kranich Spiele", now=now())
        for name, role, leads in (("Jule Brandt", "comms", True), ("Tarek Osman", "product", False)):
            await create_member(
                company.id,
                email=f"{name.split()[0].lower()}@kranich.example",
                password=PASSWORD,
                name=name,
                role_title="Redaktion" if leads else "Produktion",
                role=role,
                leads=leads,
                picture=picture.getvalue(),
                now=now(),
            )
        yield company


async def sign_in(context: BrowserContext, who: str) -> Page:
    page = await context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    await page.goto("/in?next=/desk/kranich/today")
    await page.fill("[name=email]", f"{who}@kranich.example")
    await page.fill("[name=password]", PASSWORD)
    await page.locator("main button").click()
    await expect(page).to_have_url(re.compile("/desk/kranich/today"))
    return page


async def ask(page: Page) -> str:
    """Comms writes a question, looks at the preview, opens it; gives its public path."""
    await page.goto("/desk/kranich/questions/new")
    for name, words in {
        "title": TITLE,
        "why": "Im Oktober haben uns viele geschrieben, dass die erste Partie holprig war.",
        "can_change": "Sätze, Bilder und Beispiele in der Anleitung.",
        "cannot_change": "Die Spielregeln selbst.",
        "what_happens": "Jule und Tarek lesen jede Antwort selbst.",
        "slug": "moorlichter",
        "words\\.0": "Erzähl, wie es war",
    }.items():
        await page.fill(f"[name={name}]", words)
    await page.locator("button.primary[value=save]").click()
    await page.get_by_role("link", name="Vorschau ansehen").click()
    await page.get_by_text("So sehen es die Menschen").wait_for()
    await page.go_back()
    await page.get_by_role("button", name="Frage öffnen").click()
    return "/kranich/ask/moorlichter"


async def answer(context: BrowserContext, path: str, words: str, *, quoting: str = "no") -> str:
    """A fan answers on a phone-sized page; gives the receipt's code."""
    page = await context.new_page()
    await page.goto(path)
    await page.locator("textarea").fill(words)
    await page.locator(f"[name=quoting][value={quoting}]").check()
    await page.locator("main button[type=submit]").click()
    code = await page.locator("#code").inner_text()
    await page.close()
    return code


async def bring_in_150(database: str, tmp_path) -> None:
    """Real answers, through the command line."""
    lines = (PACKAGE / "demo" / "answers.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [row for row in map(json.loads, lines) if row["company"] == "kranich"][:150]
    assert len(rows) == 150
    file = tmp_path / "answers.jsonl"
    file.write_text(
        "\n".join(json.dumps({"id": row["id"], "text": row["text"]}) for row in rows), encoding="utf-8"
    )
    command = [sys.executable, "-m", "hearback.cli", "import", str(file)]
    importing = await asyncio.create_subprocess_exec(
        *command, "--company", "kranich", "--question", "moorlichter"
    )
    assert await importing.wait() == 0
    assert await fetch_value("select count(*) from response where channel = 'file'") == 150


async def theme_of(company_id, words: str) -> str | None:
    """Where the machine put this fan's first excerpt; None while it is unsorted."""
    return await fetch_value(
        """select t.heir::text from answer a join excerpt e on e.company = a.company and e.answer = a.id
           left join placement p on p.company = e.company and p.excerpt = e.id
           left join theme t on t.company = p.company and t.id = p.theme
           where a.company = $1 and a.words = $2 order by e.starts limit 1""",
        company_id,
        words,
    )


async def open_all(page: Page) -> None:
    """All but the forms that move a single excerpt: each is fetched when it is opened, and takes the focus."""
    closed = "details:not(:has(> summary[data-key=m]))"
    await page.evaluate(f"for (const part of document.querySelectorAll('{closed}')) part.open = true")


async def name_theme(page: Page, theme: str, name: str) -> None:
    await page.goto(f"/desk/kranich/themes/{theme}")
    await open_all(page)
    form = page.locator("form[action$='/name']")
    await form.locator("[name=name]").fill(name)
    await form.locator("button").click()
    await expect(page.get_by_role("heading", name=name)).to_be_visible()


async def merge_another_into(page: Page, theme: str) -> None:
    """Merge the biggest other theme into this one: its voices count here from now on."""
    await page.goto("/desk/kranich/themes")
    links = await page.eval_on_selector_all(".themes a[href*='/themes/']", "all => all.map(one => one.href)")
    others = [
        link.rsplit("/", 1)[1].split("?")[0] for link in links if theme not in link and "unsorted" not in link
    ]
    await page.goto(f"/desk/kranich/themes/{others[0]}")
    await open_all(page)
    form = page.locator("form[action$='/merge']")
    await form.locator("[name=into]").select_option(theme)
    await form.locator("button").click()
    await page.get_by_text(re.compile("zusammengelegt", re.IGNORECASE)).first.wait_for()


async def act(page: Page, theme: str, title: str) -> None:
    """Product links an action to the theme and brings it to an end."""
    await page.goto(f"/desk/kranich/actions/new?theme={theme}")
    await page.fill("[name=title]", title)
    await page.fill("[name=why]", "Vier Bilder passen auf die Seite, mehr nicht.")
    await page.fill("[name=due_on]", (TODAY + dt.timedelta(days=30)).isoformat())
    await page.locator("main form button.primary").click()
    await expect(page.get_by_role("heading", name=title)).to_be_visible()
    await open_all(page)
    form = page.locator("form[action$='/state']")
    await form.locator("[name=state][value=done]").check()
    await form.locator("button").click()
    await page.get_by_text("Noch nicht erzählt").first.wait_for()


async def write_note(
    page: Page, theme: str, kind: str, fields: dict[str, str], choices: dict[str, str]
) -> str:
    """Comms writes a note and publishes it; gives its public path."""
    await page.goto(f"/desk/kranich/notes/new?theme={theme}&kind={kind}")
    await page.locator(f"[name=kind][value={kind}]").check()
    await page.locator("main form button.primary").click()
    await expect(page).to_have_url(re.compile(r"/notes/[0-9a-f-]{36}"))
    for name, words in fields.items():
        await page.fill(f"[name={name}]", words)
    for name, value in choices.items():
        await page.select_option(f"[name={name}]", value)
    for box in await page.locator("[name=actions]").all():
        await box.check()
    await page.locator("button[formaction$='/publication']").click()
    await expect(page).to_have_url(re.compile("/kranich/log/"))
    await expect(page.get_by_role("heading", level=1)).to_have_text(fields["title"])
    return urlsplit(page.url).path


CHANGED = {
    "title": EXPLAINED,
    "asked": "In Runde 1 mussten wir lange suchen, wann der Nebel endet.",
    "said": "Die Regel zum Ende der Nebelphase fehlte dort, wo ihr sie gesucht habt.",
    "did": "Die Regel steht jetzt beim Anzünden statt im Anhang, mit vier Bildern.",
    "since_when": "seit heute als PDF, gedruckt ab Februar",
    "closing_question": "Findet ihr das Ende jetzt schneller?",
}
MISTAKE = {
    "title": "Die Regel zum Nebel haben wir vergessen",
    "asked": "Wann endet die Nebelphase?",
    "said": "Ihr habt die Regel gesucht und nicht gefunden.",
    "wrong": "Wir haben die Regel im März aus dem Heft gestrichen und es nicht bemerkt.",
    "sorry": "Es tut uns leid, allen, deren erste Partie daran hängen blieb.",
    "affected": "Alle 3.400 Schachteln der ersten Auflage.",
    "repair": "Wer die erste Auflage hat, bekommt das neue Heft kostenlos.",
    "must_do": "Ihr müsst nichts tun.",
    "repair_by": (TODAY + dt.timedelta(days=40)).isoformat(),
    "did": "Jedes Heft wird vor dem Druck von jemandem gelesen, der das Spiel nicht kennt.",
    "did_owner": "Tarek Osman",
    "did_on": TODAY.isoformat(),
    "cause": "Beim Kürzen fiel der Absatz heraus, und wir haben nur noch auf die Seitenzahl gesehen.",
    "noticed": "Ihr habt es uns geschrieben.",
    "known_since": (TODAY - dt.timedelta(days=20)).isoformat(),
    "follow_up": (TODAY + dt.timedelta(days=90)).isoformat(),
    "closing_question": "Fehlt euch noch etwas anderes?",
}


async def test_from_a_question_to_the_fan_who_answered(
    company, database, computer, phone, phone_without_scripts, chromium, site, tmp_path
):
    jule = await sign_in(computer, "jule")
    path = await ask(jule)

    code = await answer(phone, path, FOG, quoting="unnamed")
    await answer(phone_without_scripts, path, STONES)
    await answer(phone, f"{path}?lang=en", FOG_EN)
    await bring_in_150(database, tmp_path)

    tarek_at = await chromium.new_context(
        base_url=site, viewport={"width": 1280, "height": 900}, locale="de-DE"
    )
    tarek = await sign_in(tarek_at, "tarek")
    await tarek.goto("/desk/kranich/themes")
    await expect(tarek.locator(".themes .guess:visible").nth(2)).to_be_visible(timeout=PATIENCE_MS)
    theme = await theme_of(company.id, FOG)
    assert theme is not None, "the fan's words are in no theme"
    await name_theme(tarek, theme, "Wann endet der Nebel?")
    await merge_another_into(tarek, theme)
    await act(tarek, theme, "Seite 6 neu schreiben, mit vier Bildern")

    changed = await write_note(jule, theme, "changed", CHANGED, {})
    await write_note(
        jule,
        theme,
        "mistake",
        MISTAKE,
        {"did_state": "done", "cause_kind": "preventable", "noticed_by": "you"},
    )
    public = await phone.new_page()
    await public.goto("/kranich/log")
    await public.get_by_role("link", name=EXPLAINED).click()
    await expect(public).to_have_url(re.compile(re.escape(changed)))
    await public.get_by_text("Die Regel steht jetzt beim Anzünden").first.wait_for()

    receipt = await phone.new_page()
    await receipt.goto(f"/kranich/r#{code}")
    await receipt.get_by_role("link", name=EXPLAINED).wait_for()
    form = receipt.locator("section", has_text=CHANGED["said"]).locator("form")
    await form.locator("[name=verdict][value=not_quite]").check()
    await form.locator("[name=words]").fill(CORRECTION)
    await form.locator("button").click()
    await receipt.get_by_text("Du hast gesagt: Nicht ganz.").wait_for()

    await jule.goto("/desk/kranich/hearbacks")
    await jule.get_by_text(CORRECTION).wait_for()
    await public.goto(changed)
    await expect(public.get_by_text(re.compile("Ein Mensch hat geprüft")).first).to_be_visible()
    await tarek_at.close()
