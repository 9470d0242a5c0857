"""One person, one voice, without an account: how a question guards its count, and what the program noticed.

What points at a connection (`answer_trace`) are keyed hashes under the salt of a day; salts and traces are gone
two days later at the latest. Links that are good for one answer know only whether they were used, never for what.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from hearback.database.schema import run_ddl

ID = "2026-11-22T12:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "One person, one voice"

MORE = """
alter table question add column level varchar(10) not null default 'open'
    check (level in ('open', 'protected', 'confirmed', 'invited'));

alter table response
    add column flag varchar(20) not null default '' check (flag in (
        '', 'trap', 'too_fast', 'no_proof', 'same_form', 'repeat', 'same_wording', 'same_browser', 'at_once')),
    drop constraint what_is_set_aside_has_a_reason,
    add constraint what_is_set_aside_has_a_reason check (state <> 'set_aside' or reason <> '' or flag <> '');
create index response_flagged on response (company, question, flag) where flag <> '';

create table salt (
    id uuid primary key,
    day date not null unique,
    salt bytea not null,
    made_at timestamptz not null default current_timestamp
);

create table spent_proof (
    id uuid primary key,
    proof bytea not null unique,
    ends_at timestamptz not null default current_timestamp
);
create index spent_proof_ends on spent_proof (ends_at);

create table answer_trace (
    id uuid primary key,
    company uuid not null references company,
    question uuid not null,
    response uuid not null,
    day date not null default current_date,
    browser bytea not null,
    line bytea not null,
    burst bytea not null,
    form bytea not null,
    judged boolean not null default false,
    unique (company, response),
    foreign key (company, question) references question (company, id) on delete cascade,
    foreign key (company, response) references response (company, id) on delete cascade
);
create index answer_trace_of_day on answer_trace (company, question, day);
create index answer_trace_to_judge on answer_trace (company, question) where not judged;

create table answer_wording (
    id uuid primary key,
    company uuid not null references company,
    question uuid not null,
    response uuid not null,
    wording bigint not null,
    marks bigint[] not null default '{}',
    unique (company, response),
    foreign key (company, question) references question (company, id) on delete cascade,
    foreign key (company, response) references response (company, id) on delete cascade
);
create index answer_wording_same on answer_wording (company, question, wording);
create index answer_wording_marks on answer_wording using gin (marks) where marks <> '{}';

create table one_use_link (
    id uuid primary key,
    company uuid not null references company,
    question uuid not null,
    link_hash bytea not null,
    used boolean not null default false,
    unique (company, link_hash),
    foreign key (company, question) references question (company, id) on delete cascade
);
create index one_use_link_of_question on one_use_link (company, question);
"""
LESS = """
drop table one_use_link, answer_wording, answer_trace, spent_proof, salt;
drop index response_flagged;
update response set reason = flag where state = 'set_aside' and reason = '';
alter table response
    drop constraint what_is_set_aside_has_a_reason,
    drop column flag,
    add constraint what_is_set_aside_has_a_reason check (state <> 'set_aside' or reason <> '');
alter table question drop column level;
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
