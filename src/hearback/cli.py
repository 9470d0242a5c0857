"""`hearback …`: everything one does from a terminal."""

import argparse
import asyncio
import contextlib
import getpass
import io
import os
import secrets
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import asyncpg

from hearback import supervising, worker
from hearback.bench.command import REQUESTS, ROUNDS, bench
from hearback.clock import now
from hearback.database import backup
from hearback.database.backup import CannotRestore
from hearback.database.embedded import EmbeddedPostgres, NoDatabase
from hearback.database.engine import connected, connection_config, use_database
from hearback.database.migrating import MigrationFailed, migrate
from hearback.demo.loading import SignIn, load_demo
from hearback.doctor import examine
from hearback.listening.commands import Imported, import_sheet
from hearback.listening.reading import read_sheet
from hearback.listening.rules import MOST_BYTES, MOST_REASONS, Format
from hearback.people.commands.founding import create_company, create_member
from hearback.people.queries import company_by_slug
from hearback.people.rules import Address
from hearback.refusals import NotFound, Refused
from hearback.settings import Settings, WrongSetting, data_folder, read_settings
from hearback.supervising import AskedToStop, CannotServe, Program
from hearback.themes.trying import try_file
from hearback.web.serving import serve_web as run_web
from hearback.words.catalogue import compile_all
from hearback.words.checking import problems
from hearback.words.speaking import Words, words_for

Command = Callable[[argparse.Namespace], None]
DEMO_PASSWORD = "demo-password"  # noqa: S105  (the name of a file)


def main(arguments: Sequence[str] | None = None) -> None:
    given = parser().parse_args(arguments)
    command: Command = given.command
    try:
        command(given)
    except (CannotServe, CannotRestore, NoDatabase, MigrationFailed, WrongSetting) as error:
        sys.exit(f"hearback: {error}")
    except Refused as refusal:
        sys.exit("\n".join(f"hearback: {line}" for line in _told(refusal, _terminal_words())))
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
        # The message is the server's or the system's, for the person who runs them.
        sys.exit(f"hearback: {type(error).__name__}: {error}")


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="hearback", description="Ask, understand, act, and answer in public.")
    commands = top.add_subparsers(required=True, metavar="COMMAND")

    serving = _add(commands, "serve", serve, "start the database, the web server and the worker")
    serving.add_argument("--host", help="address to listen on (127.0.0.1)")
    serving.add_argument("--port", type=int, help="port to listen on (8000)")
    serving.add_argument("--data", help="folder of the embedded database (.data)")
    serving.add_argument("--empty", action="store_true", help="do not load the demo on first start")
    serving.add_argument(
        "--time", action="store_true", help="start, print how long it took, stop, print that too"
    )

    web = _add(commands, "web", serve_web, "the web server alone; the database is at DATABASE_URL")
    web.add_argument("--host")
    web.add_argument("--port", type=int)
    _add(
        commands, "worker", lambda _given: asyncio.run(worker.run()), "one worker process; needs DATABASE_URL"
    )
    _add(commands, "migrate", migrate_now, "bring the database at DATABASE_OWNER_URL to this version")

    bringing = _add(commands, "import", import_file, "bring in answers from a CSV or JSON Lines file")
    bringing.add_argument("file", type=Path)
    bringing.add_argument("--company", required=True, help="its address, such as kranich")
    bringing.add_argument("--question", required=True, help="its address, such as moorlichter")
    bringing.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="MEANING=COLUMN",
        help="text, id, day, language, quoting, first_name, place, or the number of a prompt; several times",
    )
    bringing.add_argument("--format", choices=list(Format), help="by the file's ending when not said")
    bringing.add_argument("--encoding", default="", help="such as utf-8 or cp1252; found out when not said")

    companies = _add(commands, "company", None, "companies").add_subparsers(required=True, metavar="COMMAND")
    founding = _add(companies, "create", found_company, "make a company and its first admin")
    founding.add_argument("slug", help="its address: small letters, digits and -")
    founding.add_argument("--name", required=True)
    founding.add_argument("--admin", required=True, metavar="EMAIL")
    founding.add_argument("--admin-name", help="the admin's name; can be changed later")
    founding.add_argument("--sie", action="store_true", help="speak to people with Sie, not du")

    loading = _add(commands, "demo", demo, "load the demo's three companies into an empty database")

    saving = _add(commands, "backup", back_up, "write the whole database to a file")
    saving.add_argument("file", type=Path)
    restoring = _add(commands, "restore", restore, "make the database what it was in a backup")
    restoring.add_argument("file", type=Path)
    restoring.add_argument("--replace", action="store_true", help="throw away what the database holds now")

    looking = _add(commands, "doctor", doctor, "see whether everything is as it must be, and what to do")
    for command in (bringing, founding, loading, saving, restoring, looking):
        command.add_argument("--data", help="folder of the embedded database (.data)")

    themes = _add(commands, "themes", None, "try out the reading of answers").add_subparsers(required=True)
    trying = _add(themes, "try", try_themes, "group the answers of a JSON Lines file (id, text)")
    trying.add_argument("file", type=Path)
    trying.add_argument("--out", type=Path, required=True)

    measuring = _add(commands, "bench", measure, "print what a page and an answer cost, in one run")
    measuring.add_argument("--requests", type=int, default=REQUESTS, help="requests a round")
    measuring.add_argument("--rounds", type=int, default=ROUNDS)

    words = _add(commands, "words", None, "the catalogues").add_subparsers(required=True)
    _add(words, "compile", compile_words, "compile the catalogues whose sources changed")
    _add(
        words, "check", check_words, "say which keys are missing, never said, or differ between the languages"
    )
    return top


def serve(given: argparse.Namespace) -> None:
    settings = _with_arguments(given)
    folder = data_folder(settings)
    database = None if settings.database_url else EmbeddedPostgres(folder)
    environment = {
        "HEARBACK_HOST": settings.host,
        "HEARBACK_PORT": str(settings.port),
        "HEARBACK_PUBLIC_URL": settings.base_url,
        "HEARBACK_SECRET_KEY": settings.secret_key or _kept_secret(folder),
    }

    def everywhere() -> dict[str, str]:
        urls = (
            {}
            if database is None
            else {"DATABASE_URL": database.app_url, "DATABASE_OWNER_URL": database.owner_url}
        )
        return environment | urls

    def prepare() -> None:
        supervising.run_to_end(_own_program("migrate", everywhere()))
        if not given.empty and not asyncio.run(
            _has_companies(everywhere().get("DATABASE_URL", ""), settings)
        ):
            print("Loading the demo: three companies and their answers, read and sorted …", flush=True)
            supervising.run_to_end(_own_program("demo", everywhere() | {"HEARBACK_DATA": str(folder)}))

    def programs() -> list[Program]:
        return [_own_program("web", everywhere()), _own_program("worker", everywhere())]

    answering_since = 0.0

    def announce(seconds: float) -> None:
        nonlocal answering_since
        print(f"Hearback answers at {settings.base_url} (started in {seconds:.1f} s). Ctrl-C stops it.")
        for line in _sign_ins(folder, settings.base_url):
            print(line)
        sys.stdout.flush()
        answering_since = time.monotonic()
        if given.time:
            raise AskedToStop

    supervising.serve(
        programs,
        database=database,
        prepare=prepare,
        host=settings.host,
        port=settings.port,
        announce=announce,
    )
    if given.time:
        print(f"Stopped in {time.monotonic() - answering_since:.1f} s.")


def serve_web(given: argparse.Namespace) -> None:
    settings = _with_arguments(given)
    run_web(
        "hearback.app:build_app",
        host=settings.host,
        port=settings.port,
        processes=settings.web_processes,
        factory=True,
    )


def migrate_now(_given: argparse.Namespace) -> None:
    settings = read_settings()
    asyncio.run(migrate(settings.database_owner_url or settings.database_url))


# -- answers -------------------------------------------------------------------------------------
def import_file(given: argparse.Namespace) -> None:
    kind = Format(given.format) if given.format else _format_of(given.file)
    sheet = read_sheet(_content(given.file), kind, given.encoding)
    named = dict(_meaning_and_column(pair) for pair in given.column)

    async def bring_in() -> tuple[Imported, Words]:
        async with connected():
            try:
                company = await company_by_slug(given.company)
            except NotFound as missing:
                raise Refused("import.no-such-company", slug=given.company) from missing
            try:
                imported = await import_sheet(
                    company.id,
                    given.question,
                    sheet,
                    named=named,
                    file_name=given.file.name,
                    by=None,
                    now=now(),
                )
            except NotFound as missing:
                raise Refused("import.no-such-question", slug=given.question) from missing
            return imported, _terminal_words(company.address)

    with _database(_with_arguments(given)) as database:
        use_database(database.app)
        imported, words = asyncio.run(bring_in())
    if imported.new:
        print(words.say("import.done", n=imported.new, rows=imported.rows))
    else:
        print(words.say("import.all-known", rows=imported.rows))
    if imported.empty:
        print(words.say("import.empty-rows", n=imported.empty))
    if imported.unused:
        print(words.say("import.unused-columns", columns=" | ".join(imported.unused)[:500]))


def _format_of(file: Path) -> Format:
    return Format.JSONL if file.suffix.lower() in (".jsonl", ".ndjson", ".json") else Format.CSV


def _content(file: Path) -> bytes:
    """One byte more than we read at most, so that a file without end is refused, not read."""
    try:
        with file.open("rb") as opened:
            return opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise Refused("import.file-missing", file=str(file), why=error.strerror or "?") from error


def _meaning_and_column(pair: str) -> tuple[str, str]:
    meaning, sign, column = pair.partition("=")
    if not sign:
        sys.exit(f"hearback: --column {pair} is not MEANING=COLUMN, such as text=Antwort.")
    return meaning, column


def _told(refusal: Refused, words: Words) -> Iterator[str]:
    """Each reason as a sentence, with its place in the file where it has one."""
    for reason in refusal.reasons:
        sentence = words.say(reason.reason, **reason.values)
        if "row" in reason.values and "column" in reason.values:
            yield words.say(
                "import.in-row", row=reason.values["row"], column=reason.values["column"], reason=sentence
            )
        elif "row" in reason.values:
            yield words.say("import.in-this-row", row=reason.values["row"], reason=sentence)
        else:
            yield sentence
    if len(refusal.reasons) == MOST_REASONS:
        yield words.say("import.more-reasons", most=MOST_REASONS)
    if refusal.reason.startswith("import."):
        yield words.say("import.nothing-kept")


def _terminal_words(address: str = Address.DU) -> Words:
    """German in a German terminal, else English."""
    said = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return words_for("de" if said.startswith("de") else "en", address)


# -- companies -----------------------------------------------------------------------------------
def found_company(given: argparse.Namespace) -> None:
    settings = _with_arguments(given)
    password, made = _password()

    async def make() -> None:
        async with connected():
            address = Address.SIE if given.sie else Address.DU
            company = await create_company(given.slug, given.name, address=address, now=now())
            await create_member(
                company.id,
                email=given.admin,
                password=password,
                name=given.admin_name or given.admin.partition("@")[0],
                now=now(),
            )

    with _database(settings) as database:
        _migrate_quietly(database.owner)
        use_database(database.app)
        asyncio.run(make())
    print(
        f"{given.name} is at {settings.base_url}/{given.slug}, its desk at {settings.base_url}/desk/{given.slug}."
    )
    print(
        f"{given.admin} signs in at {settings.base_url}/in"
        + (f" with the password {password}" if made else "")
    )


def _password() -> tuple[str, bool]:
    """What the person at the terminal chooses; made by us when there is none, or nothing is typed."""
    typed = getpass.getpass("Password (empty: we make one): ") if sys.stdin.isatty() else ""
    return (typed, False) if typed else (_new_password(), True)


def _new_password() -> str:
    letters = "abcdefghjkmnpqrstuvwxyz23456789"  # none that look alike
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))


# -- demo ----------------------------------------------------------------------------------------
def demo(given: argparse.Namespace) -> None:
    settings = _with_arguments(given)
    password = _new_password()

    async def load() -> list[SignIn]:
        async with connected():
            return await load_demo(password, now=now())

    with _database(settings) as database:
        _migrate_quietly(database.owner)
        use_database(database.app)
        sign_ins = asyncio.run(load())
    folder = data_folder(settings)
    folder.mkdir(parents=True, exist_ok=True)
    _write_secret(
        folder / DEMO_PASSWORD, "\n".join([password, *(f"{who} ({what})" for who, what in sign_ins)])
    )


def _sign_ins(folder: Path, url: str) -> Iterator[str]:
    """Who can sign in to the demo that this folder holds; empty when there is none."""
    kept = folder / DEMO_PASSWORD
    if kept.exists():
        password, *people = kept.read_text().splitlines()
        yield f"Demo: sign in at {url}/in with the password {password} as"
        yield from (f"  {person}" for person in people)


async def _has_companies(url: str, settings: Settings) -> bool:
    connection = await asyncpg.connect(**connection_config(url or settings.database_url))
    try:
        return bool(await connection.fetchval("select exists (select from company)"))
    finally:
        await connection.close()


# -- keeping -------------------------------------------------------------------------------------
def back_up(given: argparse.Namespace) -> None:
    with _database(_with_arguments(given)) as database:
        size = backup.back_up(database.owner, given.file)
    print(f"The whole database is in {given.file} ({size / 1_000_000:.1f} MB). The secret key is not in it.")


def restore(given: argparse.Namespace) -> None:
    settings = _with_arguments(given)
    server = None if settings.database_url else EmbeddedPostgres(data_folder(settings))
    owner = settings.database_owner_url or settings.database_url
    if server:
        server.start()  # not at_hand(): who serves this folder would lose what they just kept
        owner = server.owner_url
    try:
        asyncio.run(backup.restore(owner, given.file, replace=given.replace))
        _migrate_quietly(owner)  # the backup may be older than we are
    finally:
        if server:
            server.stop()
    print(f"The database is as it was in {given.file}.")


def doctor(given: argparse.Namespace) -> None:
    wrong = 0
    for finding in examine(_with_arguments(given), now()):
        print(f"{'fine ' if finding.fine else 'WRONG'}  {finding.what}")
        if not finding.fine:
            wrong += 1
            print(f"       {finding.do}")
    if wrong:
        sys.exit(1)


def _migrate_quietly(owner: str) -> None:
    with contextlib.redirect_stdout(io.StringIO()):  # Piccolo tells how it goes; here it is not the news
        asyncio.run(migrate(owner))


class _Urls(NamedTuple):
    app: str
    owner: str


@contextlib.contextmanager
def _database(settings: Settings) -> Iterator[_Urls]:
    """The server at DATABASE_URL, or the embedded one: as it runs, or for the length of the command."""
    if settings.database_url:
        yield _Urls(settings.database_url, settings.database_owner_url or settings.database_url)
        return
    with EmbeddedPostgres(data_folder(settings)).at_hand() as server:
        yield _Urls(server.app_url, server.owner_url)


# -- themes and words ----------------------------------------------------------------------------
def try_themes(given: argparse.Namespace) -> None:
    print(try_file(given.file, given.out))


def measure(given: argparse.Namespace) -> None:
    bench(given.requests, given.rounds)


def compile_words(_given: argparse.Namespace) -> None:
    for written in compile_all():
        print(f"written: {written}")


def check_words(_given: argparse.Namespace) -> None:
    found = problems()
    for problem in found:
        print(problem)
    sys.exit(1 if found else 0)


def _add(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    command: Command | None,
    help_: str,
) -> argparse.ArgumentParser:
    added = commands.add_parser(name, help=help_, description=help_)
    if command is not None:
        added.set_defaults(command=command)
    return added


def _with_arguments(given: argparse.Namespace) -> Settings:
    """Settings with what the command line says laid over the environment."""
    over = {
        f"HEARBACK_{name.upper()}": str(value)
        for name in ("host", "port", "data")
        if (value := getattr(given, name, None)) is not None
    }
    return read_settings({**os.environ, **over})


def _kept_secret(folder: Path) -> str:
    """One key for all processes of this data folder, made on first start."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "secret"
    if not path.exists():
        _write_secret(path, secrets.token_urlsafe(48))
    return path.read_text()


def _write_secret(path: Path, words: str) -> None:
    """For our own eyes only; whole or not at all."""
    unfinished = path.with_name(f"{path.name}.unfinished")
    with open(os.open(unfinished, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w") as file:
        file.write(words)
    unfinished.replace(path)


def _own_program(command: str, environment: Mapping[str, str]) -> Program:
    return Program(command, [sys.executable, "-m", "hearback.cli", command], environment)


if __name__ == "__main__":
    main()
