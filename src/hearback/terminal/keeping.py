"""`backup`, `restore`, `doctor`: that nothing is lost, and that all is as it must be."""

import argparse
import asyncio
import sys

from hearback.clock import now
from hearback.database import backup
from hearback.database.embedded import EmbeddedPostgres
from hearback.doctor import examine
from hearback.settings import data_folder
from hearback.terminal.at_hand import database, migrate_quietly
from hearback.terminal.given import settings_of


def back_up(given: argparse.Namespace) -> None:
    with database(settings_of(given)) as urls:
        size = backup.back_up(urls.owner, given.file)
    print(f"The whole database is in {given.file} ({size / 1_000_000:.1f} MB). The secret key is not in it.")


def restore(given: argparse.Namespace) -> None:
    settings = settings_of(given)
    server = None if settings.database_url else EmbeddedPostgres(data_folder(settings))
    owner = settings.database_owner_url or settings.database_url
    if server:
        server.start()  # not at_hand(): who serves this folder would lose what they just kept
        owner = server.owner_url
    try:
        asyncio.run(backup.restore(owner, given.file, replace=given.replace))
        migrate_quietly(owner)  # the backup may be older than we are
    finally:
        if server:
            server.stop()
    print(f"The database is as it was in {given.file}.")


def doctor(given: argparse.Namespace) -> None:
    wrong = 0
    for finding in examine(settings_of(given), now()):
        print(f"{'fine ' if finding.fine else 'WRONG'}  {finding.what}")
        if not finding.fine:
            wrong += 1
            print(f"       {finding.do}")
    if wrong:
        sys.exit(1)
