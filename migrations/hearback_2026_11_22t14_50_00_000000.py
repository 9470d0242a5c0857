"""Many answers at once look for their copies without reading what the index has not sorted in yet, mark by mark."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from hearback.database.schema import run_ddl

ID = "2026-11-22T14:50:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Marks are found at once"

MORE = """
alter index excerpt_by_marks set (fastupdate = off);
select gin_clean_pending_list('excerpt_by_marks');
"""
LESS = """
alter index excerpt_by_marks reset (fastupdate);
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
