"""Who signed a report keeps the role in which they signed, as notes and replies do: a new role title changed every month
that its member had signed. What is signed already gets the role of today, the best that is known."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from hearback.database.schema import run_ddl

ID = "2026-11-23T08:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "A signed report keeps the role of who signed it"

MORE = """
alter table listening_report add column signed_as varchar(120);

alter table listening_report disable trigger user;
update listening_report set signed_as = role_of(company, signed_by) where signed_at is not null;
alter table listening_report enable trigger user;

create function a_report_is_signed() returns trigger language plpgsql as $$
begin
    new.signed_as := role_of(new.company, new.signed_by);
    return new;
end $$;
create trigger it_is_signed before update on listening_report
    for each row when (old.signed_at is null and new.signed_at is not null) execute function a_report_is_signed();
"""
LESS = """
drop trigger it_is_signed on listening_report;
drop function a_report_is_signed();
alter table listening_report drop column signed_as;
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
