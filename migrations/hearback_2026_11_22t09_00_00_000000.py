"""How the second model reads an excerpt. Empty until the worker has come to it, or where it cannot.

The worker's sweep finds by the index what is still to be read.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from hearback.database.schema import run_ddl

ID = "2026-11-22T09:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "A second reading of an excerpt"

MORE = """
alter table excerpt add column second bytea;
create index excerpt_read_once on excerpt (company) where second is null;
"""
LESS = """
drop index excerpt_read_once;
alter table excerpt drop column second;
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="hearback", description=DESCRIPTION)

    async def make() -> None:
        await run_ddl(MORE)

    async def drop() -> None:
        await run_ddl(LESS)

    manager.add_raw(make)
    manager.add_raw_backwards(drop)
    return manager
