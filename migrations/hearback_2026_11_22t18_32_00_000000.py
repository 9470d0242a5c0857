"""Notes in other languages, written by hand. Each is of one version of the original and, like that, only ever added."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from hearback.database.schema import only_add, run_ddl

ID = "2026-11-22T18:32:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Translations of notes"

TABLE = """
create table note_translation (
    id uuid primary key,
    company uuid not null references company,
    note uuid not null,
    language varchar(2) not null check (language in ('de', 'en')),
    of_number smallint not null default 1,
    fields jsonb not null default '{}',
    by uuid not null,
    at timestamptz not null default current_timestamp,
    foreign key (company, note) references note (company, id),
    foreign key (company, by) references member (company, id)
);
create index translation_of_note on note_translation (company, note, at);
"""
HISTORY = """
create or replace function erase_from_history(place text, of_company uuid, of_row uuid, parts text[]) returns void
    language plpgsql security definer set search_path = public, pg_temp as $$
begin
    case place
        when 'audit' then
            update audit set before = without_parts_in(before, parts), after = without_parts_in(after, parts)
            where company = of_company and id = of_row;
        when 'theme_event' then
            update theme_event set details = without_parts_in(details, parts)
            where company = of_company and id = of_row;
        when 'note_field' then
            update note_field set words = without_parts(words, parts) where company = of_company and id = of_row;
        when 'revision' then
            update revision set reason = without_parts(reason, parts) where company = of_company and id = of_row;
        when 'dissent' then
            update dissent set why = without_parts(why, parts) where company = of_company and id = of_row;
{MORE}
    end case;
end $$;
"""
TRANSLATION = """
        when 'note_translation' then
            update note_translation set fields = without_parts_in(fields, parts)
            where company = of_company and id = of_row;
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="hearback", description=DESCRIPTION)

    async def make() -> None:
        await run_ddl(TABLE)
        await run_ddl(HISTORY.replace("{MORE}", TRANSLATION))
        await only_add("note_translation")

    async def drop() -> None:
        await run_ddl(HISTORY.replace("{MORE}", ""))
        await run_ddl("drop table note_translation")

    manager.add_raw(make)
    manager.add_raw_backwards(drop)
    return manager
