"""What does not belong to a theme, its terms in each language, and a company's own copy of the codebook."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from hearback.database.schema import run_ddl

ID = "2026-11-22T08:40:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "The codebook becomes the company's own"

TABLES = """
alter table theme
    add column excludes text not null default '',
    add column terms_in jsonb not null default '{}';

create function theme_called(name text, terms varchar[], terms_in jsonb, reader text) returns text
    language sql stable parallel safe
    return coalesce(
        nullif(name, ''),
        (select string_agg(term, ', ' order by nth)
         from jsonb_array_elements_text(terms_in->reader) with ordinality as of (term, nth)),
        array_to_string(terms, ', '));

create table codebook_entry (
    id uuid primary key,
    company uuid not null references company,
    slug varchar(60) not null check (slug <> ''),
    used boolean not null default true,
    weight boolean not null default false,
    de varchar(60) not null default '',
    en varchar(60) not null default '',
    definition_de text not null default '',
    definition_en text not null default '',
    examples_de text[] not null default '{}',
    examples_en text[] not null default '{}',
    version uuid not null,
    member uuid not null,
    at timestamptz not null default current_timestamp,
    unique (company, slug),
    foreign key (company, member) references member (company, id),
    constraint an_entry_has_a_name check (de <> '' or en <> '')
);

create index theme_event_not_weighty on theme_event (company) where deed = 'not_weighty';
create view light_excerpt as
    select v.company, x.excerpt::uuid as excerpt
    from theme_event v cross join jsonb_array_elements_text(v.details->'excerpts') as x (excerpt)
    where v.deed = 'not_weighty' and not v.details ? 'undoes'
      and not exists (select from theme_event u where u.company = v.company and u.theme = v.theme
                      and u.details->>'undoes' = v.id::text);
create index audit_of_subject on audit (company, subject, at desc);
"""
GONE = """
drop index audit_of_subject;
drop view light_excerpt;
drop index theme_event_not_weighty;
drop table codebook_entry;
drop function theme_called;
alter table theme drop column excludes, drop column terms_in;
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="hearback", description=DESCRIPTION)

    async def make() -> None:
        await run_ddl(TABLES)

    async def drop() -> None:
        await run_ddl(GONE)

    manager.add_raw(make)
    manager.add_raw_backwards(drop)
    return manager
