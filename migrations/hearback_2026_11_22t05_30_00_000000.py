"""What is known of an excerpt besides its vector: its language, and whose wording it has.

A campaign's copies share a wording, so that they can be folded and weigh as one. Rows from before have none: the
worker's sweep finds them by that.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from hearback.database.schema import run_ddl

ID = "2026-11-22T05:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "The language and the wording of an excerpt"

# Founders of a wording are found by the marks they share with a new excerpt; only they have many.
MORE = """
alter table excerpt
    add column language varchar(8) not null default '',
    add column wording bigint,
    add column marks bigint[] not null default '{}';
create index excerpt_of_wording on excerpt (company, wording);
create index excerpt_without_wording on excerpt (company) where wording is null;
create index excerpt_by_marks on excerpt using gin (marks) where marks <> '{}';
"""
LESS = """
drop index excerpt_by_marks;
drop index excerpt_without_wording;
drop index excerpt_of_wording;
alter table excerpt drop column marks, drop column wording, drop column language;
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
