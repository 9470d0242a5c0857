"""What a reading proposes, for people to accept or refuse, in the place of what it only asked.

What it asked is dropped: the next reading proposes anew. A refusal of excerpts stands in two places, said of one
excerpt in a theme's life or of several as a proposal, and is read as one. A proposal stands while nobody has decided
on it, nor made it pointless by what they did to its themes.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from hearback.database.schema import run_ddl

ID = "2026-11-22T08:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Proposals that people accept or refuse"

TABLES = """
drop table ask;

create table proposal (
    id uuid primary key,
    company uuid not null references company,
    kind varchar(10) not null check (kind in ('new', 'join', 'split', 'merge', 'near', 'alike')),
    theme uuid,
    other uuid,
    excerpts uuid[] not null,
    worth real not null,
    evidence jsonb not null default '{}',
    state varchar(10) not null default 'open' check (state in ('open', 'accepted', 'refused')),
    member uuid,
    at timestamptz,
    event uuid,
    unique (company, id),
    foreign key (company, theme) references theme (company, id),
    foreign key (company, other) references theme (company, id),
    foreign key (company, member) references member (company, id),
    constraint alike_is_of_no_theme check ((kind = 'alike') = (theme is null)),
    constraint a_merge_is_of_two check ((kind = 'merge') = (other is not null)),
    constraint a_decision_has_a_name check (state = 'open' or member is not null and at is not null)
);
create unique index proposal_open on proposal (company, kind, theme, other) nulls not distinct
    where state = 'open' and kind <> 'alike';
create index proposal_of_theme on proposal (company, theme);
create index proposal_of_event on proposal (company, event) where event is not null;

create view refusal as
select v.company, v.theme, (v.details->>'excerpt')::uuid as excerpt
from theme_event v
where v.deed = 'not_here' and not v.details ? 'undoes'
  and not exists (select from theme_event u where u.company = v.company and u.theme = v.theme
                  and u.details->>'undoes' = v.id::text)
union all
select p.company, p.theme, e.excerpt
from proposal p cross join unnest(p.excerpts) as e (excerpt)
where p.kind = 'join' and p.state = 'refused';

create view standing_proposal as
select p.company, p.id, p.kind, p.worth
from proposal p
join theme t on t.company = p.company and t.id = p.theme and t.heir = t.id
left join theme o on o.company = p.company and o.id = p.other
where p.state = 'open' and case p.kind
    when 'new' then t.state = 'suggested' and exists (
        select from placement l where l.company = p.company and l.theme = t.id)
    when 'join' then t.state = 'named' and exists (
        select from excerpt e
        join response r on r.company = e.company and r.id = e.response and r.state = 'counted' and not r.test
        left join placement l on l.company = e.company and l.excerpt = e.id
        where e.company = p.company and e.id = any(p.excerpts) and l.by is distinct from 'person')
    when 'split' then t.state = 'named'
    when 'merge' then o.state = 'named' and o.heir = o.id
    else false end;
"""

BACK = """
drop view standing_proposal;
drop view refusal;
drop table proposal;
create table ask (
    id uuid primary key,
    company uuid not null references company,
    theme uuid,
    excerpts uuid[] not null,
    worth real not null,
    unique (company, id),
    foreign key (company, theme) references theme (company, id)
);
create index ask_of_theme on ask (company, theme);
"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="hearback", description=DESCRIPTION)

    async def make() -> None:
        await run_ddl(TABLES)

    async def drop() -> None:
        await run_ddl(BACK)

    manager.add_raw(make)
    manager.add_raw_backwards(drop)
    return manager
