"""A second pair of eyes before a note goes out, an hour at which it does, and who is writing at it just now.

Which kinds need the second pair is the company's choice: a row is a yes. mandate and topic: it went out at once, because
leadership had signed for that; who co-signs afterwards stands in note_cosign.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from hearback.database.schema import only_add, run_ddl

ID = "2026-11-22T18:31:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Release, schedule and writers of notes"

MORE = """
alter table note
    add column saved_by uuid,
    add column saved_at timestamptz,
    add column asked_at timestamptz,
    add column goes_out_at timestamptz,
    add column goes_out_by uuid,
    add column held_back_at timestamptz,
    add column mandate uuid,
    add column topic smallint,
    add foreign key (company, saved_by) references member (company, id),
    add foreign key (company, goes_out_by) references member (company, id),
    add foreign key (company, mandate) references mandate (company, id),
    add constraint what_goes_out_has_somebody check ((goes_out_at is null) = (goes_out_by is null)),
    add constraint a_topic_is_of_a_mandate check ((mandate is null) = (topic is null));
create index note_that_goes_out on note (goes_out_at) where goes_out_at is not null and state = 'draft';

create table four_eyes (
    id uuid primary key,
    company uuid not null references company,
    kind varchar(12) not null check (kind in ('changed', 'not_changed', 'mistake', 'holding')),
    unique (company, kind)
);

create table note_cosign (
    id uuid primary key,
    company uuid not null references company,
    note uuid not null,
    member uuid not null,
    at timestamptz not null default current_timestamp,
    unique (company, note, member),
    foreign key (company, note) references note (company, id),
    foreign key (company, member) references member (company, id)
);

create table note_writer (
    id uuid primary key,
    company uuid not null references company,
    note uuid not null,
    member uuid not null,
    seen_at timestamptz not null default current_timestamp,
    unique (company, note, member),
    foreign key (company, note) references note (company, id) on delete cascade,
    foreign key (company, member) references member (company, id)
);
"""
LESS = """
drop table note_writer, note_cosign, four_eyes;
drop index note_that_goes_out;
alter table note drop column saved_by, drop column saved_at, drop column asked_at, drop column goes_out_at,
    drop column goes_out_by, drop column held_back_at, drop column mandate, drop column topic;
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="hearback", description=DESCRIPTION)

    async def make() -> None:
        await run_ddl(MORE)
        await only_add("note_cosign")

    async def drop() -> None:
        await run_ddl(LESS)

    manager.add_raw(make)
    manager.add_raw_backwards(drop)
    return manager
