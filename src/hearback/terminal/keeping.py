"""`backup`, `restore`, `doctor`: that nothing is lost, and that all is as it must be."""

import argparse
import asyncio
import sys
from pathlib import Path
from uuid import UUID

import msgspec

from hearback import forgetting  # noqa: F401  (registers what each room erases)
from hearback.clock import now
from hearback.database import backup
from hearback.database.embedded import EmbeddedPostgres
from hearback.database.engine import connected, use_database
from hearback.doctor import examine
from hearback.notifying.restoring import make_up_for, who_follows
from hearback.receipts.taken_back import TakenBack, take_back_again, taken_back
from hearback.refusals import Stopped
from hearback.settings import data_folder
from hearback.terminal.at_hand import database, migrate_quietly
from hearback.terminal.given import settings_of


def back_up(given: argparse.Namespace) -> None:
    with database(settings_of(given)) as urls:
        size = backup.back_up(urls.owner, given.file)
    print(f"The whole database is in {given.file} ({size / 1_000_000:.1f} MB). The secret key is not in it.")


def list_taken_back(given: argparse.Namespace) -> None:
    """One JSON line an answer, into a file that is kept apart from the database and its backups."""
    with database(settings_of(given)) as urls:
        taken = asyncio.run(taken_back(urls.owner))
    given.file.write_bytes(b"".join(msgspec.json.encode(one) + b"\n" for one in taken))
    print(
        f"{len(taken)} answers that fans erased, withdrew, or no longer let us quote are listed in {given.file}."
    )


def restore(given: argparse.Namespace) -> None:
    """What fans took back since the backup is taken back again: by what the database knew, and by the list."""
    settings = settings_of(given)
    listed = _listed(given.taken_back)
    server = None if settings.database_url else EmbeddedPostgres(data_folder(settings))
    owner = settings.database_owner_url or settings.database_url
    if server:
        server.start()  # not at_hand(): who serves this folder would lose what they just kept
        owner = server.owner_url
    try:
        taken, following = asyncio.run(taken_back(owner)) + listed, asyncio.run(who_follows(owner))
        asyncio.run(backup.restore(owner, given.file, replace=given.replace))
        migrate_quietly(owner)  # the backup may be older than we are
        use_database(server.app_url if server else settings.database_url)
        again = asyncio.run(_take_back_again(taken, following))
    finally:
        if server:
            server.stop()
    print(f"The database is as it was in {given.file}.")
    if again:
        print(
            f"{again} answers that their fans had erased, withdrawn or no longer let us quote are so again."
        )


def _listed(file: Path | None) -> list[TakenBack]:
    if file is None:
        return []
    try:
        return [msgspec.json.decode(line, type=TakenBack) for line in file.read_bytes().splitlines()]
    except (OSError, msgspec.DecodeError) as error:
        raise Stopped(f"{file} cannot be read as a list of what fans took back: {error}") from error


async def _take_back_again(taken: list[TakenBack], following: list[UUID] | None) -> int:
    async with connected():
        await make_up_for(following)
        return await take_back_again(taken, now=now())


def doctor(given: argparse.Namespace) -> None:
    wrong = 0
    for finding in examine(settings_of(given), now()):
        print(f"{'fine ' if finding.fine else 'WRONG'}  {finding.what}")
        if not finding.fine:
            wrong += 1
            print(f"       {finding.do}")
    if wrong:
        sys.exit(1)
