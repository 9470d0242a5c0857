"""What a note is about is chosen while it is a draft. Nothing is added to a public note in silence either: whoever links
a theme, an action, a question or a quote to it afterwards is refused, also while it is just going out."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from hearback.database.schema import run_ddl

ID = "2026-11-23T02:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Nothing is added to what a public note is about"

MORE = """
create function only_a_draft_is_linked() returns trigger language plpgsql as $$
declare
    stands text;
begin
    select state into stands from note where company = new.company and id = new.note for share;
    if stands <> 'draft' then
        raise exception 'what a public note is about never changes' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger only_a_draft before insert on note_theme for each row execute function only_a_draft_is_linked();
create trigger only_a_draft before insert on note_action for each row execute function only_a_draft_is_linked();
create trigger only_a_draft before insert on note_question for each row execute function only_a_draft_is_linked();
create trigger only_a_draft before insert on note_quote for each row execute function only_a_draft_is_linked();
"""
LESS = """
drop trigger only_a_draft on note_quote;
drop trigger only_a_draft on note_question;
drop trigger only_a_draft on note_action;
drop trigger only_a_draft on note_theme;
drop function only_a_draft_is_linked();
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
