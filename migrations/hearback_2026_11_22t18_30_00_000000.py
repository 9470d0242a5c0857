"""The same mistake again: a note names the one that admitted it before, and says the how many-th time it is."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from hearback.database.schema import run_ddl

ID = "2026-11-22T18:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Mistakes that repeat"

MORE = """
alter table note
    add column repeats uuid,
    add column nth smallint not null default 1,
    add foreign key (company, repeats) references note (company, id),
    add constraint what_repeats_is_at_least_the_second check ((nth > 1) = (repeats is not null) or state = 'draft');
create index note_that_repeats on note (company, repeats) where repeats is not null;
"""
LESS = """
drop index note_that_repeats;
alter table note drop column repeats, drop column nth;
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
