"""An account in the fediverse for each company that wants one. What people write there to our notes is an answer like
any other; beside it stand only keyed hashes, so that its author can take it back and nobody can read who it was."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from hearback.database.schema import run_ddl

ID = "2026-11-22T19:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Accounts in the fediverse"

MORE = """
alter table response
    drop constraint response_channel_check,
    drop constraint what_was_entered_has_a_name,
    add constraint response_channel_check
        check (channel in ('web', 'file', 'paper', 'counter', 'phone', 'mail', 'fediverse')),
    add constraint what_was_entered_has_a_name
        check ((entered_by is null) = (channel in ('web', 'file', 'fediverse')));

create table fedi_account (
    id uuid primary key,
    company uuid not null unique references company,
    active boolean not null default false,
    public_key text not null,
    private_key bytea not null,
    question uuid,
    since timestamptz not null default now(),
    unique (company, id),
    foreign key (company, question) references question (company, id)
);

create table fedi_follower (
    id uuid primary key,
    company uuid not null references company,
    actor varchar(500) not null,
    inbox varchar(500) not null,
    since date not null default current_date,
    unique (company, id),
    unique (company, actor)
);

create table fedi_heard (
    id uuid primary key,
    company uuid not null references company,
    response uuid not null,
    object_key bytea not null,
    actor_key bytea not null,
    unique (company, id),
    unique (company, object_key),
    foreign key (company, response) references response (company, id) on delete cascade
);
create index fedi_heard_of_actor on fedi_heard (company, actor_key);
create index fedi_heard_of_response on fedi_heard (company, response);
"""
LESS = """
drop table fedi_heard, fedi_follower, fedi_account;
update response set channel = 'file' where channel = 'fediverse';
alter table response
    drop constraint response_channel_check,
    drop constraint what_was_entered_has_a_name,
    add constraint response_channel_check
        check (channel in ('web', 'file', 'paper', 'counter', 'phone', 'mail')),
    add constraint what_was_entered_has_a_name check ((entered_by is null) = (channel in ('web', 'file')));
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
