"""Whom to tell of a barrier, and who watches over it: the part of the accessibility statement that a company writes."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from hearback.database.schema import run_ddl

ID = "2026-11-22T15:55:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Accessibility statement"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="hearback", description=DESCRIPTION)

    async def make() -> None:
        await run_ddl("alter table company add column accessibility text not null default ''")

    async def drop() -> None:
        await run_ddl("alter table company drop column accessibility")

    manager.add_raw(make)
    manager.add_raw_backwards(drop)
    return manager
