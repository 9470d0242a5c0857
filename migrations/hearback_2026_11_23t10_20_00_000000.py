"""A mail of its own kind says that we will not keep a promise, to whoever waits for it: a new day was told, its end was
not."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from hearback.database.schema import run_ddl

ID = "2026-11-23T10:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "A mail says that a promise is broken"

MORE = """
alter table mail
    drop constraint mail_kind_check,
    add constraint mail_kind_check check (kind in (
        'confirm', 'published', 'corrected', 'withdrawn', 'moved', 'reply', 'theme_reply', 'digest', 'check_back',
        'voice', 'promise_near', 'promise_late', 'held', 'broken'));
"""
LESS = """
delete from mail where kind = 'broken';
alter table mail
    drop constraint mail_kind_check,
    add constraint mail_kind_check check (kind in (
        'confirm', 'published', 'corrected', 'withdrawn', 'moved', 'reply', 'theme_reply', 'digest', 'check_back',
        'voice', 'promise_near', 'promise_late', 'held'));
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
