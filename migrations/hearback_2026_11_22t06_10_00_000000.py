"""Finding what people said by its words, and the views that members keep of it.

What is searched stands in an index over the answers themselves, never in a column or table of its own: it is always
right, and an erased answer leaves no word behind. Nothing but PostgreSQL's own dictionaries is needed.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from hearback.database.schema import run_ddl

ID = "2026-11-22T06:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Searching answers, and saved views"

# folded: Straße = Strasse, Müll = Muell = Mull. „ue“ after a, e or q is no ü (bauen, neue, Quelle).
# stems: German ones of the folded words and English ones of the plain words, for answers come in both.
# near_keys: a stem and what is left of it without one of its letters, but for the first. Two stems that share a key
#   differ by one slip: a letter too many, missing, another, or two in turn. (The symmetric delete of SymSpell.)
# searchable: all of that of one answer, and its company, so that the index is entered by the company too.
# Bodies are bound when they are made: what a restore's search path is cannot change what the index holds.
FUNCTIONS = """
create function folded(words text) returns text language sql immutable strict parallel safe
return regexp_replace(regexp_replace(regexp_replace(
    replace(replace(replace(replace(lower(words), 'ß', 'ss'), 'ä', 'a'), 'ö', 'o'), 'ü', 'u'),
    '(?<![aeq])ue', 'u', 'g'), 'ae', 'a', 'g'), 'oe', 'o', 'g');

create function german_stems(words text) returns tsvector language sql immutable strict parallel safe
return to_tsvector('pg_catalog.german'::regconfig, folded(words));

create function stems(words text) returns tsvector language sql immutable strict parallel safe
return german_stems(words) || to_tsvector('pg_catalog.english'::regconfig, words);

create function near_keys(stems tsvector) returns text[] language sql immutable strict parallel safe
return array(
    select distinct '~' || overlay(left(stem, 12) placing '' from cut for 1)
    from unnest(tsvector_to_array(stems)) as stem cross join generate_series(2, least(length(stem), 12) + 1) as cut
    where length(stem) >= 4);

create function searchable(company uuid, words text) returns tsvector language sql immutable strict parallel safe
return stems(words) || array_to_tsvector(array_append(near_keys(german_stems(words)), '=' || company::text));

create index answer_words on answer using gin (searchable(company, words)) where words <> '';
create index response_newest on response (company, day desc, id desc);
"""

TABLES = """
create table saved_view (
    id uuid primary key,
    company uuid not null references company,
    member uuid not null,
    name varchar(60) not null,
    query text not null,
    for_all boolean not null default false,
    created_at timestamptz not null default current_timestamp,
    unique (company, id),
    foreign key (company, member) references member (company, id)
);
create unique index saved_view_name on saved_view (company, member, lower(name));
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="hearback", description=DESCRIPTION)

    async def make() -> None:
        await run_ddl(FUNCTIONS + TABLES)

    async def drop() -> None:
        await run_ddl("drop table saved_view; drop index answer_words; drop index response_newest")
        await run_ddl("drop function searchable, near_keys, stems, german_stems, folded")

    manager.add_raw(make)
    manager.add_raw_backwards(drop)
    return manager
