"""Witnesses: other installations that sign a ledger's checkpoints too, and so notice when it says two things.

Which ones count is the company's own list; what they signed can only be added.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from hearback.database.schema import only_add, run_ddl

ID = "2026-11-22T18:41:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Witnesses of the ledger"

MORE = """
create table ledger_witness (
    id uuid primary key,
    company uuid not null references company,
    name varchar(300) not null,
    public bytea not null check (length(public) = 32),
    added_at timestamptz not null,
    ended_at timestamptz,
    unique (company, id),
    unique (company, name, public)
);
create table ledger_cosignature (
    id uuid primary key,
    company uuid not null references company,
    witness uuid not null,
    size bigint not null,
    seen_at timestamptz not null,
    line text not null,
    unique (company, witness, size),
    foreign key (company, witness) references ledger_witness (company, id),
    foreign key (company, size) references ledger_checkpoint (company, size)
);
"""
LESS = "drop table ledger_cosignature, ledger_witness"
RIGHTS = """
revoke update, delete, truncate on ledger_witness from hearback_app;
grant update (ended_at) on ledger_witness to hearback_app;
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="hearback", description=DESCRIPTION)

    async def make() -> None:
        await run_ddl(MORE)
        await only_add("ledger_cosignature")
        await run_ddl(RIGHTS)

    async def drop() -> None:
        await run_ddl(LESS)

    manager.add_raw(make)
    manager.add_raw_backwards(drop)
    return manager
