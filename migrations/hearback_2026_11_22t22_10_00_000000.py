"""A translation while it is written, of a draft too: what it says, and what the original said when it was written, so
that what changed since shows field by field. What is out in another language stands in note_translation."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from hearback.database.schema import run_ddl

ID = "2026-11-22T22:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Translations in work"

TABLE = """
create table translation_draft (
    id uuid primary key,
    company uuid not null references company,
    note uuid not null,
    language varchar(2) not null check (language in ('de', 'en')),
    fields jsonb not null default '{}',
    original jsonb not null default '{}',
    version smallint not null default 1,
    by uuid not null,
    at timestamptz not null default current_timestamp,
    unique (company, note, language),
    foreign key (company, note) references note (company, id) on delete cascade,
    foreign key (company, by) references member (company, id)
);
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="hearback", description=DESCRIPTION)

    async def make() -> None:
        await run_ddl(TABLE)

    async def drop() -> None:
        await run_ddl("drop table translation_draft")

    manager.add_raw(make)
    manager.add_raw_backwards(drop)
    return manager
