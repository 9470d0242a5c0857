"""What an answer repeats of what stood in public before it: to be left standing when the answer goes."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from hearback.database.schema import run_ddl

ID = "2026-11-24T04:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Words that were public before an answer repeated them"

MORE = """
create table answer_copy (
    id uuid primary key,
    company uuid not null references company,
    response uuid not null,
    words text not null,
    unique (company, id),
    foreign key (company, response) references response (company, id) on delete cascade
);
create index answer_copy_of_response on answer_copy (company, response);
"""

LESS = "drop table answer_copy;"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="hearback", description=DESCRIPTION)

    async def make() -> None:
        await run_ddl(MORE)

    async def drop() -> None:
        await run_ddl(LESS)

    manager.add_raw(make)
    manager.add_raw_backwards(drop)
    return manager
