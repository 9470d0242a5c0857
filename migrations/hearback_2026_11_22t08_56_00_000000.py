"""A promise knows the language it was written in, and says why its day was moved.

Its words stand on pages of every language, so a page has to be able to say which one they are in. Promises that
are there spoke the language of their note or question. Days that were moved before have no reason, and get none.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from hearback.database.schema import run_ddl

ID = "2026-11-22T08:56:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "The language of a promise, and why its day was moved"

COLUMNS = """
alter table promise
    add column language varchar(2) not null default 'de',
    add column why varchar(300) not null default '';
update promise p set language = coalesce(
    (select n.language from note n where n.company = p.company and n.id = p.note),
    (select q.language from question q where q.company = p.company and q.id = p.question),
    (select c.languages[1] from company c where c.id = p.company));
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="hearback", description=DESCRIPTION)

    async def make() -> None:
        await run_ddl(COLUMNS)

    async def drop() -> None:
        await run_ddl("alter table promise drop column language, drop column why")

    manager.add_raw(make)
    manager.add_raw_backwards(drop)
    return manager
