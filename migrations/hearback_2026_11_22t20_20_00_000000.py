"""Anybody can answer any note: the company names the question that takes such answers in where no open one stands behind
the note. An answer knows which note it is about; that says nothing of who gave it."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from hearback.database.schema import run_ddl

ID = "2026-11-22T20:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Answers to notes, from anybody"

MORE = """
create table note_door (
    id uuid primary key,
    company uuid not null unique references company,
    question uuid not null,
    unique (company, id),
    foreign key (company, question) references question (company, id)
);
alter table response
    add column note uuid,
    add foreign key (company, note) references note (company, id);
create index response_to_note on response (company, note) where note is not null;
"""
LESS = """
alter table response drop column note;
drop table note_door;
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
