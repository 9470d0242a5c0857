"""Times in the ledger never go back, also when a clock does; and its keys are known in the order they came in.

An entry gets its number and, where what it tells lies before what already stands there, a later time: both at once,
both once. Keys were ordered by ids that hold the time of their making.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from hearback.database.schema import run_ddl

ID = "2026-11-22T22:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Times in the ledger never go back"

MORE = """
create or replace function a_leaf_gets_its_number_once() returns trigger language plpgsql as $$
declare
    told jsonb;
    before jsonb;
begin
    if old.number is not null or new.number is null
       or to_jsonb(new) - array['number', 'entry'] <> to_jsonb(old) - array['number', 'entry'] then
        raise exception 'an entry of the ledger never changes' using errcode = 'restrict_violation';
    end if;
    if new.entry <> old.entry then
        told := convert_from(new.entry, 'UTF8')::jsonb;
        before := convert_from(old.entry, 'UTF8')::jsonb;
        if (told - 'at' = before - 'at' and told->>'at' collate "C" > before->>'at' collate "C") is not true then
            raise exception 'an entry of the ledger never changes' using errcode = 'restrict_violation';
        end if;
    end if;
    return new;
end $$;
create index ledger_leaf_with_a_time on ledger_leaf (company, number)
    where kind not like 'answer.%' and kind <> 'promise.kept' and kind <> 'promise.broken';
grant update (number, entry) on ledger_leaf to hearback_app;

alter table ledger_key add column turn integer check (turn > 0);
update ledger_key k set turn = n.turn
from (select id, row_number() over (partition by company order by id) as turn from ledger_key) n where n.id = k.id;
alter table ledger_key alter column turn set not null, add unique (company, turn);
"""
LESS = """
alter table ledger_key drop column turn;
revoke update (entry) on ledger_leaf from hearback_app;
drop index ledger_leaf_with_a_time;
create or replace function a_leaf_gets_its_number_once() returns trigger language plpgsql as $$
begin
    if old.number is not null or to_jsonb(new) - 'number' <> to_jsonb(old) - 'number' then
        raise exception 'an entry of the ledger never changes' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
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
