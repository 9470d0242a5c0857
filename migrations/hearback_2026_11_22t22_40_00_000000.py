"""Finding notes by their words. As with answers (06:10), what is searched stands in an index over the words themselves,
never beside them: it is right in the transaction in which a note goes out, and an erased field leaves no word behind."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from hearback.database.schema import run_ddl

ID = "2026-11-22T22:40:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Searching the log"

# searchable_fields: the words of a translation, all its fields together; their names are no words.
MORE = """
create function searchable_fields(company uuid, fields jsonb) returns tsvector
language sql immutable strict parallel safe
return searchable(company, coalesce((select string_agg(value, ' ') from jsonb_each_text(fields)), ''));

create index note_words on note_field using gin (searchable(company, words)) where words <> '';
create index translation_words on note_translation using gin (searchable_fields(company, fields));
"""
LESS = """
drop index note_words, translation_words;
drop function searchable_fields;
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
