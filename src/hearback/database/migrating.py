"""Bring a database to the schema of this version; safe when several processes start at once."""

import os

import asyncpg
from pgqueuer import Queries
from pgqueuer.db import AsyncpgDriver
from piccolo.apps.migrations.commands.forwards import run_forwards

from hearback.database.engine import connection_config, use_database
from hearback.database.roles import have_app_role
from hearback.refusals import Stopped
from hearback.settings import folder

LOCK = 7304150


class MigrationFailed(Stopped):
    """The schema is as it was before the migration that failed."""


async def migrate(owner_url: str) -> None:
    """Run what is missing, as the owner; the caller points the engine back at the app's address."""
    os.environ["PICCOLO_CONF"] = "hearback.piccolo_conf"
    use_database(owner_url, role=None)
    guard = await asyncpg.connect(**connection_config(owner_url, role=None))
    try:
        await guard.execute("select pg_advisory_lock($1)", LOCK)
        await have_app_role(guard)
        result = await run_forwards(app_name="hearback")
        if not result.success:
            raise MigrationFailed(result.message)
        await _install_queue(guard)
    finally:
        await guard.close()


async def at_head(connection: asyncpg.Connection | asyncpg.Pool) -> bool:
    """Does the database have the newest migration of this version?"""
    newest = max(path.stem for path in folder("migrations").glob("hearback_*.py"))
    ran = await connection.fetchval("select max(name) from migration where app_name = 'hearback'")
    return bool(ran) and newest.endswith(_file_ending(ran))


def _file_ending(migration_id: str) -> str:
    """`2026-11-22T01:50:00:000000` is kept in a file named `…_2026_11_22t01_50_00_000000.py`."""
    return migration_id.lower().replace("-", "_").replace(":", "_")


async def _install_queue(connection: asyncpg.Connection) -> None:
    queue = Queries(AsyncpgDriver(connection))
    if await connection.fetchval("select to_regclass('pgqueuer')") is None:
        await queue.install()
    else:
        await queue.upgrade()
