"""A fan's rights: words that are erased everywhere, corrected, kept only so long, and the consent to quote them.

A quote that is gone leaves its place beside the note, and an excerpt outlives the words that it was cut from where
only its voice is still counted. History may lose a person's words, and nothing else: the one function that takes
them out can only put a gap in their place.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from hearback.database.schema import run_ddl

ID = "2026-11-22T12:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "A fan's rights over an answer"

COLUMNS = """
alter table question add column keep_months smallint not null default 12
    constraint words_are_kept_for_a_while check (keep_months between 1 and 120);

alter table response
    add column consent varchar(20) not null default '',
    add column consent_on date,
    add column corrected_on date,
    add column ended_on date,
    add column words_gone_on date;

create table words_before (
    id uuid primary key,
    company uuid not null references company,
    response uuid not null,
    prompt uuid not null,
    salt bytea not null,
    hash bytea not null,
    "on" date not null default current_date,
    foreign key (company, response) references response (company, id) on delete cascade,
    foreign key (company, prompt) references prompt (company, id) on delete cascade
);
create index words_before_of_response on words_before (company, response);

alter table excerpt alter column answer drop not null;

alter table note_quote
    alter column excerpt drop not null,
    add column gone varchar(10) not null default '' check (gone in ('', 'erased', 'corrected', 'expired')),
    drop constraint note_quote_company_excerpt_fkey,
    add foreign key (company, excerpt) references excerpt (company, id) on delete set null (excerpt);
create index note_quote_of_excerpt on note_quote (company, excerpt);
"""
FUNCTIONS = """
create function without_parts(words text, parts text[]) returns text language plpgsql immutable parallel safe as $$
declare part text;
begin
    foreach part in array parts loop
        words := replace(words, part, '[…]');
    end loop;
    return words;
end $$;

create function without_parts_in(details jsonb, parts text[]) returns jsonb language plpgsql immutable parallel safe as $$
begin
    return without_parts(details::text, array(
        select substr(to_json(part)::text, 2, length(to_json(part)::text) - 2) from unnest(parts) as part))::jsonb;
end $$;

create function erase_from_history(place text, of_company uuid, of_row uuid, parts text[]) returns void
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
    end case;
end $$;
revoke execute on function erase_from_history from public;
grant execute on function erase_from_history to hearback_app;
"""
BACK = """
drop function erase_from_history, without_parts_in, without_parts;
drop index note_quote_of_excerpt;
delete from note_quote where excerpt is null;
alter table note_quote
    drop constraint note_quote_company_excerpt_fkey,
    add foreign key (company, excerpt) references excerpt (company, id) on delete cascade,
    drop column gone,
    alter column excerpt set not null;
delete from excerpt where answer is null;
alter table excerpt alter column answer set not null;
drop table words_before;
alter table response
    drop column consent, drop column consent_on, drop column corrected_on, drop column ended_on,
    drop column words_gone_on;
alter table question drop column keep_months;
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="hearback", description=DESCRIPTION)

    async def make() -> None:
        await run_ddl(COLUMNS)
        await run_ddl(FUNCTIONS)

    async def drop() -> None:
        await run_ddl(BACK)

    manager.add_raw(make)
    manager.add_raw_backwards(drop)
    return manager
