"""A question away from home: who may frame our pages, a short address, and how many answers it takes at most.

A question's short address is made of its id, so nothing is stored for it; the index finds it and keeps it unique.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from hearback.database.schema import run_ddl

ID = "2026-11-22T15:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "A question away from home"

MORE = """
alter table company add column embed_hosts text[] not null default '{}';
alter table question add column most integer check (most >= 1);
create unique index question_short on question (left(encode(sha256(uuid_send(id)), 'hex'), 8));
"""
LESS = """
drop index question_short;
alter table question drop column most;
alter table company drop column embed_hosts;
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
