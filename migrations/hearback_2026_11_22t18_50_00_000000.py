"""A promise has an owner, may be about an action, may be broken with a reason, and says whether a repair has held.

Whoever made a promise owns it so far, unless the thing it is about says better. What mistake notes promised to look at
again becomes a kind of its own: the day on which we say whether it has held. An action that is not over and stands
beside a public note was said to everybody with its day; until now nothing watched that day.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from hearback.database.schema import run_ddl

ID = "2026-11-22T18:50:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Owners of promises, broken ones, and whether a repair has held"

MORE = """
alter table promise
    add column owner uuid,
    add column action uuid,
    add column broken_on date,
    add column broken_by uuid,
    add column broken_why varchar(600) not null default '',
    add column held varchar(6) not null default '' check (held in ('', 'yes', 'partly', 'no')),
    add column outcome varchar(600) not null default '',
    add column owner_told_on date,
    add column leaders_told_on date,
    drop constraint promise_kind_check,
    add constraint promise_kind_check check (
        kind in ('reply', 'repair', 'look_again', 'next_word', 'step', 'follow_up', 'action')),
    add foreign key (company, owner) references member (company, id),
    add foreign key (company, broken_by) references member (company, id),
    add foreign key (company, action) references action (company, id),
    add constraint it_ends_once check (kept_on is null or broken_on is null),
    add constraint who_breaks_it_says_why check ((broken_on is null) = (broken_why = ''));

update promise p set owner = coalesce(
    (select q.asked_by from question q where q.company = p.company and q.id = p.question),
    (select n.signed_by from note n where n.company = p.company and n.id = p.note),
    (select y.next_owner from reply y where y.company = p.company and y.promise = p.id limit 1),
    p.made_by);
alter table promise alter column owner set not null;
update promise p set kind = 'follow_up' from note n
    where p.kind = 'look_again' and n.company = p.company and n.id = p.note and n.kind = 'mistake';

insert into promise (id, company, kind, words, language, note, action, owner, made_by, made_at, due_on)
    select gen_random_uuid(), x.company, 'action', x.title, n.language, n.id, x.id, x.owner, n.signed_by,
           n.published_at, x.due_on
    from action x
    cross join lateral (
        select n.* from note_action l join note n on n.company = l.company and n.id = l.note
        where l.company = x.company and l.action = x.id and n.state = 'published'
        order by n.published_at, n.id limit 1) n
    where x.state not in ('done', 'declined');

drop index promise_due;
create index promise_due on promise (company, due_on) where kept_on is null and broken_on is null;
create index promise_of_action on promise (company, action) where action is not null;
"""
LESS = """
drop index promise_of_action;
drop index promise_due;
create index promise_due on promise (company, due_on) where kept_on is null;
update promise set kind = 'look_again' where kind = 'follow_up';
update promise set kind = 'repair' where kind = 'action';
alter table promise
    drop constraint promise_kind_check,
    add constraint promise_kind_check check (kind in ('reply', 'repair', 'look_again', 'next_word', 'step')),
    drop constraint it_ends_once,
    drop constraint who_breaks_it_says_why,
    drop column owner, drop column action, drop column broken_on, drop column broken_by, drop column broken_why,
    drop column held, drop column outcome, drop column owner_told_on, drop column leaders_told_on;
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
