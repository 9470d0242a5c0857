"""What a note says in other places, where somebody wrote that by hand; else it is derived from the note."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from hearback.database.schema import run_ddl

ID = "2026-11-22T18:33:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Notes in other channels"

TABLE = """
create table note_channel (
    id uuid primary key,
    company uuid not null references company,
    note uuid not null,
    channel varchar(8) not null check (channel in ('social', 'sign')),
    words text not null default '' check (words <> ''),
    by uuid not null,
    at timestamptz not null default current_timestamp,
    unique (company, note, channel),
    foreign key (company, note) references note (company, id) on delete cascade,
    foreign key (company, by) references member (company, id)
);
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="hearback", description=DESCRIPTION)

    async def make() -> None:
        await run_ddl(TABLE)

    async def drop() -> None:
        await run_ddl("drop table note_channel")

    manager.add_raw(make)
    manager.add_raw_backwards(drop)
    return manager
