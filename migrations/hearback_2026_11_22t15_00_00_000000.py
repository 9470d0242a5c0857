"""The ledger: what happened to answers, counts and notes, in entries that can be added and never changed.

An entry is written with its fact and gets its number, once, from the signer that comes by after. The database
itself sees to that: the app's role may do nothing else to it, and a tile of hashes can only grow.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from hearback.database.schema import only_add, run_ddl

ID = "2026-11-22T15:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "The ledger"

MORE = """
create sequence ledger_step;

create table ledger_leaf (
    id uuid primary key,
    company uuid not null references company,
    kind varchar(20) not null check (kind in (
        'answer.received', 'answer.corrected', 'answer.set-aside', 'answer.restored', 'answer.withdrawn',
        'answer.erased', 'answer.redacted', 'question.counted', 'note.published', 'note.revised', 'note.withdrawn',
        'note.field-erased')),
    subject uuid not null,
    entry bytea not null check (length(entry) <= 65535),
    step bigint default nextval('ledger_step'),
    number bigint check (number >= 0),
    unique (company, id),
    unique (company, number)
);
create index ledger_leaf_of_subject on ledger_leaf (company, subject);
create index ledger_leaf_without_number on ledger_leaf (company) where number is null;

create function a_leaf_gets_its_number_once() returns trigger language plpgsql as $$
begin
    if old.number is not null or to_jsonb(new) - 'number' <> to_jsonb(old) - 'number' then
        raise exception 'an entry of the ledger never changes' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger a_leaf_gets_its_number_once before update on ledger_leaf
    for each row execute function a_leaf_gets_its_number_once();

create table ledger_salt (
    id uuid primary key,
    company uuid not null references company,
    leaf uuid not null,
    name varchar(40) not null,
    salt bytea not null,
    unique (company, leaf, name),
    foreign key (company, leaf) references ledger_leaf (company, id)
);

create table ledger_tile (
    id uuid primary key,
    company uuid not null references company,
    level smallint not null,
    number bigint not null,
    hashes bytea not null check (length(hashes) % 32 = 0 and length(hashes) between 32 and 8192),
    unique (company, level, number)
);
create function a_tile_only_grows() returns trigger language plpgsql as $$
begin
    if substr(new.hashes, 1, length(old.hashes)) <> old.hashes
       or to_jsonb(new) - 'hashes' <> to_jsonb(old) - 'hashes' then
        raise exception 'a tile of the ledger only grows' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger a_tile_only_grows before update on ledger_tile
    for each row execute function a_tile_only_grows();

create table ledger_key (
    id uuid primary key,
    company uuid not null references company,
    origin varchar(300) not null,
    public bytea not null check (length(public) = 32),
    size bigint not null,
    unique (company, origin, public)
);

create table ledger_checkpoint (
    id uuid primary key,
    company uuid not null references company,
    size bigint not null check (size > 0),
    root bytea not null check (length(root) = 32),
    note text not null,
    unique (company, size)
);
"""
LESS = """
drop table ledger_checkpoint, ledger_key, ledger_tile, ledger_salt, ledger_leaf;
drop function a_leaf_gets_its_number_once, a_tile_only_grows;
drop sequence ledger_step;
"""
RIGHTS = """
grant update (number) on ledger_leaf to hearback_app;
grant update (hashes) on ledger_tile to hearback_app;
revoke update, truncate on ledger_salt from hearback_app;
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="hearback", description=DESCRIPTION)

    async def make() -> None:
        await run_ddl(MORE)
        for table in ("ledger_leaf", "ledger_tile", "ledger_key", "ledger_checkpoint"):
            await only_add(table)
        await run_ddl(RIGHTS)

    async def drop() -> None:
        await run_ddl(LESS)

    manager.add_raw(make)
    manager.add_raw_backwards(drop)
    return manager
