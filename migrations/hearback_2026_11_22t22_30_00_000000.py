"""Who has spoken of a theme, counted by the worker: how long we have been silent about it is no work for a page.

And a mail of its own kind says whether a repair has held.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from hearback.database.schema import run_ddl

ID = "2026-11-22T22:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Who has spoken of a theme"

MORE = """
create table theme_spoken (
    id uuid primary key,
    company uuid not null references company,
    theme uuid not null,
    since date not null,
    latest date not null,
    voices integer not null check (voices > 0),
    questions uuid[] not null,
    unique (company, theme),
    foreign key (company, theme) references theme (company, id) on delete cascade
);
alter table mail
    drop constraint mail_kind_check,
    add constraint mail_kind_check check (kind in (
        'confirm', 'published', 'corrected', 'withdrawn', 'moved', 'reply', 'theme_reply', 'digest', 'check_back',
        'voice', 'promise_near', 'promise_late', 'held'));
"""
LESS = """
drop table theme_spoken;
delete from mail where kind = 'held';
alter table mail
    drop constraint mail_kind_check,
    add constraint mail_kind_check check (kind in (
        'confirm', 'published', 'corrected', 'withdrawn', 'moved', 'reply', 'theme_reply', 'digest', 'check_back',
        'voice', 'promise_near', 'promise_late'));
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
