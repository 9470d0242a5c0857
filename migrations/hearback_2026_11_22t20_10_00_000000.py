"""Words that a company would rather not read in its own texts, each with a better way."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from hearback.database.schema import run_ddl

ID = "2026-11-22T20:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "A company's own words"

TABLE = """
create table own_word (
    id uuid primary key,
    company uuid not null references company,
    words varchar(80) not null check (words <> ''),
    read text not null default '' check (read <> ''),
    better varchar(200) not null check (better <> ''),
    by uuid not null,
    at timestamptz not null default current_timestamp,
    unique (company, id),
    unique (company, read),
    foreign key (company, by) references member (company, id)
);
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="hearback", description=DESCRIPTION)

    async def make() -> None:
        await run_ddl(TABLE)

    async def drop() -> None:
        await run_ddl("drop table own_word")

    manager.add_raw(make)
    manager.add_raw_backwards(drop)
    return manager
