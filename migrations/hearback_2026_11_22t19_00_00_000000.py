"""Webhooks: addresses that are told of news, and the outbox of what is delivered to machines. A delivery is made with
its cause and lies here until it is taken; what it says of a note is read from the note when it is sent."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from hearback.database.schema import run_ddl

ID = "2026-11-22T19:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Webhooks and the outbox of machines"

MORE = """
create table webhook (
    id uuid primary key,
    company uuid not null references company,
    address varchar(500) not null,
    kinds text[] not null default '{}',
    secret bytea not null,
    active boolean not null default true,
    failing_since timestamptz,
    given_up_on date,
    created_by uuid not null,
    created_at timestamptz not null default now(),
    unique (company, id),
    unique (company, address),
    foreign key (company, created_by) references member (company, id),
    constraint what_is_given_up_is_off check (given_up_on is null or not active)
);

create table delivery (
    id uuid primary key,
    company uuid not null references company,
    way varchar(10) not null check (way in ('webhook', 'fediverse')),
    webhook uuid,
    address varchar(500) not null,
    kind varchar(20) not null,
    cause varchar(100) not null,
    note uuid,
    body text not null default '',
    state varchar(8) not null default 'waiting' check (state in ('waiting', 'sending', 'sent', 'failed')),
    tries smallint not null default 0,
    due_at timestamptz,
    status smallint,
    trouble varchar(40) not null default '',
    "on" date not null default current_date,
    unique (company, id),
    unique (company, way, address, cause),
    foreign key (company, webhook) references webhook (company, id) on delete cascade,
    foreign key (company, note) references note (company, id),
    constraint it_says_something check (note is not null or body <> '')
);
create index delivery_to_make on delivery (due_at) where state = 'waiting' or state = 'sending';
create index delivery_of_webhook on delivery (company, webhook);
"""
LESS = """
drop table delivery, webhook;
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
