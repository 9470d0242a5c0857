"""A follow ends where nobody is any more, or by its own address; what was taken back before it came is not heard."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from hearback.database.schema import run_ddl

ID = "2026-11-23T16:40:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Follows that end, and what was taken back before it came"

MORE = """
alter table fedi_follower
    add column follow_mark varchar(64) not null default '',
    add column failing_since timestamptz;
create table fedi_taken_back (
    id uuid primary key,
    company uuid not null references company,
    object_key bytea not null,
    actor_key bytea not null,
    "on" date not null default current_date,
    unique (company, id),
    unique (company, object_key, actor_key)
);
create index fedi_taken_back_on on fedi_taken_back ("on");
"""

LESS = """
drop table fedi_taken_back;
alter table fedi_follower drop column follow_mark, drop column failing_since;
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
