"""What a note is about stays as it was when it went out: no theme, action, question or quote of a public note is taken
away or exchanged in silence. A quote becomes a gap when its fan takes the words back, and says so."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from hearback.database.schema import run_ddl

ID = "2026-11-22T22:11:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "What a public note is about stays"

MORE = """
create function what_a_public_note_is_about_stays() returns trigger language plpgsql as $$
begin
    if not exists (select from note where company = old.company and id = old.note and state <> 'draft') then
        return case when tg_op = 'DELETE' then old else new end;
    end if;
    if tg_op = 'UPDATE' and to_jsonb(new) - '{excerpt,gone}'::text[] = to_jsonb(old) - '{excerpt,gone}'::text[]
       and coalesce(to_jsonb(new) ->> 'excerpt', to_jsonb(old) ->> 'excerpt', '')
           = coalesce(to_jsonb(old) ->> 'excerpt', '') then
        return new;
    end if;
    raise exception 'what a public note is about never changes' using errcode = 'restrict_violation';
end $$;
create trigger it_stays before update or delete on note_theme
    for each row execute function what_a_public_note_is_about_stays();
create trigger it_stays before update or delete on note_action
    for each row execute function what_a_public_note_is_about_stays();
create trigger it_stays before update or delete on note_question
    for each row execute function what_a_public_note_is_about_stays();
create trigger it_stays before update or delete on note_quote
    for each row execute function what_a_public_note_is_about_stays();
"""
LESS = """
drop trigger it_stays on note_quote;
drop trigger it_stays on note_question;
drop trigger it_stays on note_action;
drop trigger it_stays on note_theme;
drop function what_a_public_note_is_about_stays();
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
