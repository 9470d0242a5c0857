"""A stranger checks the ledger, with the page and with the one file, and finds the forged copy out."""

import asyncio
import json
import subprocess
import sys
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from playwright.async_api import BrowserContext, Locator, Page, Route, expect

from hearback.database.engine import fetch_column, fetch_value
from hearback.ledger import queries, verify
from hearback.ledger.checkpoints import Checkpoint, line_of, signed
from hearback.ledger.keeping import kept
from hearback.ledger.rules import canonical, leaf_hash, root_of, tile_path
from hearback.ledger.signing import change_key, sign
from hearback.ledger.watching import Rewritten, Watch, hand_over
from hearback.ledger.witnessing import add_witness
from hearback.settings import settings
from tests import made
from tests.changenotes.ready import ready
from tests.ledger.conftest import owner  # noqa: F401  (a fixture)
from tests.ledger.test_public import ENTRIES

NO_ED25519 = """
for (const name of ["importKey", "verify"])
  SubtleCrypto.prototype[name] = () => Promise.reject(new DOMException("no Ed25519", "NotSupportedError"));
"""
NO_HTTPS = "Object.defineProperty(Crypto.prototype, 'subtle', { get: () => undefined });"


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
    page, note_at = await phone.new_page(), await note_number(house.company.id)

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
    await expect(outcome(page)).to_contain_text("In den ersten 2 Zeilen steht nicht mehr")
    assert await run(*checking, older) == (
        "NOT OK: entry 0 or later differs since your checkpoint of 2 entries\n"
    )
    with pytest.raises(Rewritten):
        await asyncio.to_thread(watch.see, ledger, None, at=int(made.NOW.timestamp()))

    # What is no signature raises no alarm, and proves nothing.
    assert await says(page, "Liebe Grüße") == "nothingKept"
    await expect(outcome(page)).to_contain_text("steht keine Unterschrift")

    # With several kept ones, page and file say between which of them it was changed.
    newest = await queries.newest_checkpoint(house.company.id)
    mails = f"Hallo,\nPrüfbuch:\n{newest.line}\nBis bald\n{line}\n"
    assert await says(page, newest.line) == "since", "this one was signed by the forger"
    await owner(await forged(house.company.id, newest.size - 1, "2099-01-01T00:00:00Z"))
    (several := tmp_path / "mails.txt").write_text(await resigned(house.company.id, 1) + mails)
    assert await says(page, several.read_text()) == "between"
    await expect(outcome(page)).to_contain_text("ab Zeile 2.")
    assert "entry 1 or later differs since your checkpoint of 2" in await run(*checking, several)

    # Whoever changes only the words is found out at once, and both say where.
    await owner(["update note_field set words = 'Das war schon immer so.' where name = 'did'"])
    assert await says(page) == "texts"
    await expect(outcome(page)).to_contain_text(f"Zu Zeile {note_at + 1} steht hier ein anderer Text")
    assert await run(*checking) == f"NOT OK: entry {note_at}, did: another text was logged\n"

    # Whoever dates a later line back needs no kept signature to be found out.
    await owner(await forged(house.company.id, 1, "2019-01-01"))
    assert await says(page) == "back"
    await expect(outcome(page)).to_contain_text("Zeile 2 nennt eine frühere Zeit")
    assert await run(*checking) == "NOT OK: the time of entry 1 goes back\n"

    bare = await phone_without_scripts.new_page()
    await bare.goto("/kranich/ledger")
    await expect(bare.get_by_text("Dafür braucht es JavaScript.")).to_be_visible()
    await expect(bare.get_by_role("button", name="Jetzt nachprüfen")).to_be_hidden()
    await expect(bare.get_by_label("Selbst nachprüfen").first).to_contain_text("python3 verify.py")


async def test_what_was_kept_before_the_key_changed_is_checked_with_the_key_of_then(
    pool: None, phone: BrowserContext
):
    house = await ready(await made.a_company())
    await house.published()
    await sign(house.company.id)
    old = (await queries.newest_checkpoint(house.company.id)).line
    await change_key(house.company.id, settings(), now=made.NOW)
    page = await phone.new_page()

    await page.goto("/kranich/ledger")
    assert await says(page, old) == "since"
    new = (await queries.newest_checkpoint(house.company.id)).line
    assert await says(page, f"> {new}\n> {old}") == "since"
    now, before = await queries.keys(house.company.id)
    command = page.get_by_label("Wer eine Unterschrift aufhebt")
    await expect(command).to_contain_text(f"'{now.line}' checkpoint.txt '{before.line}'")
    further = signed(Checkpoint(now.origin, 99, bytes(32)), kept(settings(), house.company.id).key())
    assert await says(page, further) == "missing"
    await expect(outcome(page)).to_contain_text("hält 99 Zeilen fest")
    assert await says(page, old.replace("kranich", "moor")) == "keyChanged"


async def test_a_copy_in_a_folder_with_one_word_changed_is_found_out_by_page_and_file(
    pool: None, phone: BrowserContext, site: str, tmp_path: Path
):
    """Somebody else serves the ledger from files, and has put one word into one of them, or another entry."""
    house = await ready(await made.a_company())
    await house.published()
    page = await phone.new_page()
    code = await answered(page, house.question.slug)
    await sign(house.company.id)
    await page.goto("/kranich/ledger")
    key = await page.locator("pre.shell").nth(1).inner_text()
    copy = await fetched(site, tmp_path / "copy")

    async def serve(route: Route) -> None:
        file = copy / urlsplit(route.request.url).path.removeprefix("/kranich/ledger/")
        await route.fulfill(body=file.read_bytes())

    await page.route("**/kranich/ledger/*", serve)
    await page.route("**/kranich/ledger/*/**", serve)
    file = [tmp_path / "verify.py", copy, key]
    file[0].write_bytes(await asyncio.to_thread(verify.get, f"{site}/kranich", "verify"))
    assert await says(page) == "fits"
    assert (await run(*file)).startswith("OK: ")

    number = await note_number(house.company.id)
    text = copy / f"content/{number}"
    whole = text.read_bytes()
    text.write_bytes(whole.replace(b"Die Regel steht jetzt", b"Die Regel stand immer"))
    assert await says(page) == "texts"
    await expect(outcome(page)).to_contain_text(f"Zu Zeile {number + 1} steht hier ein anderer Text")
    assert await run(*file) == f"NOT OK: entry {number}, did: another text was logged\n"
    text.write_bytes(canonical(dict.fromkeys(json.loads(whole))))
    assert await says(page) == "withheld"
    await expect(outcome(page)).to_contain_text(f"Zu Zeile {number + 1} fehlt ein Text")
    assert f"NOT OK: entry {number}, " in await run(*file)
    for odd in (
        whole + b" ",
        whole.replace(b'"salt":"', b'"salt":"A', 1),
        whole.replace(b'{"salt', b'{"a":1,"salt', 1),
    ):
        text.write_bytes(odd)
        assert await says(page) == "texts"
        assert "NOT OK" in await run(*file)
    text.write_bytes(whole)

    bundle = next((copy / "tile/entries").rglob("000*/*"))
    bundle.write_bytes(bundle.read_bytes().replace(b'"number":1', b'"number":2'))
    assert await says(page) == "line"
    await expect(outcome(page)).to_contain_text(f"Zeile {number + 1} ist nicht die")
    assert f"NOT OK: entry {number} differs" in await run(*file)

    # Whoever answered checks their own line on the receipt.
    receipt = await phone.new_page()
    await receipt.goto(f"/kranich/r#{code}")
    await receipt.get_by_text("Deine Antwort steht an Stelle").wait_for()
    await receipt.get_by_text("Selbst nachprüfen").click()
    assert await pressed(receipt) == "fits"

    # A browser that cannot check says so, and names the other way.
    for missing in (NO_ED25519, NO_HTTPS):
        page = await phone.new_page()
        await page.add_init_script(missing)
        await page.goto("/kranich/ledger")
        assert await says(page) == "cannot"
        await expect(outcome(page)).to_contain_text("Nimm die Datei darunter.")


def outcome(page: Page) -> Locator:
    return page.locator("[data-ledger-check] [role=status]")


async def answered(page: Page, slug: str) -> str:
    """By somebody, in the browser; gives the receipt's code."""
    await page.goto(f"/kranich/ask/{slug}")
    await page.locator("textarea").first.fill("Wir haben in Runde 1 lange gesucht.")
    await page.locator("main button[type=submit]").click()
    return await page.locator("#code").inner_text()


async def note_number(company_id: UUID) -> int:
    return await fetch_value(
        "select number from ledger_leaf where company = $1 and kind = 'note.published'", company_id
    )


async def fetched(site: str, folder: Path) -> Path:
    """The whole ledger as files, as anybody can take it."""
    ledger = f"{site}/kranich/ledger"
    get = partial(asyncio.to_thread, verify.get, ledger)
    size = int((await get("checkpoint")).decode().split("\n")[1])
    paths = ["checkpoint", tile_path(0, 0, size), tile_path("entries", 0, size)]
    told = "select number from ledger_leaf where kind not like 'answer.%'"
    paths += [f"content/{number}" for number in await fetch_column(told)]
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(await get(path))
    return folder


async def says(page: Page, line: str = "") -> str:
    """What the browser found, by the name of its sentence."""
    await page.get_by_label("Ältere Unterschriften").fill(line)
    return await pressed(page)


async def pressed(page: Page) -> str:
    said = outcome(page)
    await page.get_by_role("button", name="Jetzt nachprüfen").click()
    await expect(said).not_to_have_attribute("data-result", "busy", timeout=30_000)
    return await said.get_attribute("data-result") or ""


async def run(*given: object) -> str:
    done = await asyncio.to_thread(
        subprocess.run, [sys.executable, *map(str, given)], capture_output=True, text=True
    )
    return done.stdout + done.stderr


async def forged(company_id, number: int = 0, at: str = "2020-01-01") -> list[str]:
    """As superuser, with the real key: the entry has another day, and everything fits again."""
    leaves = await fetch_column(ENTRIES, company_id)
    newest = await queries.newest_checkpoint(company_id)
    leaves[number] = canonical(json.loads(leaves[number]) | {"at": at})
    hashes = [leaf_hash(leaf) for leaf in leaves]
    note = signed(Checkpoint(newest.origin, len(leaves), root_of(hashes)), kept(settings(), company_id).key())
    return [
        f"update ledger_leaf set entry = '\\x{leaves[number].hex()}' where number = {number}",
        f"update ledger_tile set hashes = '\\x{b''.join(hashes).hex()}'",
        f"update ledger_checkpoint set note = '{note}' where size = {newest.size}",
    ]


async def resigned(company_id, size: int) -> str:
    """A line over the first entries as they are now, as somebody could have kept it."""
    leaves = await fetch_column(ENTRIES, company_id)
    newest = await queries.newest_checkpoint(company_id)
    root = root_of([leaf_hash(leaf) for leaf in leaves[:size]])
    note = signed(Checkpoint(newest.origin, size, root), kept(settings(), company_id).key())
    return line_of(note) + "\n"
