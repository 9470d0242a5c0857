"""Promises stand in the ledger too: made, moved, kept, broken; and so does every change of the key that signs it."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from hearback.database.schema import run_ddl

ID = "2026-11-22T18:40:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Promises and keys in the ledger"

MORE = """
alter table ledger_leaf drop constraint ledger_leaf_kind_check;
alter table ledger_leaf add constraint ledger_leaf_kind_check check (kind in (
    'answer.received', 'answer.corrected', 'answer.set-aside', 'answer.restored', 'answer.withdrawn',
    'answer.erased', 'answer.redacted', 'question.counted', 'note.published', 'note.revised', 'note.withdrawn',
    'note.field-erased', 'promise.made', 'promise.moved', 'promise.kept', 'promise.broken',
    'ledger.key-changed'));
"""
# What stands in the ledger is not thrown away: where one of the new kinds does, there is no way back.
LESS = """
alter table ledger_leaf drop constraint ledger_leaf_kind_check;
alter table ledger_leaf add constraint ledger_leaf_kind_check check (kind in (
    'answer.received', 'answer.corrected', 'answer.set-aside', 'answer.restored', 'answer.withdrawn',
    'answer.erased', 'answer.redacted', 'question.counted', 'note.published', 'note.revised', 'note.withdrawn',
    'note.field-erased'));
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
