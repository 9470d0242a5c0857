"""`hearback …`: everything one does from a terminal."""

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, TypeAlias

import asyncpg

from hearback.refusals import Refused, Stopped
from hearback.settings import WrongSetting

Command = Callable[[argparse.Namespace], None]
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def main(arguments: Sequence[str] | None = None) -> None:
    given = parser().parse_args(arguments)
    command: Command = given.command
    try:
        command(given)
    except (Stopped, WrongSetting) as error:
        sys.exit(f"hearback: {error}")
    except Refused as refusal:
        sys.exit("\n".join(f"hearback: {line}" for line in _loaded("saying:told")(refusal)))
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
        # The message is the server's or the system's, for the person who runs them.
        sys.exit(f"hearback: {type(error).__name__}: {error}")


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="hearback", description="Ask, understand, act, and answer in public.")
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    _add_running(commands)
    _add_using(commands)
    _add_ledger(commands)
    _add_trying(commands)
    return top


def _add_running(commands: Commands) -> None:
    serving = _add(commands, "serve", "serving:serve", "start the database, the web server and the worker")
    serving.add_argument("--host", help="address to listen on (127.0.0.1)")
    serving.add_argument("--port", type=int, help="port to listen on (8000)")
    serving.add_argument("--data", help="folder of the embedded database (.data)")
    serving.add_argument("--empty", action="store_true", help="do not load the demo on first start")
    serving.add_argument(
        "--time", action="store_true", help="start, print how long it took, stop, print that too"
    )
    web = _add(commands, "web", "web:serve", "the web server alone; the database is at DATABASE_URL")
    web.add_argument("--host")
    web.add_argument("--port", type=int)
    _add(commands, "worker", "working:work", "one worker process; needs DATABASE_URL")
    _add(commands, "migrate", "migrating:migrate", "bring the database at DATABASE_OWNER_URL to this version")


def _add_using(commands: Commands) -> None:
    bringing = _add(
        commands, "import", "answers:import_file", "bring in answers from a CSV or JSON Lines file"
    )
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
    bringing.add_argument("--format", choices=("csv", "jsonl"), help="by the file's ending when not said")
    bringing.add_argument("--encoding", default="", help="such as utf-8 or cp1252; found out when not said")

    companies = _add(commands, "company", None, "companies").add_subparsers(required=True, metavar="COMMAND")
    founding = _add(companies, "create", "founding:found_company", "make a company and its first admin")
    founding.add_argument("slug", help="its address: small letters, digits and -")
    founding.add_argument("--name", required=True)
    founding.add_argument("--admin", required=True, metavar="EMAIL")
    founding.add_argument("--admin-name", help="the admin's name; can be changed later")
    founding.add_argument("--sie", action="store_true", help="speak to people with Sie, not du")
    loading = _add(
        commands, "demo", "founding:demo", "load the demo's three companies into an empty database"
    )

    mail = _add(commands, "mail", None, "mails that come in").add_subparsers(required=True, metavar="COMMAND")
    taking = _add(mail, "take-in", "mailing:take_in_mail", "take in one mail: a reply, a bounce, a complaint")
    taking.add_argument("file", type=Path, help="the mail as it came; - reads it from standard input")
    taking.add_argument("--company", required=True, help="its address, such as kranich")

    saving = _add(commands, "backup", "keeping:back_up", "write the whole database to a file")
    saving.add_argument("file", type=Path)
    restoring = _add(commands, "restore", "keeping:restore", "make the database what it was in a backup")
    restoring.add_argument("file", type=Path)
    restoring.add_argument("--replace", action="store_true", help="throw away what the database holds now")
    restoring.add_argument(
        "--taken-back", type=Path, metavar="LIST", help="a newer list of what fans took back, to do it again"
    )
    listing = _add(
        commands,
        "taken-back",
        "keeping:list_taken_back",
        "list what fans erased, withdrew, or no longer let us quote; for a restore",
    )
    listing.add_argument("file", type=Path)
    looking = _add(
        commands, "doctor", "keeping:doctor", "see whether everything is as it must be, and what to do"
    )
    for command in (bringing, founding, loading, taking, saving, restoring, listing, looking):
        command.add_argument("--data", help="folder of the embedded database (.data)")


def _add_ledger(commands: Commands) -> None:
    ledgers = _add(commands, "ledger", None, "the ledger that nobody can rewrite in silence").add_subparsers(
        required=True, metavar="COMMAND"
    )
    verifying = _add(ledgers, "verify", "checking:verify_ledger", "check a ledger, ours or anybody's")
    verifying.add_argument("base", metavar="URL|FOLDER", help="such as https://example.org/kranich/ledger")
    verifying.add_argument("--key", required=True, help="one line, as it stands on the ledger's page")
    verifying.add_argument("--since", type=Path, metavar="FILE", help="older checkpoints that you kept")
    verifying.add_argument(
        "--since-key",
        action="append",
        default=[],
        help="what signed them, where the key has changed since; each",
    )
    proving = _add(ledgers, "proof", "checking:check_proof", "check the proof of one entry, without the net")
    proving.add_argument("file", type=Path, help="as the pages give it: .tlog-proof")
    proving.add_argument("--key", required=True, help="one line, as it stands on the ledger's page")
    proving.add_argument(
        "--witness", action="append", default=[], help="the line of one that must have signed too"
    )
    watching = _add(
        ledgers,
        "witness",
        "watching:watch_ledger",
        "watch over another installation's ledger: sign it as long as it keeps all it ever said",
    )
    watching.add_argument("base", metavar="URL", help="such as https://example.org/kranich/ledger")
    watching.add_argument("--key", help="its line, the first time")
    watching.add_argument("--name", help="under which we sign; our own address when not said")
    listing = _add(
        ledgers,
        "witnesses",
        "watching:list_witnesses",
        "which witnesses a company shows, and what they signed",
    )
    listing.add_argument("company", help="its address, such as kranich")
    listing.add_argument("--add", metavar="LINE", help="as `ledger witness` says it there")
    listing.add_argument("--end", metavar="NAME", help="it no longer counts; what it signed stays")
    changing = _add(
        ledgers, "change-key", "checking:change_ledger_key", "sign with a new key; the old one stays listed"
    )
    changing.add_argument("company", help="its address, such as kranich")
    anew = _add(
        ledgers,
        "begin-again",
        "checking:begin_ledger_again",
        "where what was signed is lost for good: go on under a new name and with a new key, for all to see",
    )
    anew.add_argument("company", help="its address, such as kranich")
    for command in (anew, watching, listing, changing):
        command.add_argument("--data", help="folder of the embedded database (.data)")


def _add_trying(commands: Commands) -> None:
    themes = _add(commands, "themes", None, "try out the reading of answers").add_subparsers(required=True)
    trying = _add(
        themes, "try", "theming:themes", "theme the answers of a file (columns id, text), without a database"
    )
    trying.add_argument("file", type=Path, help="CSV or JSON Lines")
    trying.add_argument("--out", type=Path, help="write one JSON line an answer: id, label, excerpts")
    trying.add_argument("--whole", action="store_true", help="take each answer as one excerpt")
    trying.add_argument(
        "--codebook", type=Path, help="place by these themes: JSON Lines with name, definition and examples"
    )
    trying.add_argument("--fast", action="store_true", help="read with the first model alone")
    trying.add_argument("--encoding", default="", help="such as utf-8 or cp1252; found out when not said")

    plain = _add(commands, "plain-speech", None, "what in a text sounds like a press office").add_subparsers(
        required=True, metavar="COMMAND"
    )
    checking = _add(plain, "check", "plainly:check", "remarks on a text, or on each of a JSON Lines file")
    checking.add_argument(
        "file", type=Path, help="text, or JSON Lines of id, lang, text; - reads standard input"
    )
    checking.add_argument(
        "--lang", choices=("de", "en"), default="", help="de where neither this nor a line says"
    )
    checking.add_argument("--json", action="store_true", help="write one JSON line for a text as well")
    checking.add_argument("--company", metavar="SLUG", help="remark on the company's own words as well")
    _add(plain, "train", "plainly:learn", "make the model anew from the labelled texts and the rules")

    measuring = _add(commands, "bench", "trying:bench", "print what a page and an answer cost, in one run")
    measuring.add_argument(
        "what",
        nargs="?",
        choices=(
            "pages",
            "desk",
            "themes",
            "names",
            "close",
            "excerpts",
            "integrity",
            "ledger",
            "plain-speech",
        ),
        default="pages",
        help="desk: its pages with 10,000 excerpts; themes: how good they are, beside BERTopic's core; "
        "names: what suggested themes are called; close: what fans are told that others said; "
        "excerpts: single points; "
        "integrity: how much of a stuffed ballot is caught; ledger: whether any changed byte of it is missed; "
        "plain-speech: how much it finds, and how many honest texts it leaves alone",
    )
    measuring.add_argument(
        "--data", type=Path, default=Path("../shared/data"), help="folder of the labelled answers"
    )
    measuring.add_argument("--fast", action="store_true", help="themes: read with the first model alone")
    measuring.add_argument(
        "--million", action="store_true", help="themes: only group a million vectors, for some minutes"
    )
    measuring.add_argument("--requests", type=int, help="requests a round")
    measuring.add_argument("--rounds", type=int)

    words = _add(commands, "words", None, "the catalogues").add_subparsers(required=True)
    _add(words, "compile", "trying:compile_words", "compile the catalogues whose sources changed")
    _add(
        words,
        "check",
        "trying:check_words",
        "say which keys are missing, never said, or differ between the languages",
    )


def _add(commands: Commands, name: str, command: str | None, help_: str) -> argparse.ArgumentParser:
    """command: `file:function` in terminal/, loaded when it is asked for; None has commands of its own."""
    added = commands.add_parser(name, help=help_, description=help_)
    if command is not None:
        added.set_defaults(command=lambda given: _loaded(command)(given))
    return added


def _loaded(where: str) -> Callable[..., Any]:
    """Most commands need rooms that take seconds to load, and `serve` starts a process for each anyway."""
    file, _, function = where.partition(":")
    command: Callable[..., Any] = getattr(import_module(f"hearback.terminal.{file}"), function)
    return command


if __name__ == "__main__":
    main()
