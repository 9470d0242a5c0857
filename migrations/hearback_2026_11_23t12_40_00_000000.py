"""When words were taken out of a note is told by the ledger alone; three queries read it there, in the same words.

The view says it once: an entry for each time that words were taken out of a version or a translation.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from hearback.database.schema import run_ddl

ID = "2026-11-23T12:40:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "When words were taken out of a note"

VIEW = """
create view note_erasure as
    select v.company, v.note, (convert_from(l.entry, 'UTF8')::json ->> 'at')::timestamptz as at
    from (select company, note, id from revision union all select company, note, id from note_translation) v
    join ledger_leaf l on l.company = v.company and l.subject = v.id and l.kind = 'note.field-erased';
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="hearback", description=DESCRIPTION)

    async def make() -> None:
        await run_ddl(VIEW)

    async def drop() -> None:
        await run_ddl("drop view note_erasure")

    manager.add_raw(make)
    manager.add_raw_backwards(drop)
    return manager
