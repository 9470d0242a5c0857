"""The map of themes: where each drawn excerpt lies, and when the company's map was drawn last.

A spot goes with its excerpt, and so with the fan's answer: what is erased leaves no mark on the map.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from hearback.database.schema import run_ddl

ID = "2026-11-22T05:50:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "A map of themes"

TABLES = """
create table spot (
    id uuid primary key,
    company uuid not null references company,
    excerpt uuid not null,
    x real not null check (x between -1 and 1),
    y real not null check (y between -1 and 1),
    unique (company, excerpt),
    foreign key (company, excerpt) references excerpt (company, id) on delete cascade
);

create table drawing (
    id uuid primary key,
    company uuid not null unique references company,
    excerpts integer not null,
    took_ms integer not null,
    at timestamptz not null default current_timestamp
);
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="hearback", description=DESCRIPTION)

    async def make() -> None:
        await run_ddl(TABLES)

    async def drop() -> None:
        await run_ddl("drop table spot; drop table drawing")

    manager.add_raw(make)
    manager.add_raw_backwards(drop)
    return manager
