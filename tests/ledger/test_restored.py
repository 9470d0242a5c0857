"""A backup that is older than the ledger: nothing is signed, what is missing is named, and a newer one mends it."""

import shutil
from pathlib import Path

import pytest

from hearback.database.backup import back_up, restore
from hearback.database.engine import APP_ROLE, connected, use_database
from hearback.ledger import jobs, queries
from hearback.ledger.keeping import Mark, kept
from hearback.ledger.laying import files_of
from hearback.ledger.signing import CannotSign, begin_again, change_key, sign, sign_all
from hearback.ledger.verify import verify
from hearback.settings import settings
from tests import made
from tests.ledger.test_signing import BACK_TO_2, add, must_hold, newest
from tests.ledger.test_witnesses import says

TO_NOTHING = [
    f"delete from {table}"
    for table in ("ledger_checkpoint", "ledger_key", "ledger_salt", "ledger_leaf", "ledger_tile")
]


async def test_a_restored_backup_signs_nothing_until_what_was_signed_is_back(database: str, tmp_path: Path):
    owner_url = database.replace(APP_ROLE, "hearback_owner")
    async with connected():
        company = await made.a_company()
        await add(company, 2)
        await sign_all()
    back_up(owner_url, tmp_path / "older")
    async with connected():
        await add(company, 3)
        await sign_all()
    back_up(owner_url, tmp_path / "newer")

    await restore(owner_url, tmp_path / "older", replace=True)
    use_database(database)
    async with connected():
        await add(company)
        with pytest.raises(CannotSign, match="entries 3 to 5 were signed and are missing"):
            await sign(company.id)
        assert (await newest(company)).size == 2
        assert "entries 3 to 5 are missing" in await says(settings())

    await restore(owner_url, tmp_path / "newer", replace=True)
    use_database(database)
    async with connected():
        await add(company)
        await sign_all()
        await must_hold(company, 6)


def files_in(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


async def test_what_is_public_of_a_ledger_never_becomes_less(app, fan, owner, tmp_path: Path, set_env):
    set_env("HEARBACK_LEDGER_FILES", str(tmp_path))
    company = await made.a_company()
    files = files_of(settings(), company.slug)
    await add(company, 2)
    await jobs.sign()
    await add(company, 3)
    await jobs.sign()
    laid = files_in(files)
    assert (await fan.get("/kranich/ledger/checkpoint")).text.split("\n")[1] == "5"

    await owner(BACK_TO_2)
    await jobs.sign()

    assert files_in(files) == laid
    page = await fan.get("/kranich/ledger/checkpoint")
    assert (page.status_code, page.text.strip()[:26]) == (503, "Hier fehlen Zeilen, die sc")
    for what in ("proof/0", "cosigned"):
        assert (await fan.get(f"/kranich/ledger/{what}")).status_code == 503
    shown = (await fan.get("/kranich/ledger")).text
    assert "Hier fehlen Zeilen, die schon unterschrieben waren" in shown
    assert f">{(await queries.keys(company.id))[0].line}</pre>" in shown, (
        "with it, a signature that was kept can be checked"
    )
    assert "kranich 2" not in shown.replace("\n", " "), "no older checkpoint to take for the newest"
    assert "entries 3 to 5" in await says(settings())

    kept(settings(), company.id).set_mark(
        Mark(2, (await newest(company)).root)
    )  # a mark as old as the backup
    await add(company, 4)
    await jobs.sign()
    assert files_in(files) == laid, "another history of the same name is not laid over it"

    (kept(settings(), company.id).folder / "mark").unlink()
    await begin_again(company.id, settings(), now=made.NOW)
    await add(company, 300)
    await jobs.sign()
    new, old = await queries.keys(company.id)
    assert verify(str(files), new.line).startswith("OK: 307 entries"), "a new name is laid whole"
    assert verify(str(files.with_name("ledger.1")), old.line).startswith("OK: 5 entries")


async def test_files_that_were_lost_are_not_laid_anew_from_an_older_backup(
    company, owner, tmp_path: Path, set_env
):
    set_env("HEARBACK_LEDGER_FILES", str(tmp_path))
    await add(company, 2)
    await jobs.sign()
    await add(company, 3)
    await jobs.sign()
    files = files_of(settings(), company.slug)
    shutil.rmtree(files)
    await owner(BACK_TO_2)

    await jobs.sign()

    assert not files.exists()


async def test_another_ledger_in_the_folder_stays_as_it_is(company, tmp_path: Path, set_env):
    set_env("HEARBACK_LEDGER_FILES", str(tmp_path))
    files = files_of(settings(), company.slug)
    files.mkdir(parents=True)
    (files / "checkpoint").write_text("elsewhere/kranich\n1\nAAAA\n\n— elsewhere/kranich AAAA\n")
    laid = files_in(files)
    await add(company)
    await jobs.sign()
    assert files_in(files) == laid
    assert "holds another one, elsewhere/kranich" in await says(settings())


async def test_a_backup_from_before_the_first_signing_signs_no_second_history(company, owner):
    await add(company, 3)
    await sign_all()
    (old,) = await queries.keys(company.id)
    (kept(settings(), company.id).folder / "mark").unlink()
    await owner(TO_NOTHING)
    await add(company)

    with pytest.raises(CannotSign, match="mark is missing"):
        await sign(company.id)
    assert "mark is missing" in await says(settings())

    await begin_again(company.id, settings(), now=made.NOW)
    await must_hold(company, 2)
    new, before = await queries.keys(company.id)
    assert (new.origin, before.line) == ("test/kranich/2", old.line), (
        "the old key is listed, the new name differs"
    )


async def test_a_ledger_that_began_again_before_the_backup_takes_a_third_name(company, owner):
    await add(company, 2)
    await sign_all()
    (first,) = await queries.keys(company.id)
    for name in ("test/kranich/2", "test/kranich/3"):
        await owner(TO_NOTHING)
        await begin_again(company.id, settings(), now=made.NOW)
        new, before = await queries.keys(company.id)
        assert (new.origin, before.line) == (name, first.line)


async def test_a_key_without_its_mark_signs_nothing(company):
    await add(company, 3)
    await sign_all()
    mark = kept(settings(), company.id).folder / "mark"
    saved = mark.read_text()
    mark.unlink()
    await add(company)

    with pytest.raises(CannotSign, match="mark is missing"):
        await sign(company.id)
    assert "mark is missing" in await says(settings())
    assert (await newest(company)).size == 3

    mark.write_text(saved)
    await sign_all()
    await must_hold(company, 4)

    mark.unlink()
    await begin_again(company.id, settings(), now=made.NOW)
    await must_hold(company, 5)


async def test_a_web_process_knows_without_the_keys_that_a_backup_is_older(
    app, fan, owner, tmp_path: Path, set_env
):
    set_env("HEARBACK_LEDGER_MARKS", str(tmp_path / "marks"))
    company = await made.a_company()
    await add(company, 2)
    await sign_all()
    assert [path.name for path in (tmp_path / "marks").rglob("*") if path.is_file()] == ["mark"]

    await owner(TO_NOTHING)
    set_env("HEARBACK_LEDGER_KEYS", str(tmp_path / "no-keys-here"))

    assert (await fan.get("/kranich/ledger/checkpoint")).status_code == 503
    assert "Hier fehlen Zeilen" in (await fan.get("/kranich/ledger")).text


async def test_a_ledger_begins_again_where_its_mark_lies_apart_from_its_key(
    company, owner, tmp_path: Path, set_env
):
    set_env("HEARBACK_LEDGER_MARKS", str(tmp_path / "marks"))
    await add(company, 5)
    await sign_all()
    await owner(BACK_TO_2)

    await begin_again(company.id, settings(), now=made.NOW)

    await must_hold(company, 3)
    apart = tmp_path / "marks" / str(company.id)
    assert sorted(path.name for path in apart.iterdir()) == ["mark", "mark.1"]
    assert (apart / "mark.1").read_text().startswith("5 ")


async def test_a_key_changes_where_the_command_was_told_to_look(company, tmp_path: Path, set_env):
    set_env("HEARBACK_LEDGER_KEYS", str(tmp_path / "there"))
    there = settings()
    await add(company)
    await sign_all()
    set_env("HEARBACK_LEDGER_KEYS", str(tmp_path / "elsewhere"))

    await change_key(company.id, there, now=made.NOW)

    set_env("HEARBACK_LEDGER_KEYS", str(tmp_path / "there"))
    await must_hold(company, 2)
    assert not (tmp_path / "elsewhere").exists()
