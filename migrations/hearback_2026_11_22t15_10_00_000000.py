"""Moderation as hospitality: what is covered and why, the company's rules, another look, whom one trusts, and what
somebody else should take.

Covered words: `answer.words` is what everybody reads, with bars of the same length where something is covered;
`answer.own_words` keeps what the fan wrote, only where that differs.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from hearback.database.schema import run_ddl

ID = "2026-11-22T15:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Moderation as hospitality"

MORE = """
alter table answer add column own_words text,
    add constraint what_is_covered_keeps_its_length check (length(own_words) = length(words));
alter table response add column rule smallint;

create table house_rule (
    id uuid primary key,
    company uuid not null references company,
    number smallint not null check (number > 0),
    de text not null default '',
    en text not null default '',
    gone_on date,
    unique (company, id),
    unique (company, number)
);

create table cover (
    id uuid primary key,
    company uuid not null references company,
    response uuid not null,
    answer uuid not null,
    starts integer not null,
    ends integer not null,
    heard_as varchar(20) not null,
    rule smallint not null,
    reason text not null default '',
    by uuid,
    at timestamptz not null default current_timestamp,
    unique (company, id),
    foreign key (company, response) references response (company, id) on delete cascade,
    foreign key (company, answer) references answer (company, id) on delete cascade,
    foreign key (company, by) references member (company, id) on delete restrict,
    constraint covers_something check (starts >= 0 and ends > starts)
);
create index cover_of_response on cover (company, response);
create index cover_of_answer on cover (company, answer);

create table second_look (
    id uuid primary key,
    company uuid not null references company,
    response uuid not null,
    about varchar(10) not null check (about in ('set_aside', 'covered')),
    words text not null default '',
    asked_on date not null default current_date,
    by uuid,
    at timestamptz,
    outcome varchar(10) not null default '' check (outcome in ('', 'restored', 'kept')),
    answer text not null default '',
    unique (company, id),
    foreign key (company, response) references response (company, id) on delete cascade,
    foreign key (company, by) references member (company, id) on delete restrict,
    constraint who_decides_says_why check ((outcome = '') = (by is null) and (outcome = '') = (answer = ''))
);
create unique index second_look_once on second_look (company, response) where outcome <> 'restored';
create index second_look_of_response on second_look (company, response);

create table moderated (
    id uuid primary key,
    company uuid not null references company,
    response uuid not null,
    heard_as varchar(20) not null default '',
    waits boolean not null default false,
    handed_over_by uuid,
    words text not null default '',
    unique (company, id),
    unique (company, response),
    foreign key (company, response) references response (company, id) on delete cascade,
    foreign key (company, handed_over_by) references member (company, id) on delete restrict
);

create table trusted (
    id uuid primary key,
    company uuid not null references company,
    question uuid not null,
    response uuid not null,
    by uuid,
    at timestamptz not null default current_timestamp,
    unique (company, id),
    unique (company, response),
    foreign key (company, question) references question (company, id) on delete cascade,
    foreign key (company, response) references response (company, id) on delete cascade,
    foreign key (company, by) references member (company, id) on delete restrict
);
create index trusted_of_question on trusted (company, question);
"""
LESS = """
drop table trusted, moderated, second_look, cover, house_rule;
update answer set words = own_words where own_words is not null;
alter table answer drop constraint what_is_covered_keeps_its_length, drop column own_words;
alter table response drop column rule;
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
