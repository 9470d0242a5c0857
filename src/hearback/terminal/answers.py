"""`import`: answers from a file."""

import argparse
import asyncio
import sys
from pathlib import Path

from hearback.clock import now
from hearback.database.engine import connected, use_database
from hearback.listening.commands import Imported, import_sheet
from hearback.listening.reading import Sheet, read_sheet
from hearback.listening.rules import MOST_BYTES, Format
from hearback.people.queries import company_by_slug
from hearback.refusals import NotFound, Refused
from hearback.terminal.at_hand import database
from hearback.terminal.given import settings_of
from hearback.terminal.saying import terminal_words
from hearback.words.speaking import Words


def import_file(given: argparse.Namespace) -> None:
    kind = Format(given.format) if given.format else _format_of(given.file)
    sheet = read_sheet(_content(given.file), kind, given.encoding)
    named = dict(_meaning_and_column(pair) for pair in given.column)
    with database(settings_of(given)) as urls:
        use_database(urls.app)
        imported, words = asyncio.run(_bring_in(given.company, given.question, sheet, named, given.file.name))
    if imported.new:
        print(words.say("import.done", n=imported.new, rows=imported.rows))
    else:
        print(words.say("import.all-known", rows=imported.rows))
    if imported.empty:
        print(words.say("import.empty-rows", n=imported.empty))
    if imported.unused:
        print(words.say("import.unused-columns", columns=" | ".join(imported.unused)[:500]))


async def _bring_in(
    company_slug: str, question_slug: str, sheet: Sheet, named: dict[str, str], file_name: str
) -> tuple[Imported, Words]:
    async with connected():
        try:
            company = await company_by_slug(company_slug)
        except NotFound as missing:
            raise Refused("import.no-such-company", slug=company_slug) from missing
        try:
            imported = await import_sheet(
                company.id, question_slug, sheet, named=named, file_name=file_name, by=None, now=now()
            )
        except NotFound as missing:
            raise Refused("import.no-such-question", slug=question_slug) from missing
        return imported, terminal_words(company.address)


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
