"""Replies to a theme are told by mail; and no mail holds a reply's words any more: they are read when it is written."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from hearback.database.schema import run_ddl

ID = "2026-11-22T18:11:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Replies to a theme by mail"

MORE = """
alter table mail drop constraint mail_kind_check, add constraint mail_kind_check check (kind in (
    'confirm', 'published', 'corrected', 'withdrawn', 'moved', 'reply', 'theme_reply', 'digest', 'check_back',
    'voice'));
alter table mail drop column words;
"""

LESS = """
alter table mail add column words text not null default '';
delete from mail where kind = 'theme_reply' or kind = 'reply' and state = 'waiting';
alter table mail drop constraint mail_kind_check, add constraint mail_kind_check check (kind in (
    'confirm', 'published', 'corrected', 'withdrawn', 'moved', 'reply', 'digest', 'check_back', 'voice'));
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
