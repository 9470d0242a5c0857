"""Nothing is lost on the way to a file and back: rows, rights, and that people get in."""

import stat
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
from tests import made
from tests.conftest import as_superuser

from hearback.database.backup import CannotRestore, back_up, restore
from hearback.database.embedded import EmbeddedPostgres
from hearback.database.engine import APP_ROLE, connected, use_database
from hearback.database.migrating import at_head, migrate
from hearback.people.commands.founding import create_company, create_member
from hearback.people.commands.signing_in import sign_in
from hearback.refusals import Refused

EMAIL, PASSWORD = "jule@kranich.example", "Moorlichter im Nebel 7"


@pytest.fixture
def owner_url(database: str) -> str:
    return database.replace(APP_ROLE, "hearback_owner")


@pytest.fixture
async def full(database: str) -> None:
    """A company with a member who can sign in, a question and answers with letters of all kinds."""
    async with connected():
        company = await create_company("kranich", "Kranich Spiele", now=made.NOW)
        member = await create_member(company.id, email=EMAIL, password=PASSWORD, name="Jule", now=made.NOW)
        question = await made.a_question(company, by=member)
        for words in ("Größe – „schön“ 👩‍👧", "\\N \t\n'; drop table answer; --", "x" * 100_000):
            await made.an_answer(company, question, words)


@pytest.fixture
async def empty_url(server: EmbeddedPostgres) -> AsyncIterator[str]:
    """An empty database: no tables, no rights."""
    name = f"restored_{uuid.uuid4().hex[:10]}"
    await as_superuser(server, f"create database {name} template template1 owner hearback_owner")
    yield server.url("hearback_owner", name)
    await as_superuser(server, f"drop database {name} with (force)")


async def fingerprint(url: str) -> dict[str, object]:
    """Each table's rows and content, and who may do what with it."""
    connection = await asyncpg.connect(url)
    try:
        found: dict[str, object] = {}
        for (name,) in await connection.fetch("select tablename from pg_tables where schemaname = 'public'"):
            content = await connection.fetchrow(
                f"""select count(*), md5(coalesce(string_agg(t::text, '|' order by t::text), '')) from "{name}" t"""
            )
            rights = await connection.fetchval(
                """select array_agg(has_table_privilege($1, $2, kind) order by kind)
                   from unnest(array['select', 'insert', 'update', 'delete', 'truncate']) kind""",
                APP_ROLE,
                f'"{name}"',
            )
            found[name] = (*content, rights)
        found["indexes"] = await connection.fetchval(
            "select array_agg(indexdef order by indexdef) from pg_indexes where schemaname = 'public'"
        )
        found["constraints"] = await connection.fetchval(
            # A check is written down in other words once it was read back, so only links are compared by text.
            """select array_agg(concat_ws(' ', conrelid::regclass, conname, contype,
                                          case contype when 'f' then pg_get_constraintdef(oid) end)
                                order by conrelid::regclass::text, conname)
               from pg_constraint where connamespace = 'public'::regnamespace"""
        )
        return found
    finally:
        await connection.close()


async def test_every_row_and_right_comes_back(full: None, owner_url: str, empty_url: str, tmp_path: Path):
    before = await fingerprint(owner_url)
    back_up(owner_url, tmp_path / "all.backup")

    await restore(empty_url, tmp_path / "all.backup", replace=False)

    after = await fingerprint(empty_url)
    assert before["answer"][0] == 3
    assert after == before
    assert after["audit"][2] == [False, True, True, False, False]  # delete, insert, select, truncate, update


async def test_a_migrated_database_without_companies_counts_as_empty(
    full: None, owner_url: str, empty_url: str, tmp_path: Path
):
    before = await fingerprint(owner_url)
    back_up(owner_url, tmp_path / "all.backup")
    await migrate(empty_url)
    use_database(owner_url)

    await restore(empty_url, tmp_path / "all.backup", replace=False)

    assert await fingerprint(empty_url) == before


async def test_people_sign_in_and_later_migrations_still_run(
    full: None, owner_url: str, empty_url: str, tmp_path: Path
):
    back_up(owner_url, tmp_path / "all.backup")
    await restore(empty_url, tmp_path / "all.backup", replace=False)

    await migrate(empty_url)
    connection = await asyncpg.connect(empty_url)
    try:
        assert await at_head(connection)
        await connection.execute("create table later (id int)")
        assert await connection.fetchval("select has_table_privilege($1, 'later', 'insert')", APP_ROLE)
    finally:
        await connection.close()
    use_database(empty_url.replace("hearback_owner", APP_ROLE))
    async with connected():
        assert await sign_in(EMAIL, PASSWORD, network="192.0.2.1", old_token="", now=made.NOW)
        with pytest.raises(Refused):
            await sign_in(EMAIL, "something else", network="192.0.2.1", old_token="", now=made.NOW)


async def test_companies_are_thrown_away_only_when_one_says_so(
    full: None, owner_url: str, empty_url: str, tmp_path: Path
):
    back_up(owner_url, tmp_path / "all.backup")
    before = await fingerprint(owner_url)
    await restore(empty_url, tmp_path / "all.backup", replace=False)
    connection = await asyncpg.connect(empty_url)
    await connection.execute("update company set name = 'Anders'")
    with pytest.raises(CannotRestore):
        await restore(empty_url, tmp_path / "all.backup", replace=False)
    await connection.execute("create table left_over (id int)")
    await connection.close()

    with pytest.raises(CannotRestore):
        await restore(empty_url, tmp_path / "all.backup", replace=False)
    assert await fingerprint(empty_url) != before
    await restore(empty_url, tmp_path / "all.backup", replace=True)
    assert await fingerprint(empty_url) == before


async def test_other_people_s_tables_are_not_thrown_away_by_accident(
    full: None, owner_url: str, empty_url: str, tmp_path: Path
):
    back_up(owner_url, tmp_path / "all.backup")
    connection = await asyncpg.connect(empty_url)
    await connection.execute("create table their_invoices (id int)")
    await connection.close()

    with pytest.raises(CannotRestore, match="their_invoices"):
        await restore(empty_url, tmp_path / "all.backup", replace=False)


async def test_a_database_in_use_is_left_alone(full: None, owner_url: str, empty_url: str, tmp_path: Path):
    back_up(owner_url, tmp_path / "all.backup")
    somebody = await asyncpg.connect(empty_url)
    try:
        with pytest.raises(CannotRestore, match="stop Hearback"):
            await restore(empty_url, tmp_path / "all.backup", replace=True)
    finally:
        await somebody.close()


async def test_half_a_file_changes_nothing(full: None, owner_url: str, empty_url: str, tmp_path: Path):
    back_up(owner_url, tmp_path / "all.backup")
    await restore(empty_url, tmp_path / "all.backup", replace=False)
    before = await fingerprint(empty_url)
    whole = (tmp_path / "all.backup").read_bytes()
    (tmp_path / "half.backup").write_bytes(whole[: len(whole) // 2])

    with pytest.raises(CannotRestore):
        await restore(empty_url, tmp_path / "half.backup", replace=True)

    assert await fingerprint(empty_url) == before


@pytest.mark.parametrize("content", [b"", b"not a backup", b"PGDMP"])
async def test_a_file_that_is_no_backup_is_refused(empty_url: str, tmp_path: Path, content: bytes):
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(CannotRestore, match="no backup of Hearback"):
        await restore(empty_url, tmp_path / "file", replace=True)


async def test_a_dump_of_something_else_is_refused(empty_url: str, tmp_path: Path):
    connection = await asyncpg.connect(empty_url)
    await connection.execute("create table company (id int)")
    await connection.close()
    back_up(empty_url, tmp_path / "other")
    with pytest.raises(CannotRestore, match="another database"):
        await restore(empty_url, tmp_path / "other", replace=True)


async def test_a_backup_of_a_newer_version_is_refused(
    full: None, owner_url: str, empty_url: str, tmp_path: Path
):
    connection = await asyncpg.connect(owner_url)
    await connection.execute(
        "insert into migration (name, app_name, ran_on) values ('2031-01-01T00:00:00:000000', 'hearback', now())"
    )
    await connection.close()
    back_up(owner_url, tmp_path / "newer")
    with pytest.raises(CannotRestore, match="newer version"):
        await restore(empty_url, tmp_path / "newer", replace=True)


def test_over_tls_the_machines_own_clients_are_used_for_ours_speak_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    url = "postgresql://ida:geheim@127.0.0.1:1/moor?sslmode=require"
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CannotRestore, match="speaks no TLS; install"):
        back_up(url, tmp_path / "all.backup")
    program = tmp_path / "pg_dump"
    program.write_text('#!/bin/sh\necho "$PGSSLMODE $PGUSER $PGPASSWORD"\n')
    program.chmod(0o700)

    back_up(url, tmp_path / "all.backup")

    assert (tmp_path / "all.backup").read_text() == "require ida geheim\n"


async def test_a_backup_is_for_its_owner_only_and_overwrites_nothing(
    full: None, owner_url: str, tmp_path: Path
):
    back_up(owner_url, tmp_path / "all.backup")
    assert stat.S_IMODE((tmp_path / "all.backup").stat().st_mode) == 0o600
    with pytest.raises(CannotRestore, match="already"):
        back_up(owner_url, tmp_path / "all.backup")
    with pytest.raises(CannotRestore, match="cannot be written"):
        back_up(owner_url, tmp_path / "missing" / "all.backup")
