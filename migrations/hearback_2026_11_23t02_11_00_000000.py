"""What was said in public does not change in silence: a reply that is out tells on which day words were taken out of it,
and a theme when its name, or the sentence why it weighs, last became another. The database keeps the day, whoever
changes the words; by the clock of the company's place."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from hearback.database.schema import run_ddl

ID = "2026-11-23T02:11:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "What was said in public tells when it changed"

MORE = """
alter table reply add column gaps_on date;
alter table theme add column reworded_on date;

create function day_at(company_id uuid) returns date stable language sql as $$
    select (now() at time zone timezone)::date from company where id = company_id
$$;

create function a_reply_tells_its_gaps() returns trigger language plpgsql as $$
begin
    if (new.feeling, new.fact, new.next_step, new.why) <> (old.feeling, old.fact, old.next_step, old.why)
       and new.words_gone_on is null then
        new.gaps_on := day_at(new.company);
    end if;
    return new;
end $$;
create trigger it_tells_its_gaps before update on reply
    for each row when (old.state = 'sent') execute function a_reply_tells_its_gaps();

create function a_theme_tells_its_new_words() returns trigger language plpgsql as $$
begin
    new.reworded_on := day_at(new.company);
    return new;
end $$;
create trigger it_tells_its_new_words before update on theme
    for each row when (old.state = 'named' and old.name <> new.name
                       or old.weight_reason <> '' and old.weight_reason <> new.weight_reason)
    execute function a_theme_tells_its_new_words();
"""
LESS = """
drop trigger it_tells_its_new_words on theme;
drop function a_theme_tells_its_new_words();
drop trigger it_tells_its_gaps on reply;
drop function a_reply_tells_its_gaps();
drop function day_at(uuid);
alter table theme drop column reworded_on;
alter table reply drop column gaps_on;
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
