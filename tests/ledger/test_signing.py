"""From a fact to a signed tree: in order, once, and never back."""

import asyncio
import errno
import os
from pathlib import Path

import asyncpg
import pytest

from hearback.database.engine import ENGINE, execute, fetch_column, fetch_value, transaction
from hearback.ledger import keeping, queries, signing
from hearback.ledger.checkpoints import opened
from hearback.ledger.commands import forget_salts, record
from hearback.ledger.keeping import Mark, kept
from hearback.ledger.laying import checkpoint_in
from hearback.ledger.rules import Kind, leaf_hash, root_of
from hearback.ledger.signing import CannotSign, begin_again, sign, sign_all
from hearback.refusals import Refused
from hearback.settings import settings
from tests import made


async def add(company, how_many: int = 1, kind: Kind = Kind.SET_ASIDE) -> None:
    async with transaction():
        for _ in range(how_many):
            await record(company.id, kind, made.some_id(), {"reason": "off-topic"}, now=made.NOW)


def laid_in(folder: Path) -> int:
    """The size of the ledger that lies there."""
    there = checkpoint_in(folder)
    return there.size if there else 0


async def leaves(company) -> list[bytes]:
    return await fetch_column(
        "select entry from ledger_leaf where company = $1 and number is not null order by number", company.id
    )


async def newest(company) -> queries.Signed:
    checkpoint = await queries.newest_checkpoint(company.id)
    assert checkpoint is not None
    return checkpoint


async def must_hold(company, size: int) -> None:
    """The newest checkpoint is signed, of this size, and its hash is that of the entries themselves."""
    (key, *_) = await queries.keys(company.id)
    checkpoint, told = opened((await newest(company)).note, key.line), await leaves(company)
    assert (checkpoint.size, checkpoint.root) == (size, root_of([leaf_hash(one) for one in told]))
    assert len(told) == size
    assert kept(settings(), company.id).mark() == Mark(size, checkpoint.root)


async def test_what_happened_gets_its_number_in_order_and_is_signed(company):
    await add(company, 3)
    await sign_all()
    await must_hold(company, 3)
    await add(company, 2)
    before = await leaves(company)
    await sign_all()
    assert (await leaves(company))[:3] == before
    await must_hold(company, 5)


async def test_signing_twice_changes_nothing(company):
    await add(company)
    await sign_all()
    first = await newest(company)
    await sign_all()
    await sign(company.id)
    assert await newest(company) == first
    assert await fetch_value("select count(*) from ledger_checkpoint") == 1


async def test_two_signers_at_once_give_no_number_twice(company):
    await add(company, 40)
    await asyncio.gather(sign(company.id), sign(company.id), sign(company.id))
    await must_hold(company, 40)


async def test_a_tree_over_many_tiles_grows_by_its_edge_only(company):
    await add(company, 250)
    await sign(company.id)
    await add(company, 300)
    await sign(company.id)
    await must_hold(company, 550)
    assert await fetch_value("select count(*) from ledger_tile") == 4  # 256 + 256 + 38, and two hashes above


async def test_an_entry_is_there_only_with_its_fact(company):
    async def undone() -> None:
        async with transaction():
            await record(company.id, Kind.ERASED, made.some_id(), {}, now=made.NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await undone()
    assert await fetch_value("select count(*) from ledger_leaf") == 0
    with pytest.raises(RuntimeError):
        await record(company.id, Kind.ERASED, made.some_id(), {}, now=made.NOW)


async def test_each_company_has_a_ledger_and_a_key_of_its_own(company):
    other = await made.a_company("andere")
    await add(company, 2)
    await add(other, 3)
    await sign_all()
    await must_hold(company, 2)
    await must_hold(other, 3)
    (ours,), (theirs,) = await queries.keys(company.id), await queries.keys(other.id)
    assert ours.public != theirs.public
    assert (ours.origin, theirs.origin) == ("test/kranich", "test/andere")


FORBIDDEN = [
    "update ledger_leaf set entry = 'x'",
    "update ledger_leaf set number = 7",
    "update ledger_leaf set number = null",
    "delete from ledger_leaf",
    "truncate ledger_leaf cascade",
    "update ledger_checkpoint set size = 1",
    "delete from ledger_checkpoint",
    "update ledger_tile set hashes = decode(repeat('00', 32), 'hex')",
    "update ledger_tile set number = 5",
    "delete from ledger_tile",
    "update ledger_key set public = decode(repeat('00', 32), 'hex')",
    "delete from ledger_key",
    "update ledger_salt set salt = 'x'",
]


async def test_the_role_of_our_processes_cannot_change_what_is_signed(company):
    await add(company, 2)
    await sign_all()
    for sql in FORBIDDEN:
        with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.RestrictViolationError)):
            await execute(sql)
    await must_hold(company, 2)


STEPS = [
    (queries, "newest_checkpoint"),  # numbers and tiles are there, no mark, no checkpoint
    (signing, "signed"),  # the mark is there, no checkpoint
    (signing, "_grow"),  # in the middle of the numbers
]


@pytest.mark.parametrize(("where", "what"), STEPS, ids=lambda one: str(one).rpartition(".")[2])
async def test_who_is_killed_between_two_steps_leaves_what_the_next_one_mends(
    company, monkeypatch, where, what
):
    await add(company, 2)
    await sign_all()
    await add(company, 3)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(where, what, killed)
        with pytest.raises(KeyboardInterrupt):
            await sign(company.id)
    assert (await newest(company)).size == 2
    await sign_all()
    await must_hold(company, 5)


BACK_TO_2 = [
    "delete from ledger_checkpoint where size > 2",
    "delete from ledger_salt",
    "delete from ledger_leaf where number >= 2",
    "update ledger_tile set hashes = substr(hashes, 1, 64)",
]


async def test_an_older_backup_signs_nothing_and_says_what_is_missing(company, owner):
    await add(company, 2)
    await sign_all()
    await add(company, 3)
    await sign_all()
    tail = await ENGINE.pool.fetch("select * from ledger_leaf where number >= 2")
    tile = await fetch_value("select hashes from ledger_tile")
    await owner(BACK_TO_2)
    await add(company, 1)
    with pytest.raises(CannotSign, match="entries 3 to 5"):
        await sign(company.id)
    await sign_all()  # goes on with the others, and says so in its log
    assert (await newest(company)).size == 2
    assert len(await leaves(company)) == 2, "nobody gets a number that somebody else had"

    await owner(
        [f"update ledger_tile set hashes = '\\x{tile.hex()}'"]
        + [
            f"insert into ledger_leaf (id, company, kind, subject, entry, number) values ('{row['id']}', "
            f"'{row['company']}', '{row['kind']}', '{row['subject']}', '\\x{row['entry'].hex()}', {row['number']})"
            for row in tail
        ]
    )
    await sign_all()
    await must_hold(company, 6)


async def test_where_the_tail_is_lost_for_good_it_begins_again_for_all_to_see(company, owner):
    await add(company, 2)
    await sign_all()
    await add(company, 3)
    await sign_all()
    with pytest.raises(Refused, match=r"ledger\.goes-on"):
        await begin_again(company.id, settings(), now=made.NOW)
    old = await newest(company)
    await owner(BACK_TO_2)
    await begin_again(company.id, settings(), now=made.NOW)
    await must_hold(company, 3)  # its first line tells that it has a new key
    new, first = await queries.keys(company.id)
    assert (new.origin, first.origin, new.size) == ("test/kranich/2", "test/kranich", 2)
    assert opened(old.note, first.line).size == 5, "who kept it can show what is missing"
    assert (kept(settings(), company.id).folder / "key.1").exists()


async def test_history_that_was_rewritten_in_the_database_is_not_signed(company, owner):
    await add(company, 3)
    await sign_all()
    await owner(["update ledger_tile set hashes = decode(repeat('00', 32), 'hex') || substr(hashes, 33)"])
    await add(company)
    with pytest.raises(CannotSign, match="are not those that were signed"):
        await sign(company.id)


async def test_nothing_is_signed_without_the_key_or_with_another(company):
    await add(company)
    await sign_all()
    key = kept(settings(), company.id).folder / "key"
    words = key.read_text()
    assert key.stat().st_mode & 0o077 == 0
    await add(company)
    key.unlink()
    with pytest.raises(CannotSign, match="missing"):
        await sign(company.id)
    key.write_text("ab" * 32)
    with pytest.raises(CannotSign, match="not the key"):
        await sign(company.id)
    key.write_text("no key at all")
    with pytest.raises(CannotSign):
        await sign(company.id)
    key.write_text(words)
    await sign(company.id)
    await must_hold(company, 2)


@pytest.mark.parametrize("trouble", [errno.ENOSPC, errno.EROFS], ids=errno.errorcode.get)
async def test_where_the_mark_cannot_be_kept_nothing_is_signed_and_nothing_is_lost(
    company, monkeypatch, trouble
):
    await add(company, 2)
    await sign_all()
    await add(company, 3)

    def full(_file: int) -> None:
        raise OSError(trouble, os.strerror(trouble))

    with monkeypatch.context() as patched:
        patched.setattr(keeping.os, "fsync", full)
        with pytest.raises(CannotSign, match=os.strerror(trouble)):
            await sign(company.id)
        await sign_all()  # goes on with the others
    assert (await newest(company)).size == 2
    await sign_all()
    await must_hold(company, 5)


async def test_salts_go_and_the_tree_stays(company):
    subject = made.some_id()
    async with transaction():
        await record(company.id, Kind.CORRECTED, subject, {"answer": "Geheim"}, now=made.NOW)
    await add(company)
    await sign_all()
    async with transaction():
        await forget_salts(company.id, [subject])
    assert await fetch_value("select count(*) from ledger_salt") == 1
    await must_hold(company, 2)
