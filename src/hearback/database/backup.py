"""The whole database in one file, and back.

A backup is pg_dump's custom format: everything but the secret key, which stays with the machine. Restoring
replaces all that is there in one transaction: it is as in the file afterwards, or as it was before.
"""

import contextlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO
from urllib.parse import parse_qsl, unquote, urlsplit

import asyncpg

from hearback.database.engine import connection_config
from hearback.database.roles import have_app_role
from hearback.database.wheel import NoDatabase, binaries
from hearback.refusals import Stopped
from hearback.settings import folder

# A dump says who may do what with each table, but not that its owner's later tables are for the app too.
# The roles may have other names on another server, so we say it ourselves; as the first migration does.
EMPTIED = """
do $$ declare name text; begin
    alter default privileges in schema public revoke all on tables from hearback_app;
    alter default privileges in schema public revoke all on sequences from hearback_app;
    for name in select format('drop %s if exists %I.%I cascade',
                              case c.relkind when 'v' then 'view' when 'm' then 'materialized view'
                                             when 'S' then 'sequence' else 'table' end, 'public', c.relname)
                from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r','p','v','m','S')
                  and not exists (select from pg_depend d where d.objid = c.oid
                                  and (d.deptype = 'e' or c.relkind = 'S' and d.deptype in ('a', 'i')))
    loop execute name; end loop;
    -- all names first: whatever goes with another routine has no name any more when its turn comes
    foreach name in array coalesce((
                select array_agg(format('drop routine if exists %s cascade', p.oid::regprocedure))
                from pg_proc p where p.pronamespace = 'public'::regnamespace
                  and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')), '{}')
    loop execute name; end loop;
    for name in select format('drop type if exists public.%I cascade', t.typname)
                from pg_type t where t.typnamespace = 'public'::regnamespace and t.typtype in ('e', 'd')
                  and not exists (select from pg_depend d where d.objid = t.oid and d.deptype = 'e')
    loop execute name; end loop;
end $$;
"""
GRANTED = """
grant usage on schema public to hearback_app;
alter default privileges in schema public grant select, insert, update, delete on tables to hearback_app;
alter default privileges in schema public grant usage, select on sequences to hearback_app;
"""
ALL_TABLES = "select tablename from pg_tables where schemaname = 'public'"
TABLE = re.compile(r"^\d+; \d+ \d+ TABLE public (\w+) ", re.MULTILINE)
TLS = ("require", "verify-ca", "verify-full")
OURS = {"company", "migration", "pgqueuer"}
# What belongs to the server, not to us: it is there already, and only a superuser could make it anew.
THEIRS = re.compile(r"^\d+; \d+ \d+ (DEFAULT ACL|EXTENSION|COMMENT|SCHEMA|ACL - SCHEMA) ")


class CannotRestore(Stopped):
    """Why nothing was restored or saved, in one sentence for the person at the terminal."""


def back_up(owner_url: str, file: Path) -> int:
    """Write the whole database to `file`, which must not be there yet; returns its size in bytes."""
    if file.exists():
        raise CannotRestore(f"{file} is there already; choose another name.")
    unfinished = file.with_name(f"{file.name}.unfinished")
    try:
        output = open(os.open(unfinished, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb")  # noqa: SIM115
    except OSError as error:
        raise CannotRestore(f"{file} cannot be written: {error.strerror}.") from error
    try:
        with output:
            _run("pg_dump", ["--format=custom"], owner_url, output=output)
            os.fsync(output.fileno())
        unfinished.rename(file)
    finally:
        unfinished.unlink(missing_ok=True)
    return file.stat().st_size


async def restore(owner_url: str, file: Path, *, replace: bool) -> None:
    """Make the database what it was when `file` was written.

    Raises CannotRestore when the file is no backup of ours or of a newer version, when somebody uses the
    database, and when it holds companies and `replace` is not said; NoRole when the server lacks our role.
    """
    contents = _contents(file)
    connection = await asyncpg.connect(**connection_config(owner_url, role=None))
    try:
        await _refuse_if_wrong(connection, set(TABLE.findall(contents)), replace=replace)
        await have_app_role(connection)
    finally:
        await connection.close()
    with tempfile.TemporaryDirectory() as place:
        script, wanted = Path(place) / "restore.sql", Path(place) / "wanted"
        wanted.write_text("".join(line for line in contents.splitlines(True) if not THEIRS.match(line)))
        with script.open("wb") as output:
            output.write(EMPTIED.encode())
            output.flush()
            _run(
                "pg_restore",
                ["--no-owner", "--no-comments", f"--use-list={wanted}", "--file=-", str(file)],
                "",
                output,
            )
            output.write(GRANTED.encode())
        _run(
            "psql",
            ["-X", "-q", "-1", "-v", "ON_ERROR_STOP=1", "-o", os.devnull, "-f", str(script)],
            owner_url,
        )


def _contents(file: Path) -> str:
    if not file.is_file():
        raise CannotRestore(f"There is no file {file}.")
    try:
        contents = _run("pg_restore", ["--list", str(file)], "")
    except CannotRestore as error:
        raise CannotRestore(f"{file} is no backup of Hearback.") from error
    if not set(TABLE.findall(contents)) >= OURS:
        raise CannotRestore(f"{file} is a dump of another database, not a backup of Hearback.")
    migrations = _run("pg_restore", ["--data-only", "--table=migration", "--file=-", str(file)], "")
    known = {re.sub("^hearback_", "", path.stem) for path in folder("migrations").glob("hearback_*.py")}
    ran = re.findall(r"^\d+\t(\S+)\thearback\t", migrations, re.MULTILINE)
    if unknown := [name for name in ran if re.sub("[-:]", "_", name.lower()) not in known]:
        raise CannotRestore(f"{file} comes from a newer version of Hearback (migration {unknown[-1]}).")
    return contents


async def _refuse_if_wrong(connection: asyncpg.Connection, tables: set[str], *, replace: bool) -> None:
    users = await connection.fetchval(
        """select count(*) from pg_stat_activity
           where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'"""
    )
    if users:
        raise CannotRestore(
            f"{users} connection{'s' if users > 1 else ''} to the database would be lost work;"
            " stop Hearback and whatever else uses it first."
        )
    if replace:
        return
    there = {name for (name,) in await connection.fetch(ALL_TABLES)}
    if strangers := sorted(there - tables):
        raise CannotRestore(f"The database holds tables that are not ours ({', '.join(strangers[:5])}).")
    if "company" in there and await connection.fetchval("select count(*) from public.company"):
        raise CannotRestore("The database holds companies already; --replace throws all of it away.")


def _run(name: str, arguments: Sequence[str], owner_url: str, output: IO[bytes] | None = None) -> str:
    """Run a PostgreSQL client; its standard output as text, or into `output`."""
    environment = _environment(owner_url)
    done = subprocess.run(
        [client(name, tls=environment.get("PGSSLMODE") in TLS), *arguments],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=output or subprocess.PIPE,
        stderr=subprocess.PIPE,
        check=False,
    )
    if done.returncode:
        why = _last_words(done.stderr)
        hint = (
            "; the server wants TLS, so add ?sslmode=require to the address" if "no encryption" in why else ""
        )
        raise CannotRestore(f"{name} failed: {why}{hint}")
    return (done.stdout or b"").decode(errors="replace")


def client(name: str, *, tls: bool = False) -> str:
    """The wheel's program, which speaks no TLS; the one on the PATH for TLS, and on machines without a wheel."""
    with contextlib.suppress(NoDatabase):
        ours = str(binaries() / name)
        if not tls:
            return ours
    if found := shutil.which(name):
        return found
    why = f"The {name} that comes along speaks no TLS" if tls else f"The program {name} is missing"
    raise CannotRestore(f"{why}; install the PostgreSQL clients, as new as the server.")


def _environment(url: str) -> Mapping[str, str]:
    """The address in the environment, not on the command line, where other users would read its password."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    if not url:
        return ours
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    said = {
        "PGHOST": options.get("host") or parts.hostname,
        "PGPORT": options.get("port") or (str(parts.port) if parts.port else None),
        "PGUSER": unquote(parts.username) if parts.username else options.get("user"),
        "PGPASSWORD": unquote(parts.password) if parts.password else options.get("password"),
        "PGDATABASE": unquote(parts.path.strip("/")) or options.get("dbname"),
        "PGSSLMODE": options.get("sslmode"),
        "PGSSLROOTCERT": options.get("sslrootcert"),
        "PGSSLCERT": options.get("sslcert"),
        "PGSSLKEY": options.get("sslkey"),
    }
    return ours | {name: value for name, value in said.items() if value}


def _last_words(stderr: bytes) -> str:
    """The line that says what went wrong, not the ones after it that say where."""
    lines = [line.strip() for line in stderr.decode(errors="replace").splitlines() if line.strip()]
    errors = [line for line in lines if re.search("(error|fatal|ERROR|FATAL):", line)]
    return (errors or lines or ["it said nothing"])[0]
