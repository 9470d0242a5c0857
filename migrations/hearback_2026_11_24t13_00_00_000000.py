"""The day on which a theme is to be looked at again, also after the day was moved."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from hearback.database.schema import run_ddl

ID = "2026-11-24T13:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "When a theme is looked at again"

MORE = """
create function looks_again_on(in_company uuid, in_heir uuid, after date) returns date
language sql stable as $$
    select min(p.due_on) from theme s
    join note_theme l on l.company = s.company and l.theme = s.id
    join note n on n.company = l.company and n.id = l.note and n.state = 'published'
    join promise p on p.company = n.company and p.note = n.id and p.kind = 'look_again'
    where s.company = in_company and s.heir = in_heir and p.due_on > after
      and p.broken_on is null and (p.kept_on is null or p.kept_on >= p.due_on)
      and not exists (select from promise m where m.company = p.company and m.instead_of = p.id)
$$;
"""

LESS = "drop function looks_again_on;"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="hearback", description=DESCRIPTION)

    async def make() -> None:
        await run_ddl(MORE)

    async def drop() -> None:
        await run_ddl(LESS)

    manager.add_raw(make)
    manager.add_raw_backwards(drop)
    return manager
