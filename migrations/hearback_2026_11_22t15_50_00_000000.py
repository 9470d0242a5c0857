"""A mailbox that confirms an answer. Its address stands beside the answer, sealed, only until the mail is on its way;
its keyed hash only until the answer is confirmed or has waited a week. What stays is that some mailbox has confirmed
an answer to this question: not which answer, not when.

Mails that come in: what people write back, to be read by whoever signed; of bounces, complaints and automatic replies
only that they came. The key makes each mail one row, however often it is fetched.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from hearback.database.schema import run_ddl

ID = "2026-11-22T15:50:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Answers confirmed by mail, and mails that come in"

MORE = """
alter table response drop constraint response_flag_check, add constraint response_flag_check check (flag in (
    '', 'trap', 'too_fast', 'no_proof', 'same_form', 'repeat', 'same_wording', 'same_browser', 'at_once',
    'unconfirmed'));
alter table mail drop constraint mail_kind_check, add constraint mail_kind_check check (kind in (
    'confirm', 'published', 'corrected', 'withdrawn', 'moved', 'reply', 'digest', 'check_back', 'voice'));

create table unconfirmed (
    id uuid primary key,
    company uuid not null references company,
    question uuid not null,
    response uuid not null,
    address bytea,
    address_key bytea not null,
    unique (company, id),
    unique (company, response),
    foreign key (company, question) references question (company, id) on delete cascade,
    foreign key (company, response) references response (company, id) on delete cascade
);
create index unconfirmed_of_question on unconfirmed (company, question);

create table confirmed_voice (
    id uuid primary key,
    company uuid not null references company,
    question uuid not null,
    voice bytea not null,
    unique (company, question, voice),
    foreign key (company, question) references question (company, id) on delete cascade
);

create table mailbox (
    id uuid primary key,
    company uuid not null unique references company,
    active boolean not null default false,
    host varchar(253) not null default '',
    port integer not null default 993 check (port between 1 and 65535),
    tls varchar(10) not null default 'implicit' check (tls in ('none', 'starttls', 'implicit')),
    login varchar(254) not null default '',
    password bytea,
    folder varchar(120) not null default 'INBOX',
    busy_until timestamptz,
    read_at timestamptz,
    trouble varchar(300) not null default '',
    constraint who_reads_has_a_server check (not active or host <> '' and login <> '')
);

create table post (
    id uuid primary key,
    company uuid not null references company,
    key bytea not null,
    kind varchar(10) not null check (kind in ('letter', 'bounce', 'delay', 'complaint', 'auto')),
    mail uuid,
    member uuid,
    address bytea,
    name varchar(100) not null default '',
    subject varchar(200) not null default '',
    words text not null default '',
    quoted text not null default '',
    dropped smallint not null default 0,
    cut boolean not null default false,
    "on" date not null default current_date,
    done_on date,
    done_by uuid,
    unique (company, id),
    unique (company, key),
    foreign key (company, mail) references mail (company, id) on delete set null (mail),
    foreign key (company, member) references member (company, id),
    foreign key (company, done_by) references member (company, id),
    constraint only_letters_have_words check (kind = 'letter' or words = '' and quoted = '' and address is null)
);
create index post_to_read on post (company, "on") where kind = 'letter' and done_on is null;
"""
LESS = """
drop table post, mailbox;
drop table confirmed_voice, unconfirmed;
delete from mail where kind = 'voice';
alter table mail drop constraint mail_kind_check, add constraint mail_kind_check check (kind in (
    'confirm', 'published', 'corrected', 'withdrawn', 'moved', 'reply', 'digest', 'check_back'));
update response set flag = 'no_proof' where flag = 'unconfirmed';
alter table response drop constraint response_flag_check, add constraint response_flag_check check (flag in (
    '', 'trap', 'too_fast', 'no_proof', 'same_form', 'repeat', 'same_wording', 'same_browser', 'at_once'));
update question set level = 'protected' where level = 'confirmed';
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
