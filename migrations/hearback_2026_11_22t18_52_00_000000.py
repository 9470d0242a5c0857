"""The listening report: a month's figures, computed by the worker; what a leader has signed is never changed."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from hearback.database.schema import run_ddl

ID = "2026-11-22T18:52:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Listening report"

MORE = """
create table listening_report (
    id uuid primary key,
    company uuid not null references company,
    month date not null default current_date,
    figures jsonb not null default '{}',
    computed_at timestamptz not null default current_timestamp,
    signed_by uuid,
    signed_at timestamptz,
    unique (company, id),
    unique (company, month),
    foreign key (company, signed_by) references member (company, id),
    constraint a_month_begins_on_its_first_day check (extract(day from month) = 1),
    constraint who_signs_has_a_moment check ((signed_by is null) = (signed_at is null))
);

create function a_signed_report_stays() returns trigger language plpgsql as $$
begin
    raise exception 'a signed report stays as it is' using errcode = 'check_violation';
end $$;
create trigger a_signed_report_stays before update or delete on listening_report
    for each row when (old.signed_at is not null) execute function a_signed_report_stays();
"""
LESS = """
drop table listening_report;
drop function a_signed_report_stays();
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
