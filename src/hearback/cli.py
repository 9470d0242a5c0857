"""`hearback …`: everything one does from a terminal."""

import argparse
import asyncio
import os
import secrets
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from hearback import supervising, worker
from hearback.database.embedded import EmbeddedPostgres, NoDatabase
from hearback.database.migrating import MigrationFailed, migrate
from hearback.settings import Settings, WrongSetting, data_folder, read_settings
from hearback.supervising import CannotServe, Program
from hearback.themes.trying import try_file
from hearback.web.serving import serve_web as run_web
from hearback.words.catalogue import compile_all
from hearback.words.checking import problems

Command = Callable[[argparse.Namespace], None]


def main(arguments: Sequence[str] | None = None) -> None:
    given = parser().parse_args(arguments)
    command: Command = given.command
    try:
        command(given)
    except (CannotServe, NoDatabase, MigrationFailed, WrongSetting) as error:
        sys.exit(f"hearback: {error}")


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

    themes = _add(commands, "themes", None, "try out the reading of answers").add_subparsers(required=True)
    trying = _add(themes, "try", try_themes, "group the answers of a JSON Lines file (id, text)")
    trying.add_argument("file", type=Path)
    trying.add_argument("--out", type=Path, required=True)

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

    def programs() -> list[Program]:
        return [_own_program("web", everywhere()), _own_program("worker", everywhere())]

    def announce(seconds: float) -> None:
        print(
            f"Hearback answers at {settings.base_url} (started in {seconds:.1f} s). Ctrl-C stops it.",
            flush=True,
        )

    supervising.serve(
        programs,
        database=database,
        prepare=prepare,
        host=settings.host,
        port=settings.port,
        announce=announce,
    )


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


def try_themes(given: argparse.Namespace) -> None:
    print(try_file(given.file, given.out))


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
        with open(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text()


def _own_program(command: str, environment: Mapping[str, str]) -> Program:
    return Program(command, [sys.executable, "-m", "hearback.cli", command], environment)


if __name__ == "__main__":
    main()
