"""Members reply to an answer or a theme, fans say how they took it and talk on, and leadership signs a mandate.

A reply that went out is covered by a mandate's topic or was signed off by somebody else, and names what comes next
and who has it: the database keeps that too.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from hearback.database.schema import only_add, run_ddl

ID = "2026-11-22T15:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Replies and mandate"

MORE = """
create table mandate (
    id uuid primary key,
    company uuid not null references company,
    number smallint not null default 0,
    state varchar(8) not null check (state in ('signed', 'revoked')),
    language varchar(2) not null default 'de' check (language in ('de', 'en')),
    words text not null default '',
    topics varchar(120)[] not null default '{}',
    why text not null default '',
    by uuid not null,
    at timestamptz not null default current_timestamp,
    unique (company, id),
    unique (company, number),
    foreign key (company, by) references member (company, id),
    constraint what_is_signed_says_what check (state = 'revoked' or words <> '' and topics <> '{}'),
    constraint who_revokes_says_why check (state = 'signed' or why <> '')
);

create table reply (
    id uuid primary key,
    company uuid not null references company,
    response uuid,
    theme uuid,
    state varchar(8) not null default 'draft' check (state in ('draft', 'waiting', 'sent')),
    writer uuid not null,
    language varchar(2) not null default 'de' check (language in ('de', 'en')),
    feeling text not null default '',
    fact text not null default '',
    step varchar(4) not null default 'does' check (step in ('does', 'asks')),
    next_step text not null default '',
    next_owner uuid,
    next_by date,
    version smallint not null default 1,
    mandate uuid,
    topic smallint,
    signed_by uuid,
    corrects uuid,
    why text not null default '',
    returned_why text not null default '',
    promise uuid,
    saved_at timestamptz not null default current_timestamp,
    sent_at timestamptz,
    words_gone_on date,
    unique (company, id),
    foreign key (company, response) references response (company, id) on delete cascade,
    foreign key (company, theme) references theme (company, id),
    foreign key (company, writer) references member (company, id),
    foreign key (company, next_owner) references member (company, id),
    foreign key (company, mandate) references mandate (company, id),
    foreign key (company, signed_by) references member (company, id),
    foreign key (company, corrects) references reply (company, id) on delete cascade,
    foreign key (company, promise) references promise (company, id),
    constraint it_is_to_somebody check ((response is null) <> (theme is null)),
    constraint what_is_sent_has_a_moment check ((state = 'sent') = (sent_at is not null)),
    constraint what_is_sent_is_covered_or_signed_off check (
        state <> 'sent' or (mandate is not null and topic is not null) or signed_by is not null),
    constraint nobody_signs_off_their_own check (signed_by is null or signed_by <> writer),
    constraint a_correction_has_a_reason check (state = 'draft' or corrects is null or why <> ''),
    constraint none_ends_without_next_step check (
        state = 'draft' or words_gone_on is not null
        or next_step <> '' and next_owner is not null and (step = 'asks' or next_by is not null))
);
create unique index reply_one_open_of_response on reply (company, response) where state <> 'sent';
create unique index reply_one_open_of_theme on reply (company, theme) where state <> 'sent';
create index reply_of_response on reply (company, response) where response is not null;
create index reply_of_theme on reply (company, theme) where theme is not null;
create index reply_sent on reply (company, sent_at desc) where state = 'sent';

create table reply_cosign (
    id uuid primary key,
    company uuid not null references company,
    reply uuid not null,
    member uuid not null,
    at timestamptz not null default current_timestamp,
    unique (company, reply, member),
    foreign key (company, reply) references reply (company, id) on delete cascade,
    foreign key (company, member) references member (company, id)
);

create table reply_voice (
    id uuid primary key,
    company uuid not null references company,
    reply uuid not null,
    response uuid not null,
    heard varchar(6) not null default '' check (heard in ('', 'yes', 'partly', 'no')),
    answered varchar(6) not null default '' check (answered in ('', 'yes', 'partly', 'no')),
    "on" date not null default current_date,
    unique (company, reply, response),
    foreign key (company, reply) references reply (company, id) on delete cascade,
    foreign key (company, response) references response (company, id) on delete cascade
);
create index reply_voice_of_response on reply_voice (company, response);

create table word_back (
    id uuid primary key,
    company uuid not null references company,
    reply uuid not null,
    response uuid not null,
    nth smallint not null,
    words text not null,
    "on" date not null default current_date,
    settled_by uuid,
    settled_on date,
    unique (company, reply, response, nth),
    foreign key (company, reply) references reply (company, id) on delete cascade,
    foreign key (company, response) references response (company, id) on delete cascade,
    foreign key (company, settled_by) references member (company, id),
    constraint there_is_an_end check (nth between 1 and 5)
);
create index word_back_of_response on word_back (company, response);
create index word_back_waiting on word_back (company, "on") where settled_on is null;

alter table promise drop constraint promise_kind_check, add constraint promise_kind_check
    check (kind in ('reply', 'repair', 'look_again', 'next_word', 'step'));
"""
LESS = """
drop table word_back, reply_voice, reply_cosign, reply, mandate;
update promise set kind = 'next_word' where kind = 'step';
alter table promise drop constraint promise_kind_check, add constraint promise_kind_check
    check (kind in ('reply', 'repair', 'look_again', 'next_word'));
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="hearback", description=DESCRIPTION)

    async def make() -> None:
        await run_ddl(MORE)
        await only_add("mandate")

    async def drop() -> None:
        await run_ddl(LESS)

    manager.add_raw(make)
    manager.add_raw_backwards(drop)
    return manager
