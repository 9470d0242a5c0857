"""A question and the last notes in a frame on somebody else's page, which has strict rules of its own."""

import http.server
import threading

import pytest
from playwright.async_api import expect

from hearback.database.engine import connected, execute, fetch_column
from tests import made
from tests.processes import free_port
from tests.waiting import until

TEXT = "Im Laden lag die Anleitung nicht bei."


class ForeignSite:
    """Two pages of a shop, under a name that is not ours."""

    def __init__(self, house):
        self.port = free_port()
        body = f"""<!doctype html><html lang="de"><title>Laden</title><h1>Moorlichter</h1><p>34 Euro</p>
            <p><a data-hearback href="{house}/kranich/ask/frage">Was hat gefehlt?</a></p>
            <p><a data-hearback="Neues vom Verlag" href="{house}/kranich/log">Log</a></p>
            <script src="{house}/embed.js" async></script><p id="end">Impressum</p></html>""".encode()
        policy = f"default-src 'none'; script-src {house}; frame-src {house}; base-uri 'none'"

        class Page(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Security-Policy", policy)
                self.send_header("Referrer-Policy", "no-referrer")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_args):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", self.port), Page)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def address(self):
        return f"http://localhost:{self.port}/"


@pytest.fixture
def shop(site):
    foreign = ForeignSite(site)
    yield foreign
    foreign.server.shutdown()


@pytest.fixture
async def house(database, site, shop):
    async with connected():
        company = await made.a_company()
        jule = await made.a_member(company, name="Jule Brandt")
        await made.a_question(company, by=jule, slug="frage")
        theme = await made.a_theme(company)
        await made.a_public_note(company, theme, by=jule, title="Größere Schrift im Regelheft")
        await execute("update company set embed_hosts = $1", [f"localhost:{shop.port}"])
        yield company


async def test_an_answer_is_given_inside_a_foreign_page_and_nothing_is_kept_there(
    chromium, site, shop, house
):
    context = await chromium.new_context(viewport={"width": 390, "height": 844}, locale="de-DE")
    page = await context.new_page()
    refused = []
    page.on("console", lambda said: refused.append(said.text) if said.type == "error" else None)
    cookies = await context.new_cdp_session(page)
    await cookies.send("Network.enable")
    await cookies.send(
        "Network.setCookieControls",
        {
            "enableThirdPartyCookieRestriction": True,
            "disableThirdPartyCookieMetadata": True,
            "disableThirdPartyCookieHeuristics": True,
        },
    )
    await page.goto(shop.address)
    frame = page.frame_locator('iframe[title="Was hat gefehlt?"]')
    box = page.locator('iframe[title="Was hat gefehlt?"]')
    await frame.get_by_label("Erzähl, wie es war").fill(TEXT)
    await expect(page.get_by_role("link", name="Was hat gefehlt?")).to_be_hidden()
    assert await frame.get_by_role("button", name="Auf diesem Gerät merken").count() == 0

    async def heights():
        inner = await frame.locator("body").evaluate("body => Math.ceil(body.getBoundingClientRect().height)")
        return inner, (await box.bounding_box())["height"]

    async def height_follows():
        inner, outer = await heights()
        return inner == outer > 300

    await until(height_follows)
    closed, _ = await heights()
    await frame.get_by_text("Warum wir fragen").click()
    await until(height_follows)
    assert (await heights())[1] > closed

    await frame.get_by_role("button", name="Antwort abschicken").click()
    await expect(
        frame.get_by_role("heading", name="Danke. Deine Antwort ist angekommen.")
    ).to_be_in_viewport()
    await until(height_follows)
    assert await fetch_column("select words from answer") == [TEXT]
    assert await context.cookies() == []
    # Where cookies of others are blocked a browser lets a frame keep nothing else either, and ours does not need it.
    kept = "() => { try { return document.cookie + Object.keys(localStorage).join() } catch { return '' } }"
    assert {await one.evaluate(kept) for one in page.frames if one.url.startswith(site)} == {""}

    async with context.expect_page() as opened:
        await frame.get_by_role("link", name="Quittung in eigenem Fenster öffnen").click()
    receipt = await opened.value
    await expect(receipt.get_by_text(TEXT)).to_be_visible()
    assert receipt.url.startswith(f"{site}/kranich/r")

    notes = page.frame_locator('iframe[title="Neues vom Verlag"]')
    await expect(notes.get_by_role("link", name="Größere Schrift im Regelheft")).to_be_visible()
    assert refused == []
    await context.close()


async def test_a_site_that_is_not_on_the_list_keeps_its_plain_link(chromium, site, shop, house):
    await execute("update company set embed_hosts = $1", ["laden.beispiel.de"])
    context = await chromium.new_context(locale="de-DE")
    page = await context.new_page()
    said = []
    page.on("console", lambda message: said.append(message.text))
    await page.goto(shop.address)
    await page.locator("#end").scroll_into_view_if_needed()

    await expect(page.locator("iframe")).to_have_count(0, timeout=20_000)
    assert any("frame-ancestors" in text for text in said)
    await page.get_by_role("link", name="Was hat gefehlt?").click()
    await expect(page.get_by_label("Erzähl, wie es war")).to_be_visible()
    await context.close()
