"""What was refused of one excerpt was refused of its copies, which the desk shows as one with it.

The act keeps the excerpt that was shown, and `beside` it those that went with it.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from hearback.database.schema import run_ddl

ID = "2026-11-22T11:50:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "A refusal holds for copies, too"

MORE = """
create or replace view refusal as
select v.company, v.theme, e.excerpt::uuid as excerpt
from theme_event v
cross join jsonb_array_elements_text(
    jsonb_build_array(v.details->'excerpt') || coalesce(v.details->'beside', '[]')) as e (excerpt)
where v.deed = 'not_here' and not v.details ? 'undoes'
  and not exists (select from theme_event u where u.company = v.company and u.theme = v.theme
                  and u.details->>'undoes' = v.id::text)
union all
select p.company, p.theme, e.excerpt
from proposal p cross join unnest(p.excerpts) as e (excerpt)
where p.kind = 'join' and p.state = 'refused';
"""
LESS = """
create or replace view refusal as
select v.company, v.theme, (v.details->>'excerpt')::uuid as excerpt
from theme_event v
where v.deed = 'not_here' and not v.details ? 'undoes'
  and not exists (select from theme_event u where u.company = v.company and u.theme = v.theme
                  and u.details->>'undoes' = v.id::text)
union all
select p.company, p.theme, e.excerpt
from proposal p cross join unnest(p.excerpts) as e (excerpt)
where p.kind = 'join' and p.state = 'refused';
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
