"""A stranger checks the ledger, with the page and with the one file, and finds the forged copy out."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, Page, expect

from hearback.database.engine import fetch_column
from hearback.ledger import queries
from hearback.ledger.checkpoints import Checkpoint, signed
from hearback.ledger.keeping import kept
from hearback.ledger.rules import canonical, leaf_hash, root_of
from hearback.ledger.signing import sign
from hearback.ledger.watching import Rewritten, Watch, hand_over
from hearback.ledger.witnessing import add_witness
from hearback.settings import settings
from tests import made
from tests.changenotes.ready import ready
from tests.ledger.conftest import owner  # noqa: F401  (a fixture)
from tests.ledger.test_public import ENTRIES

LATER = "2020-01-01"


async def test_a_stranger_checks_it_with_the_page_and_the_file_and_finds_the_forgery(
    pool: None,
    phone: BrowserContext,
    phone_without_scripts: BrowserContext,
    tmp_path: Path,
    owner,  # noqa: F811
):
    house = await ready(await made.a_company())
    slug = await house.published()
    await sign(house.company.id)
    page = await phone.new_page()

    # The page says what it is, and checks itself; a signature is kept from under a note.
    await page.goto(f"/kranich/log/{slug}")
    await page.get_by_text("Für Technikinteressierte").click()
    line = await page.locator("code.keep").inner_text()
    await page.get_by_role("link", name="Selbst nachprüfen").click()
    await expect(page.get_by_role("heading", name="0 Zeugen")).to_be_visible()
    assert await says(page) == "fits"
    await expect(page.get_by_text("Gelöschte Felder: 0.")).to_be_visible()
    assert await says(page, line) == "since"

    # So does the one file, which needs nothing of ours.
    (program := tmp_path / "verify.py").write_bytes(await (await page.request.get("/kranich/verify")).body())
    (older := tmp_path / "kept.txt").write_text(line)
    key = await page.locator("pre.shell").nth(1).inner_text()
    checking = [program, f"{page.url.split('?')[0].split('#')[0]}", key]
    assert (await run(*checking, older)).startswith("OK: ")

    # Another installation watches, and hands its signature over; from then on the page counts it.
    watch, ledger = Watch(tmp_path / "witness", "other.example/witness"), checking[1]
    await add_witness(house.company.id, watch.line, now=made.NOW)
    seen = await asyncio.to_thread(watch.see, ledger, key, at=int(made.NOW.timestamp()))
    await asyncio.to_thread(hand_over, ledger, seen.note)
    await page.reload()
    await expect(page.get_by_role("heading", name="1 Zeuge")).to_be_visible()

    # Whoever holds the key and the whole database rewrites history. Alone it fits; with the kept signature it does not.
    await owner(await forged(house.company.id))
    assert await says(page) == "fits"
    assert (await run(*checking)).startswith("OK: ")
    assert await says(page, line) == "older"
    assert await run(*checking, older) == "NOT OK: history was rewritten since your checkpoint\n"
    with pytest.raises(Rewritten):
        await asyncio.to_thread(watch.see, ledger, None, at=int(made.NOW.timestamp()))

    # Whoever changes only the words is found out at once.
    await owner(["update note_field set words = 'Das war schon immer so.' where name = 'did'"])
    assert await says(page) == "texts"
    assert "another text was logged" in await run(*checking)

    bare = await phone_without_scripts.new_page()
    await bare.goto("/kranich/ledger")
    await expect(bare.get_by_text("Dafür braucht es JavaScript.")).to_be_visible()
    await expect(bare.get_by_role("button", name="Jetzt nachprüfen")).to_be_hidden()


async def says(page: Page, line: str = "") -> str:
    """What the browser found, by the name of its sentence."""
    said = page.locator("[data-ledger-check] [role=status]")
    await page.get_by_label("Eine ältere Unterschrift").fill(line)
    await page.get_by_role("button", name="Jetzt nachprüfen").click()
    await expect(said).not_to_have_attribute("data-result", "busy")
    return await said.get_attribute("data-result") or ""


async def run(*given: object) -> str:
    done = await asyncio.to_thread(
        subprocess.run, [sys.executable, *map(str, given)], capture_output=True, text=True
    )
    return done.stdout + done.stderr


async def forged(company_id) -> list[str]:
    """As superuser, with the real key: the first entry has another day, and everything fits again."""
    leaves = await fetch_column(ENTRIES, company_id)
    newest = await queries.newest_checkpoint(company_id)
    leaves[0] = canonical(json.loads(leaves[0]) | {"at": LATER})
    hashes = [leaf_hash(leaf) for leaf in leaves]
    note = signed(Checkpoint(newest.origin, len(leaves), root_of(hashes)), kept(settings(), company_id).key())
    return [
        f"update ledger_leaf set entry = '\\x{leaves[0].hex()}' where number = 0",
        f"update ledger_tile set hashes = '\\x{b''.join(hashes).hex()}'",
        f"update ledger_checkpoint set note = '{note}' where size = {newest.size}",
    ]
