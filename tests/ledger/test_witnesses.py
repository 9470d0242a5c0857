"""Proofs to take along, witnesses that are shown, a key that changes, and the ledger as files."""

import asyncio
import errno
import os
from pathlib import Path

import pytest

from hearback.cli import main
from hearback.database.engine import ENGINE, fetch_value
from hearback.doctor import _ledger
from hearback.ledger import keeping, queries, verify, witnessing
from hearback.ledger.checkpoints import NotSigned, opened, seen
from hearback.ledger.keeping import NEXT, kept
from hearback.ledger.laying import files_of, lay_all
from hearback.ledger.proofs import proven
from hearback.ledger.rules import tile_path, tile_paths
from hearback.ledger.signing import change_key, sign
from hearback.ledger.watching import Watch
from hearback.refusals import NotFound, Refused
from hearback.settings import settings
from tests import made
from tests.ledger.test_public import filled, key_of, saved
from tests.ledger.test_signing import laid_in

AT = 1_795_000_000


@pytest.fixture
async def company(app):
    return await made.a_company()


async def get(fan, path: str) -> str:
    reply = await fan.get(f"/kranich/{path}")
    assert reply.status_code == 200, path
    return reply.text


async def seen_by(fan, company, watch: Watch, folder: Path) -> str:
    """What a witness makes of the ledger as it is now."""
    ledger = await saved(fan, company, folder)
    return (await asyncio.to_thread(watch.see, str(ledger), await key_of(fan), at=AT)).note


@pytest.mark.parametrize("number", [0, 1, 255, 256, 279])
async def test_any_entry_can_be_taken_along_with_its_proof(fan, company, tmp_path, capsys, number):
    await filled(company)
    await sign(company.id)
    reply = await fan.get(f"/kranich/ledger/proof/{number}")
    key = await key_of(fan)

    proof, checkpoint = proven(reply.text, key)

    assert (proof.number, checkpoint.size) == (number, 280)
    assert proof.leaf == (await queries.entries(company.id, number, number + 1))[0]
    assert f'filename="kranich-{number}.tlog-proof"' in reply.headers["content-disposition"]
    (file := tmp_path / "one.tlog-proof").write_text(reply.text)
    await asyncio.to_thread(main, ["ledger", "proof", str(file), "--key", key])
    assert capsys.readouterr().out.startswith(f"OK: entry {number} of 280\n")


async def test_a_proof_with_any_byte_changed_proves_nothing(fan, company):
    await filled(company, 5)
    await sign(company.id)
    text, key = await get(fan, "ledger/proof/3"), await key_of(fan)
    whole = text.encode()
    for at in range(len(whole)):
        changed = whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]
        with pytest.raises((NotSigned, UnicodeDecodeError)):
            proven(changed.decode(), key)


async def test_what_is_not_signed_yet_has_no_proof(fan, company):
    for path in ("proof/0", "cosigned"):
        assert (await fan.get(f"/kranich/ledger/{path}")).status_code == 404
    await filled(company, 2)
    await sign(company.id)
    await filled(company, 1)
    for number in ("2", "3", str(2**63), "-1", "x"):
        assert (await fan.get(f"/kranich/ledger/proof/{number}")).status_code == 404, number
    assert "auf ihre Unterschrift" not in await get(fan, "ledger"), "nobody is told when an answer came"


async def test_the_page_counts_its_witnesses_also_when_there_is_none(fan, company, tmp_path):
    await filled(company, 3)
    await sign(company.id)
    assert "0 Zeugen" in await get(fan, "ledger")
    watch = Watch(tmp_path / "w", "other.example/witness")
    note = await seen_by(fan, company, watch, tmp_path / "ledger")
    refused = await fan.post("/kranich/ledger/witnesses", data={"note": note})
    assert refused.status_code == 422, "nobody listed it"

    assert await witnessing.add_witness(company.id, watch.line, now=made.NOW) == watch.name
    assert "0 Zeugen" in await get(fan, "ledger"), "it has not signed yet"
    for new in (1, 0):
        taken = await fan.post("/kranich/ledger/witnesses", data={"note": note})
        assert (taken.status_code, taken.text) == (200, f"{new}\n")

    page = await get(fan, "ledger")
    assert "1 Zeuge<" in page
    assert watch.line in page
    assert await get(fan, "ledger/cosigned") == note
    proof, _ = proven(await get(fan, "ledger/proof/1"), await key_of(fan))
    assert seen(proof.note, watch.line).at == AT
    await witnessing.end_witness(company.id, watch.name, now=made.NOW)
    assert "0 Zeugen" in await get(fan, "ledger")
    assert await get(fan, "ledger/cosigned") == note, "what it signed stays"
    with pytest.raises(NotFound):
        await witnessing.end_witness(company.id, watch.name, now=made.NOW)


async def test_only_a_listed_witness_of_this_very_ledger_is_taken(fan, company, tmp_path):
    await filled(company, 3)
    await sign(company.id)
    watch, other = Watch(tmp_path / "w", "other.example"), Watch(tmp_path / "x", "other.example")
    note = await seen_by(fan, company, watch, tmp_path / "ledger")
    await witnessing.add_witness(company.id, other.line, now=made.NOW)
    elsewhere = await made.a_company("andere")
    await witnessing.add_witness(elsewhere.id, watch.line, now=made.NOW)
    plain = await get(fan, "ledger/checkpoint")

    for slug, sent in [
        ("kranich", note),
        ("andere", note),
        ("kranich", plain),
        ("kranich", ""),
        ("kranich", "x\n\nx"),
    ]:
        assert (await fan.post(f"/{slug}/ledger/witnesses", data={"note": sent})).status_code == 422
    assert await fetch_value("select count(*) from ledger_cosignature") == 0
    for wrong in ("", "x", await key_of(fan), watch.line[:-3]):
        with pytest.raises(Refused):
            await witnessing.add_witness(company.id, wrong, now=made.NOW)


async def test_a_new_key_goes_on_with_the_same_ledger_and_the_old_line_stays(fan, company, tmp_path):
    await filled(company, 3)
    await sign(company.id)
    old_key, old = await key_of(fan), await get(fan, "ledger/checkpoint")

    await change_key(company.id, settings(), now=made.NOW)

    new_key, page = await key_of(fan), await get(fan, "ledger")
    assert new_key != old_key
    assert old_key in page
    assert "Es musste neu beginnen" not in page
    assert opened(await get(fan, "ledger/checkpoint"), new_key).size == 4, "the change is an entry"
    folder = await saved(fan, company, tmp_path)
    fits = verify.verify(str(folder), new_key, old.encode(), old_key)
    assert fits.startswith("OK: 4 entries, as in your checkpoints of 3; 2 texts")
    await filled(company, 1)
    await sign(company.id)
    assert opened(await get(fan, "ledger/checkpoint"), new_key).size == 5


async def test_whoever_is_killed_while_the_key_changes_finds_it_in_its_place_after(company, monkeypatch):
    await filled(company, 1)
    await sign(company.id)
    before = await queries.keys(company.id)

    async def killed(_company_id: object, **_given: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("hearback.ledger.signing.sign", killed)
        with pytest.raises(KeyboardInterrupt):
            await change_key(company.id, settings(), now=made.NOW)
    assert (kept(settings(), company.id).folder / NEXT).exists()
    await sign(company.id)
    (new, *_), newest = await queries.keys(company.id), await queries.newest_checkpoint(company.id)
    assert new != before[0]
    assert opened(newest.note, new.line).size == 2
    assert not (kept(settings(), company.id).folder / NEXT).exists()


async def test_no_key_changes_where_there_is_none(company):
    with pytest.raises(Refused):
        await change_key(company.id, settings(), now=made.NOW)


@pytest.fixture
def files(company, set_env, tmp_path) -> Path:
    set_env("HEARBACK_LEDGER_FILES", str(tmp_path / "files"))
    return files_of(settings(), company.slug)


async def test_the_ledger_lies_in_a_folder_as_its_addresses_say(fan, company, files):
    for size in (3, 256, 300, 513):
        await filled(company, size - await queries.size_of(company.id))
        await sign(company.id)
        await lay_all()
        laid = {str(one.relative_to(files)) for one in files.rglob("*") if one.is_file()}
        needed = {tile_path(*one) for one in tile_paths(size)} | {"checkpoint"}
        assert needed <= laid
        assert not any(path.startswith("tile/0/000.p") for path in laid if size >= 256), "its parts have gone"
        for path in laid:
            assert (files / path).read_bytes() == (await fan.get(f"/kranich/ledger/{path}")).content, path
        assert verify.verify(str(files), await key_of(fan)).startswith(f"OK: {size} entries; 0 texts")


@pytest.mark.parametrize("trouble", [errno.ENOSPC, errno.EROFS, errno.EACCES], ids=errno.errorcode.get)
async def test_a_folder_that_is_full_or_read_only_keeps_the_older_ledger_whole(
    fan, company, files, monkeypatch, trouble
):
    await filled(company, 3)
    await sign(company.id)
    await lay_all()
    await filled(company, 3)
    await sign(company.id)

    def full(_file: int) -> None:
        raise OSError(trouble, os.strerror(trouble))

    with monkeypatch.context() as patched:
        patched.setattr(keeping.os, "fsync", full)
        await lay_all()
    assert laid_in(files) == 3
    assert await says(settings()) == "Ledger of kranich: 3 of 6 entries lie as files"
    assert verify.verify(str(files), await key_of(fan)).startswith("OK: 3 entries")
    assert opened(await get(fan, "ledger/checkpoint"), await key_of(fan)).size == 6, (
        "from the database it goes on"
    )
    await lay_all()
    assert laid_in(files) == 6
    assert (await says(settings())).startswith("Ledger: 6 entries signed")


async def says(given) -> str:
    """What doctor has to say."""
    async with ENGINE.pool.acquire() as connection:
        return (await _ledger(connection, given)).what
