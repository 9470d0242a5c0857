"""A theme's life among the team: who looks after it, whether it rests, what was asked and said about it.

Remarks, what was passed on and what was shown go with the fan's words or never held any; an objection to a
draft is history, and goes only with the draft itself.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from hearback.database.schema import only_add, run_ddl

ID = "2026-11-22T06:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "A theme's life among the team"

TABLES = """
alter table theme
    add column assigned_to uuid,
    add column resting_since timestamptz,
    add column resting_why text not null default '',
    add column rested_by uuid,
    add column wakes_on date,
    add column wakes_at integer,
    add foreign key (company, assigned_to) references member (company, id),
    add foreign key (company, rested_by) references member (company, id),
    add constraint who_rests_has_a_reason check (resting_since is null or resting_why <> '');

create table theme_question (
    id uuid primary key,
    company uuid not null references company,
    theme uuid not null,
    question uuid not null,
    member uuid not null,
    at timestamptz not null default current_timestamp,
    unique (company, theme, question),
    foreign key (company, theme) references theme (company, id),
    foreign key (company, question) references question (company, id) on delete cascade,
    foreign key (company, member) references member (company, id)
);

create table theme_remark (
    id uuid primary key,
    company uuid not null references company,
    theme uuid not null,
    member uuid not null,
    words text not null check (words <> ''),
    at timestamptz not null default current_timestamp,
    unique (company, id),
    foreign key (company, theme) references theme (company, id),
    foreign key (company, member) references member (company, id)
);
create index theme_remark_of_theme on theme_remark (company, theme, at);

create table mention (
    id uuid primary key,
    company uuid not null references company,
    remark uuid not null,
    member uuid not null,
    read_at timestamptz,
    unique (company, remark, member),
    foreign key (company, remark) references theme_remark (company, id) on delete cascade,
    foreign key (company, member) references member (company, id)
);
create index mention_unread on mention (company, member) where read_at is null;

create table passed_on (
    id uuid primary key,
    company uuid not null references company,
    excerpt uuid not null,
    member uuid not null,
    by uuid not null,
    words text not null default '',
    at timestamptz not null default current_timestamp,
    read_at timestamptz,
    unique (company, excerpt, member),
    foreign key (company, excerpt) references excerpt (company, id) on delete cascade,
    foreign key (company, member) references member (company, id),
    foreign key (company, by) references member (company, id)
);
create index passed_on_unread on passed_on (company, member) where read_at is null;

create table voice_shown (
    id uuid primary key,
    company uuid not null references company,
    excerpt uuid not null,
    member uuid not null,
    "on" date not null default current_date,
    unique (company, member, excerpt),
    foreign key (company, excerpt) references excerpt (company, id) on delete cascade,
    foreign key (company, member) references member (company, id)
);

create table dissent (
    id uuid primary key,
    company uuid not null references company,
    note uuid not null,
    member uuid not null,
    why text not null check (why <> ''),
    at timestamptz not null default current_timestamp,
    foreign key (company, note) references note (company, id) on delete cascade,
    foreign key (company, member) references member (company, id)
);
create index dissent_of_note on dissent (company, note, at);
"""
GONE = """
drop table dissent; drop table voice_shown; drop table passed_on; drop table mention; drop table theme_remark;
drop table theme_question;
alter table theme drop column assigned_to, drop column resting_since, drop column resting_why,
                  drop column rested_by, drop column wakes_on, drop column wakes_at
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="hearback", description=DESCRIPTION)

    async def make() -> None:
        await run_ddl(TABLES)
        await only_add("dissent")

    async def drop() -> None:
        await run_ddl(GONE)

    manager.add_raw(make)
    manager.add_raw_backwards(drop)
    return manager
