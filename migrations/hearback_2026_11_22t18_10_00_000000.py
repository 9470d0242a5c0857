"""How urgently somebody should look at an answer: felt once by the worker, and no longer by every view of the queue."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from hearback.database.schema import run_ddl

ID = "2026-11-22T18:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Heat, stored"

MORE = """
alter table response add column heat smallint check (heat >= 0);
create index response_not_felt on response (company)
    where heat is null and not test and (state = 'counted' or state = 'held' or state = 'set_aside');
create index response_hot on response (company, day)
    where heat >= 5 and state = 'counted' and read_on is null and not test;
create index response_held on response (company, day) where state = 'held' and not test;

create view waits_for_a_look as
select company, id as response from response where state = 'held' and flag <> 'unconfirmed' and not test
union select company, id from response
where state = 'set_aside' and flag <> '' and flag <> 'unconfirmed' and reason = '' and read_on is null and not test
union select company, id from response where heat >= 5 and state = 'counted' and read_on is null and not test
union select company, response from moderated where waits
union select company, response from second_look where outcome = '';
"""

LESS = """
drop view waits_for_a_look;
drop index response_not_felt; drop index response_hot; drop index response_held;
alter table response drop column heat;
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
