"""`hearback doctor`: is everything as it must be, and what to do where it is not?

Looks and changes nothing; a database that is not running is started for the length of the look.
"""

import asyncio
import os
import shutil
import stat
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import asyncpg

from hearback.database.embedded import EmbeddedPostgres
from hearback.database.engine import APP_ROLE
from hearback.database.migrating import at_head
from hearback.database.roles import NoRole, connect_as_app
from hearback.database.wheel import NoDatabase
from hearback.health import WORKER_SILENT_FOR
from hearback.ledger.checkpoints import public_of
from hearback.ledger.keeping import NEXT, kept, keys_folder
from hearback.ledger.laying import checkpoint_in, files_of
from hearback.settings import PACKAGE, Settings, data_folder, folder
from hearback.themes.second_reading import why_not
from hearback.words.catalogue import CATALOGUES, behind, compiled

OLDEST_POSTGRES = 17
FREE_BYTES = 500_000_000
HISTORY = ("audit", "theme_event", "revision", "note_field", "ledger_leaf", "ledger_checkpoint", "ledger_key")


class Finding(NamedTuple):
    """what: one line; do: what to do about it, empty when all is well."""

    what: str
    do: str = ""

    @property
    def fine(self) -> bool:
        return not self.do


def examine(settings: Settings, now: datetime) -> Iterator[Finding]:
    home = data_folder(settings)
    yield _installation()
    yield _catalogues()
    yield _second_reading(settings)
    yield from _home(home)
    yield _secret(settings, home)
    if settings.database_url:
        yield from asyncio.run(_database(settings.database_url, now, settings, running=None))
    else:
        yield from _embedded(home, now, settings)


def _installation() -> Finding:
    missing = [name for name in ("templates", "migrations") if not folder(name).is_dir()]
    if missing:
        return Finding(f"Installation: {' and '.join(missing)} missing", "Install Hearback again.")
    return Finding("Installation: templates and migrations are there")


def _catalogues() -> Finding:
    installed = (
        PACKAGE / "_templates"
    ).exists()  # compiled by the build; when files were unpacked says nothing
    late = [name for name in CATALOGUES if not compiled(name).exists() or (not installed and behind(name))]
    if late:
        return Finding(f"Languages: {', '.join(late)} not compiled", "Run `hearback words compile`.")
    return Finding(f"Languages: {', '.join(CATALOGUES)} are compiled")


def _second_reading(settings: Settings) -> Finding:
    """A machine that reads once is well, too."""
    why = why_not() or ("" if settings.second_reading else "HEARBACK_SECOND_READING is false")
    if why:
        return Finding(f"Second reading: none ({why}); themes are found by one model")
    return Finding("Second reading: in the background, so that themes are found by two models")


# -- the data folder -----------------------------------------------------------------------------
def _home(home: Path) -> Iterator[Finding]:
    if not home.exists():
        yield Finding(f"Data folder: {home} is not there yet; the first `hearback serve` makes it")
        return
    found = home.stat()
    if found.st_uid != os.geteuid():
        yield Finding(
            f"Data folder: {home} belongs to another account", f"Run `chown {os.geteuid()} {home}`."
        )
    elif found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        yield Finding(f"Data folder: others may write in {home}", f"Run `chmod go-w {home}`.")
    else:
        yield Finding(f"Data folder: {home} is ours alone to write")
    free = shutil.disk_usage(home).free
    if free < FREE_BYTES:
        yield Finding(f"Disk: {free // 1_000_000} MB free", "Make room before the database stops.")
    else:
        yield Finding(f"Disk: {free / 1_000_000_000:.1f} GB free")


def _secret(settings: Settings, home: Path) -> Finding:
    if settings.secret_key:
        return Finding("Secret key: from HEARBACK_SECRET_KEY")
    kept = home / "secret"
    if not kept.exists():
        if settings.database_url:
            return Finding(
                "Secret key: none for several processes",
                "Set HEARBACK_SECRET_KEY, the same for all of them, at least 32 characters.",
            )
        return Finding("Secret key: none yet; the first `hearback serve` makes one")
    if kept.stat().st_mode & 0o077:
        return Finding(f"Secret key: others may read {kept}", f"Run `chmod 600 {kept}`.")
    if len(kept.read_text().strip()) < 32:
        return Finding(f"Secret key: {kept} is too short", "Delete it; the next start makes a new one.")
    return Finding(f"Secret key: kept in {kept}")


# -- the database --------------------------------------------------------------------------------
def _embedded(home: Path, now: datetime, settings: Settings) -> Iterator[Finding]:
    server = EmbeddedPostgres(home)
    if not server.data.exists():
        yield Finding("Database: none yet; the first `hearback serve` makes it")
        return
    try:
        with server.at_hand():
            running = server.process is None
            yield from asyncio.run(_database(server.app_url, now, settings, running=running))
    except NoDatabase as error:
        yield Finding(f"Database: {error}", f"Read the end of {home / 'postgres.log'}.")


async def _database(url: str, now: datetime, settings: Settings, *, running: bool | None) -> list[Finding]:
    """running: does Hearback run at the moment? None: find out by who is connected."""
    try:
        connection = await connect_as_app(url)
    except NoRole as error:
        what, _, do = str(error).partition("; ")
        return [Finding(f"Database: {what}", f"{do[0].upper()}{do[1:]}")]
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError) as error:
        why = str(error) or type(error).__name__
        return [Finding(f"Database: cannot be reached ({why})", "Check DATABASE_URL, and that it runs.")]
    try:
        findings = [await _version(connection), await _durable(connection)]
        if await connection.fetchval("select to_regclass('public.company')") is None:
            return [*findings, Finding("Schema: empty", "Run `hearback migrate`, or start `hearback serve`.")]
        running = await _somebody(connection) if running is None else running
        return [
            *findings,
            await _schema(connection),
            await _rights(connection),
            await _worker(connection, now, running=running),
            await _mail(connection),
            await _ledger(connection, settings),
        ]
    finally:
        await connection.close()


async def _version(connection: asyncpg.Connection) -> Finding:
    number = int(await connection.fetchval("select current_setting('server_version_num')"))
    encoding = await connection.fetchval("select current_setting('server_encoding')")
    if number < OLDEST_POSTGRES * 10_000:
        return Finding(f"Database: PostgreSQL {number // 10_000}", f"Use {OLDEST_POSTGRES} or newer.")
    if encoding != "UTF8":
        return Finding(f"Database: encoding {encoding}", "Make a database with encoding UTF8.")
    return Finding(f"Database: PostgreSQL {number // 10_000} answers")


async def _durable(connection: asyncpg.Connection) -> Finding:
    names = ("fsync", "synchronous_commit", "full_page_writes")
    said = {name: await connection.fetchval("select current_setting($1)", name) for name in names}
    if off := [name for name, value in said.items() if value == "off"]:
        return Finding(
            f"Durability: {', '.join(off)} off: a power cut may lose answers that we said thank you for",
            "Turn it on in the server's settings.",
        )
    return Finding("Durability: what is acknowledged is on disk")


async def _schema(connection: asyncpg.Connection) -> Finding:
    if not await at_head(connection):
        return Finding("Schema: not of this version", "Run `hearback migrate`, or start `hearback serve`.")
    return Finding("Schema: at this version")


async def _rights(connection: asyncpg.Connection) -> Finding:
    """We look as the app's role: history is for adding only, and every table can be read and added to."""
    loose = await connection.fetchval(
        """select array_agg(t) from unnest($1::text[]) t
           where has_table_privilege($2, t, 'update') or has_table_privilege($2, t, 'delete')""",
        list(HISTORY),
        APP_ROLE,
    )
    closed = await connection.fetchval(
        """select array_agg(relname::text) from pg_class
           where relnamespace = 'public'::regnamespace and relkind = 'r' and relname <> 'migration'
             and not (has_table_privilege($1, oid, 'select') and has_table_privilege($1, oid, 'insert'))""",
        APP_ROLE,
    )
    if loose:
        return Finding(
            f"Rights: {APP_ROLE} may change history ({', '.join(loose)})",
            f"As the owner: revoke update, delete, truncate on {', '.join(loose)} from {APP_ROLE}.",
        )
    if closed:
        return Finding(
            f"Rights: {APP_ROLE} may not use {', '.join(closed)}",
            f"As the owner: grant select, insert, update, delete on {', '.join(closed)} to {APP_ROLE}.",
        )
    return Finding("Rights: history can be added to, never changed")


async def _somebody(connection: asyncpg.Connection) -> bool:
    others = await connection.fetchval(
        """select count(*) from pg_stat_activity
           where datname = current_database() and pid <> pg_backend_pid() and application_name = 'hearback'"""
    )
    return bool(others)


async def _worker(connection: asyncpg.Connection, now: datetime, *, running: bool) -> Finding:
    seen: datetime | None = await connection.fetchval("select max(seen_at) from worker_beat")
    if not running:
        return Finding("Worker: Hearback is not running at the moment")
    if seen is None or abs(now - seen) > WORKER_SILENT_FOR:
        last = f"last seen {seen:%Y-%m-%d %H:%M} UTC" if seen else "never seen"
        return Finding(f"Worker: {last}; answers are kept, but not sorted", "Start `hearback worker`.")
    return Finding("Worker: at work")


async def _mail(connection: asyncpg.Connection) -> Finding:
    """Working without mail is well, too; what may or may not have arrived is nothing to mend, only to know."""
    if await connection.fetchval("select to_regclass('public.mail_setup')") is None:
        return Finding("Mail: not known to this schema")
    sending, waiting, unsure, failed = await connection.fetchrow(
        """select (select count(*) from mail_setup where active),
                  count(*) filter (where state = 'waiting' and tries > 3), count(*) filter (where state = 'unsure'),
                  count(*) filter (where state = 'failed') from mail"""
    )
    if not sending:
        return Finding("Mail: none; people read what became of it on their receipts and in the log")
    told = f"Mail: companies that send {sending}, mails uncertain {unsure}, undeliverable {failed}"
    if waiting:
        return Finding(
            f"{told}, tried again and again {waiting}", "See Settings, Mail on the desk; try it there."
        )
    return Finding(told)


LEDGERS = """
select c.id, c.slug, (select public from ledger_key where company = c.id order by turn desc limit 1) as public,
       coalesce((select max(number) + 1 from ledger_leaf where company = c.id and number is not null), 0) as size,
       p.size as signed, p.root, split_part(p.note, chr(10), 1) as origin
from company c
left join lateral (
    select size, root, note from ledger_checkpoint where company = c.id order by size desc limit 1) p on true
order by c.slug"""


async def _ledger(connection: asyncpg.Connection, settings: Settings) -> Finding:
    """Whether each ledger can go on: its key is there, and the database holds everything that was ever signed."""
    if await connection.fetchval("select to_regclass('public.ledger_leaf_with_a_time')") is None:
        return Finding("Ledger: not known to this schema")
    ledgers = await connection.fetch(LEDGERS)
    for one in ledgers:
        keeping = kept(settings, one["id"])
        try:
            keys, mark = [keeping.key(), keeping.key(NEXT)], keeping.mark()
            beside = one["public"] and keeping.put_away_as(one["public"])
            files = files_of(settings, one["slug"])
            there = checkpoint_in(files) if settings.ledger_files else None
        except (OSError, ValueError) as error:
            return Finding(f"Ledger of {one['slug']}: {error}", f"Mend what lies in {keeping.folder}.")
        if mark and (one["size"] < mark.size or (one["signed"] == mark.size and one["root"] != mark.root)):
            return Finding(
                f"Ledger of {one['slug']}: the database is not the one that was signed, entries {one['size'] + 1} to "
                f"{mark.size} are missing or others; nothing is signed",
                f"Restore a newer backup; is there none: `hearback ledger begin-again {one['slug']}`.",
            )
        if mark is None and (one["signed"] or any(keys)):
            return Finding(
                f"Ledger of {one['slug']}: {keeping.mark_file} is missing; nothing is signed",
                "Put it back from where the key came from; is it lost: "
                f"`hearback ledger begin-again {one['slug']}`.",
            )
        if one["public"] and one["public"] not in [public_of(key) for key in keys if key]:
            return Finding(
                f"Ledger of {one['slug']}: its key is missing; nothing is signed",
                f"It lies beside it as {beside}: rename that to `key`."
                if beside
                else f"Put it back as {keeping.folder / 'key'}; is it lost: "
                f"`hearback ledger begin-again {one['slug']}`.",
            )
        if not settings.ledger_files:
            continue
        if there and one["signed"] and there.origin != one["origin"]:
            return Finding(
                f"Ledger of {one['slug']}: {files} holds another one, {there.origin}; it stays as it is",
                f"Put that folder aside; {one['origin']} is laid anew within a minute.",
            )
        laid = there.size if there else 0
        if laid > (one["signed"] or 0):
            return Finding(
                f"Ledger of {one['slug']}: {laid} entries lie as files, and the database has signed only "
                f"{one['signed'] or 0}; the files stay as they are",
                f"Restore a newer backup; is there none: `hearback ledger begin-again {one['slug']}`.",
            )
        if laid != (one["signed"] or 0):
            return Finding(
                f"Ledger of {one['slug']}: {laid} of {one['signed'] or 0} entries lie as files",
                f"Is {settings.ledger_files} full, or not the worker's to write? It goes on by itself within a minute.",
            )
    size = sum(one["signed"] or 0 for one in ledgers)
    return Finding(f"Ledger: {size} entries signed, keys in {keys_folder(settings)}")
