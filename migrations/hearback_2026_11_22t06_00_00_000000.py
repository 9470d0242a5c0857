"""Themes are read by name, definition and examples: what a run found, what to ask people next, and codebook entries."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from hearback.database.schema import run_ddl

ID = "2026-11-22T06:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Themes that are read by definition"

TABLES = """
alter table theme add column entry varchar(60) not null default '';

alter table grouping_run
    drop column centre,
    drop column least,
    add column figures jsonb not null default '{}',
    add column cause varchar(20) not null default 'grown',
    add column started_by uuid,
    add foreign key (company, started_by) references member (company, id);

create table ask (
    id uuid primary key,
    company uuid not null references company,
    theme uuid,
    excerpts uuid[] not null,
    worth real not null,
    unique (company, id),
    foreign key (company, theme) references theme (company, id)
);
create index ask_of_theme on ask (company, theme);
"""

BACK = """
drop table ask;
alter table grouping_run
    drop column figures, drop column cause, drop column started_by,
    add column centre bytea not null default '',
    add column least real not null default 0;
alter table theme drop column entry;
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="hearback", description=DESCRIPTION)

    async def make() -> None:
        await run_ddl(TABLES)

    async def drop() -> None:
        await run_ddl(BACK)

    manager.add_raw(make)
    manager.add_raw_backwards(drop)
    return manager
