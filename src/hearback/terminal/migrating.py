"""`migrate`: the database as this version needs it."""

import argparse
import asyncio

from hearback.database.migrating import migrate as migrate_database
from hearback.settings import read_settings


def migrate(_given: argparse.Namespace) -> None:
    settings = read_settings()
    asyncio.run(migrate_database(settings.database_owner_url or settings.database_url))
