"""`migrate`: the database as this version needs it."""

import argparse
import asyncio

from hearback.database.migrating import migrate as migrate_database
from hearback.refusals import Stopped
from hearback.settings import read_settings


def migrate(_given: argparse.Namespace) -> None:
    settings = read_settings()
    url = settings.database_owner_url or settings.database_url
    if not url:
        raise Stopped(
            "Set DATABASE_URL, or use `hearback serve`, which migrates the database that it brings along."
        )
    asyncio.run(migrate_database(url))
