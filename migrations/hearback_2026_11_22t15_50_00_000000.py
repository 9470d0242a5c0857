"""A mailbox that confirms an answer. Its address stands beside the answer, sealed, only until the mail is on its way;
its keyed hash only until the answer is confirmed or has waited a week. What stays is that some mailbox has confirmed
an answer to this question: not which answer, not when.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from hearback.database.schema import run_ddl

ID = "2026-11-22T15:50:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Answers confirmed by mail"

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
"""
LESS = """
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
