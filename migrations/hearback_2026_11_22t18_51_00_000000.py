"""Mails to members: a promise of theirs is due soon, or one is late and leadership is to know. Once each."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from hearback.database.schema import run_ddl

ID = "2026-11-22T18:51:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Mails to members about promises"

MORE = """
alter table mail
    add column member uuid,
    add foreign key (company, member) references member (company, id),
    drop constraint mail_kind_check,
    add constraint mail_kind_check check (kind in (
        'confirm', 'published', 'corrected', 'withdrawn', 'moved', 'reply', 'theme_reply', 'digest', 'check_back',
        'voice', 'promise_near', 'promise_late')),
    add constraint it_goes_to_one_of_them check (member is null or follower is null);
create unique index mail_once_to_member on mail (company, member, kind, cause) where member is not null;
"""
LESS = """
delete from mail where member is not null;
alter table mail
    drop constraint it_goes_to_one_of_them,
    drop column member,
    drop constraint mail_kind_check,
    add constraint mail_kind_check check (kind in (
        'confirm', 'published', 'corrected', 'withdrawn', 'moved', 'reply', 'theme_reply', 'digest', 'check_back',
        'voice'));
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
