"""A public reply that is corrected may name another day, and say why in 600 signs; its promise took 300 and broke."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from hearback.database.schema import run_ddl

ID = "2026-11-23T12:41:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Why a day was moved, as long as a correction may say it"

MORE = "alter table promise alter column why type varchar(600)"
LESS = "alter table promise alter column why type varchar(300) using left(why, 300)"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="hearback", description=DESCRIPTION)

    async def make() -> None:
        await run_ddl(MORE)

    async def drop() -> None:
        await run_ddl(LESS)

    manager.add_raw(make)
    manager.add_raw_backwards(drop)
    return manager
