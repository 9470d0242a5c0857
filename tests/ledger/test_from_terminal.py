"""`hearback ledger verify`, `bench ledger` in small, and what doctor says of a ledger that cannot go on."""

import asyncio
import random
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hearback.bench.ledger import ORIGIN, rewrite, tamper, write_small
from hearback.cli import main
from hearback.database.engine import ENGINE, transaction
from hearback.doctor import _ledger
from hearback.ledger.checkpoints import public_of, verifier_key
from hearback.ledger.commands import record
from hearback.ledger.keeping import Mark, kept, keys_folder
from hearback.ledger.rules import Kind
from hearback.ledger.signing import sign
from hearback.settings import settings
from tests import made


@pytest.fixture
def small(tmp_path: Path) -> tuple[Path, str, Ed25519PrivateKey]:
    key = Ed25519PrivateKey.generate()
    write_small(tmp_path, key)
    return tmp_path, verifier_key(ORIGIN, public_of(key)), key


def test_a_ledger_in_a_folder_is_checked_from_the_terminal(small, capsys):
    folder, known, _ = small
    main(["ledger", "verify", str(folder), "--key", known])
    assert capsys.readouterr().out == "OK: 16 entries; 8 texts here are as logged, 2 erased\n"
    main(["ledger", "verify", str(folder), "--key", known, "--since", str(folder / "checkpoint")])
    known_before = [verifier_key(ORIGIN, bytes(32)), known]
    since = [part for key in known_before for part in ("--since-key", key)]
    main(["ledger", "verify", str(folder), "--key", known, "--since", str(folder / "checkpoint"), *since])
    text = folder / "content/10"
    text.write_bytes(text.read_bytes().replace(b"Seite 6", b"Seite 7"))
    with pytest.raises(SystemExit, match=r"NOT OK: entry 10, title: another text was logged"):
        main(["ledger", "verify", str(folder), "--key", known])


def test_another_key_or_half_a_folder_is_not_ok(small):
    folder, known, _ = small
    other = verifier_key(ORIGIN, public_of(Ed25519PrivateKey.generate()))
    with pytest.raises(SystemExit, match="NOT OK: signed with another key"):
        main(["ledger", "verify", str(folder), "--key", other])
    with pytest.raises(SystemExit, match="NOT OK"):
        main(["ledger", "verify", str(folder), "--key", "no key"])
    (folder / "tile/entries/000.p/16").unlink()
    with pytest.raises(SystemExit, match="FileNotFoundError"):
        main(["ledger", "verify", str(folder), "--key", known])


def test_the_bench_tries_every_byte_and_counts_what_is_missed(tmp_path, small, monkeypatch):
    folder, known, key = small
    for path in (folder / "tile").rglob("*.p/*"):
        assert path.is_file()
    (only := tmp_path / "only").mkdir()
    (only / "checkpoint").write_bytes((folder / "checkpoint").read_bytes())
    assert tamper(only, known, random.Random(1))[1] == 0
    monkeypatch.setattr("hearback.bench.ledger.REWRITTEN", 3)
    leaves = write_small(folder, key)
    assert rewrite(folder, leaves, key, known, random.Random(1)) == 3


async def said(company) -> tuple[str, bool]:
    async with ENGINE.pool.acquire() as connection:
        finding = await _ledger(connection, settings())
    return finding.what, finding.fine


async def test_doctor_says_when_a_ledger_cannot_go_on(company):
    assert await said(company) == (f"Ledger: 0 entries signed, keys in {keys_folder(settings())}", True)
    async with transaction():
        await record(company.id, Kind.ERASED, made.some_id(), {}, now=made.NOW)
    await sign(company.id)
    assert (await said(company))[1]
    keeping = kept(settings(), company.id)
    mark = keeping.mark()
    keeping.set_mark(Mark(5, bytes(32)))
    what, well = await said(company)
    assert not well
    assert "entries 2 to 5 are missing" in what
    keeping.set_mark(mark)
    await asyncio.to_thread((keeping.folder / "key").unlink)
    what, well = await said(company)
    assert not well
    assert "its key is missing" in what


async def test_doctor_says_which_of_the_keys_that_were_put_away_signs(company):
    async with transaction():
        await record(company.id, Kind.ERASED, made.some_id(), {}, now=made.NOW)
    await sign(company.id)
    folder = kept(settings(), company.id).folder
    await asyncio.to_thread((folder / "key").rename, folder / "key.2")
    kept(settings(), company.id).make_key("key.1")
    async with ENGINE.pool.acquire() as connection:
        assert f"{folder / 'key.2'}: rename that to `key`" in (await _ledger(connection, settings())).do
