"""What everybody can fetch, and what they find out with it: also when the company itself would rather they did not."""

import asyncio
import json
import random
import re
import subprocess
import sys
from pathlib import Path

import pytest

from hearback.changenotes.commands import correct_note
from hearback.database.engine import fetch_column, transaction
from hearback.ledger import verify
from hearback.ledger.checkpoints import Checkpoint, signed
from hearback.ledger.commands import record
from hearback.ledger.keeping import kept
from hearback.ledger.rules import WIDTH, Kind, bundle, canonical, leaf_hash, root_of, tile_path, tile_paths
from hearback.ledger.signing import sign
from hearback.receipts.commands import erase
from hearback.settings import settings
from tests import made
from tests.changenotes.ready import ready
from tests.changenotes.test_commands import corrected


@pytest.fixture
async def company(app):
    return await made.a_company()


async def filled(company, how_many: int = 280) -> None:
    async with transaction():
        for _ in range(how_many):
            await record(company.id, Kind.RECEIVED, made.some_id(), {"answer": "x"}, now=made.NOW)


async def key_of(fan) -> str:
    page = (await fan.get("/kranich/ledger")).text
    return re.search(r"test/kranich\+[0-9a-f]{8}\+[\w+/=]+", page)[0]


async def saved(fan, company, folder: Path) -> Path:
    """The whole ledger as files, fetched as a stranger does."""
    note = (await fan.get("/kranich/ledger/checkpoint")).text
    size = int(note.split("\n")[1])
    wanted = ["checkpoint"]
    for level, number, width in tile_paths(size):
        wanted.append(tile_path(level, number, width))
        if level == 0:
            wanted.append(tile_path("entries", number, width))
    for number, entry in enumerate(await fetch_column(ENTRIES, company.id)):
        if not json.loads(entry)["kind"].startswith("answer."):
            wanted.append(f"content/{number}")
    for path in wanted:
        reply = await fan.get(f"/kranich/ledger/{path}")
        assert reply.status_code == 200, path
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(reply.content)
    return folder


NONCE = r"nonce(-|=\")[\w+/=-]+|at=\d+"
ENTRIES = "select entry from ledger_leaf where company = $1 and number is not null order by number"


async def test_a_stranger_fetches_it_and_everything_fits(fan, company, tmp_path):
    house = await ready(company)
    note = await house.note(await house.published())
    await correct_note(company, note, corrected(house, did="Es steht da."), by=house.writer, now=made.NOW)
    await filled(company)
    await sign(company.id)
    folder, key = await saved(fan, company, tmp_path), await key_of(fan)
    assert verify.verify(str(folder), key).startswith("OK: 283 entries; ")

    program = tmp_path / "verify.py"
    program.write_bytes((await fan.get("/kranich/verify")).content)
    done = await run(program, folder, key)
    assert done.stdout.startswith("OK: 283 entries"), done.stderr
    (folder / "tile/0/000").write_bytes(b"x" * 32 * WIDTH)
    done = await run(program, folder, key)
    assert (done.returncode, done.stderr) == (
        1,
        "NOT OK: entry 0 differs, entry 1 differs, entry 2 differs, tile 0/0 differs from the entries\n",
    )


async def run(*given: object) -> subprocess.CompletedProcess[str]:
    return await asyncio.to_thread(
        subprocess.run, [sys.executable, *map(str, given)], capture_output=True, text=True
    )


def test_the_verifier_is_short_and_needs_nothing_of_ours():
    text = Path(verify.__file__).read_text()
    assert len([line for line in text.splitlines() if line.strip()]) <= 80
    assert "hearback." not in text


async def test_every_changed_byte_is_noticed(fan, company, tmp_path):
    """A sample; `hearback bench ledger` tries them all."""
    house = await ready(company)
    await house.published()
    await filled(company, 3)
    await sign(company.id)
    folder, key = await saved(fan, company, tmp_path), await key_of(fan)
    chance, missed, tried = random.Random(22), [], 0
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        whole = path.read_bytes()
        for at in chance.sample(range(len(whole)), min(120, len(whole))):
            for changed in (
                whole[:at] + bytes([whole[at] ^ 1 << chance.randrange(8)]) + whole[at + 1 :],
                whole[:at] + whole[at + 1 :],
            ):
                path.write_bytes(changed)
                tried += 1
                try:
                    verify.verify(str(folder), key)
                except Exception:
                    continue
                missed.append((path.name, at))
        path.write_bytes(whole)
    assert missed == []
    assert tried > 500
    assert verify.verify(str(folder), key)


async def test_history_that_was_rewritten_with_the_real_key_is_caught_by_whoever_kept_a_checkpoint(
    fan, company, tmp_path
):
    await filled(company, 20)
    await sign(company.id)
    old = (await fan.get("/kranich/ledger/checkpoint")).content
    await filled(company, 5)
    await sign(company.id)
    folder, key = await saved(fan, company, tmp_path), await key_of(fan)
    assert verify.verify(str(folder), key, old).startswith("OK: 25")

    leaves = await fetch_column(ENTRIES, company.id)
    private = kept(settings(), company.id).key()
    chance = random.Random(4)
    for _ in range(20):
        forged = list(leaves)
        at = chance.randrange(20)
        forged[at] = canonical(json.loads(forged[at]) | {"subject": str(made.some_id())})
        hashes = [leaf_hash(one) for one in forged]
        (folder / "tile/entries/000.p/25").write_bytes(bundle(forged))
        (folder / "tile/0/000.p/25").write_bytes(b"".join(hashes))
        note = signed(Checkpoint("test/kranich", 25, root_of(hashes)), private)
        (folder / "checkpoint").write_bytes(note.encode())
        assert verify.verify(str(folder), key).startswith("OK"), "alone it looks whole"
        with pytest.raises(ValueError, match="differs since your checkpoint"):
            verify.verify(str(folder), key, old)


async def test_erased_words_are_gone_and_the_ledger_still_fits(fan, company, tmp_path):
    house = await ready(company)
    words = "Ich habe 3 Minuten gesucht, wann es ausgeht."
    note = await house.note(await house.published())
    gap = f"Jemand schrieb: „{words}“"
    await made.a_public_note(company, house.theme, by=house.writer, asked=gap)
    from_now = await fetch_column("select response from answer where words = $1", words)
    await erase(company.id, from_now[0], now=made.NOW, today=made.NOW.date())
    await sign(company.id)
    folder, key = await saved(fan, company, tmp_path), await key_of(fan)
    assert note
    assert verify.verify(str(folder), key).startswith("OK")
    assert not any(words.encode() in one.read_bytes() for one in folder.rglob("*") if one.is_file())


async def test_a_text_that_is_withheld_without_a_word_is_not_taken_for_an_erased_one(fan, company, tmp_path):
    house = await ready(company)
    await house.note(await house.published())
    await sign(company.id)
    folder, key = await saved(fan, company, tmp_path), await key_of(fan)
    assert verify.verify(str(folder), key).endswith(" 0 erased")
    for path in (folder / "content").iterdir():
        whole = path.read_bytes()
        path.write_bytes(canonical(dict.fromkeys(json.loads(whole))))
        with pytest.raises(ValueError, match="withheld, no entry says yet that it was erased"):
            verify.verify(str(folder), key)
        path.write_bytes(whole)


async def test_nothing_that_anybody_can_fetch_changes_when_an_answer_comes_until_the_minute(fan, company):
    """Else whoever looks often enough knows the second in which it came."""
    house = await ready(company)
    await house.published()
    await filled(company, 3)
    await sign(company.id)
    size = int((await fan.get("/kranich/ledger/checkpoint")).text.split("\n")[1])
    paths = ["", "/checkpoint", "/cosigned", "/proof/0", f"/proof/{size}", f"/content/{size}"]
    paths += [f"/tile/{level}/000.p/{size + more}" for level in (0, "entries") for more in (0, 1)]

    async def seen() -> list[tuple[int, str]]:
        replies = [await fan.get(f"/kranich/ledger{path}") for path in paths]
        replies += [await fan.get(path) for path in ("/health/live", "/health/ready")]
        return [(reply.status_code, re.sub(NONCE, "", reply.text)) for reply in replies]

    before = await seen()
    await filled(company, 2)
    async with transaction():
        for kind in (Kind.SET_ASIDE, Kind.COUNTED):
            await record(company.id, kind, made.some_id(), {}, now=made.NOW)
    assert await seen() == before


async def test_what_is_public_and_not_signed_yet_is_told(fan, company):
    await filled(company, 3)
    await sign(company.id)
    async with transaction():
        await record(company.id, Kind.PUBLISHED, made.some_id(), {}, now=made.NOW)
    assert "1 weitere wartet" in (await fan.get("/kranich/ledger")).text


async def test_what_is_full_never_changes_and_may_be_kept_for_ever(fan, company):
    await filled(company)
    await sign(company.id)
    for path in ("tile/0/000", "tile/entries/000", "tile/0/001.p/24", "tile/1/000.p/1"):
        reply = await fan.get(f"/kranich/ledger/{path}")
        assert "immutable" in reply.headers["cache-control"], path
        assert "set-cookie" not in reply.headers
    assert (await fan.get("/kranich/ledger/checkpoint")).headers["cache-control"] == "no-cache"
    smaller = (await fan.get("/kranich/ledger/tile/0/001.p/7")).content
    assert (await fan.get("/kranich/ledger/tile/0/001.p/24")).content.startswith(smaller)


NOT_THERE = [
    "tile/0/001",
    "tile/0/001.p/25",
    "tile/0/001.p/0",
    "tile/0/001.p/024",
    "tile/0/002.p/1",
    "tile/0/0",
    "tile/0/x000/000",
    "tile/00/000",
    "tile/9/000",
    "tile/entries/../checkpoint",
    "tile/-1/000",
    "content/0",
    "content/99999999999",
    "tile/0/x999/x999/x999/x999/x999/999",
]


async def test_what_is_not_there_is_a_404(fan, company):
    await filled(company)
    await sign(company.id)
    for path in NOT_THERE:
        assert (await fan.get(f"/kranich/ledger/{path}")).status_code == 404, path


async def test_before_the_first_entry_the_page_says_so(fan, company):
    assert "Noch ist nichts eingetragen" in (await fan.get("/kranich/ledger")).text
    assert (await fan.get("/kranich/ledger/checkpoint")).status_code == 404
    assert (await fan.get("/nobody/ledger")).status_code == 404
    assert (await fan.get("/nobody/ledger/tile/0/000")).status_code == 404


async def test_one_company_shows_nothing_of_another(fan, company):
    other = await made.a_company("andere")
    await filled(other, 3)
    await sign(other.id)
    assert (await fan.get("/kranich/ledger/tile/0/000.p/3")).status_code == 404
    assert (await fan.get("/andere/ledger/tile/0/000.p/3")).status_code == 200
