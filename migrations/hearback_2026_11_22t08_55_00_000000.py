"""Teams, so that a theme can be in the hands of several people at once.

A team is put away, never deleted: its name stands in the history of the themes it looked after. Its members are
rows of their own, and stay when a member leaves the company: who comes back is in the team again.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from hearback.database.schema import run_ddl

ID = "2026-11-22T08:55:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Teams"

TABLES = """
create table team (
    id uuid primary key,
    company uuid not null references company,
    name varchar(80) not null check (name <> ''),
    put_away_at timestamptz,
    created_at timestamptz not null default current_timestamp,
    unique (company, id)
);
create unique index team_name on team (company, lower(name)) where put_away_at is null;

create table team_member (
    id uuid primary key,
    company uuid not null references company,
    team uuid not null,
    member uuid not null,
    unique (company, team, member),
    foreign key (company, team) references team (company, id),
    foreign key (company, member) references member (company, id)
);
create index team_member_of_member on team_member (company, member);

alter table theme
    add column assigned_team uuid,
    add foreign key (company, assigned_team) references team (company, id),
    add constraint one_looks_after_it check (assigned_to is null or assigned_team is null);
create index theme_of_team on theme (company, assigned_team) where assigned_team is not null;
"""
GONE = "alter table theme drop column assigned_team; drop table team_member; drop table team"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="hearback", description=DESCRIPTION)

    async def make() -> None:
        await run_ddl(TABLES)

    async def drop() -> None:
        await run_ddl(GONE)

    manager.add_raw(make)
    manager.add_raw_backwards(drop)
    return manager
