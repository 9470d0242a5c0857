"""A note says when the theme that it is about came to another theme, or away from it: it is called otherwise since. The
database keeps the day, whoever joins or parts themes, as it does for a new name; what was joined before gets the day
that its history tells."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from hearback.database.schema import run_ddl

ID = "2026-11-23T05:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "A theme tells when it came to another"

MORE = """
alter table theme add column heir_since date;

update theme t set heir_since = (
    select (max(v.at) at time zone c.timezone)::date from theme_event v
    where v.company = t.company and v.theme = t.id and v.deed in ('merged', 'split'))
from company c where c.id = t.company and t.heir <> t.id;

create function a_theme_tells_its_new_heir() returns trigger language plpgsql as $$
begin
    new.heir_since := day_at(new.company);
    return new;
end $$;
create trigger it_tells_its_new_heir before update on theme
    for each row when (old.heir <> new.heir) execute function a_theme_tells_its_new_heir();
"""
LESS = """
drop trigger it_tells_its_new_heir on theme;
drop function a_theme_tells_its_new_heir();
alter table theme drop column heir_since;
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
