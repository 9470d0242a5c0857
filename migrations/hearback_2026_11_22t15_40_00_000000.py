"""A fan's own word: which theme their words belong to, or that they stand apart; forms that wait to be gone on with;
answers that came on paper or were said aloud; and when people see how others chose.

What a theme may be close to is written by the worker that reads an answer, for the fan to choose from. Both tables
hold the day at most: no moment that could point at a person.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from hearback.database.schema import run_ddl

ID = "2026-11-22T15:40:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "A fan's own word, paper, results, and forms that wait"

MORE = """
alter table placement
    drop constraint placement_by_check,
    add constraint placement_by_check check (by in ('machine', 'person', 'fan')),
    add constraint a_fan_names_a_theme check (by <> 'fan' or theme is not null);

create table close_theme (
    id uuid primary key,
    company uuid not null references company,
    excerpt uuid not null,
    theme uuid not null,
    nearness real not null check (nearness between 0 and 1),
    unique (company, excerpt, theme),
    foreign key (company, excerpt) references excerpt (company, id) on delete cascade,
    foreign key (company, theme) references theme (company, id)
);

create table kept_apart (
    id uuid primary key,
    company uuid not null references company,
    excerpt uuid not null,
    theme uuid not null,
    "on" date not null default current_date,
    unique (company, excerpt, theme),
    foreign key (company, excerpt) references excerpt (company, id) on delete cascade,
    foreign key (company, theme) references theme (company, id)
);

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
where p.kind = 'join' and p.state = 'refused'
union all
select company, theme, excerpt from kept_apart;

alter table question add column results varchar(10) not null default 'closed'
    check (results in ('answered', 'closed', 'never'));

alter table response
    drop constraint response_channel_check,
    add constraint response_channel_check check (channel in ('web', 'file', 'paper', 'counter', 'phone', 'mail')),
    add column entered_by uuid,
    add foreign key (company, entered_by) references member (company, id),
    add constraint what_was_entered_has_a_name check ((entered_by is null) = (channel in ('web', 'file')));

create table saved_form (
    id uuid primary key,
    company uuid not null references company,
    question uuid not null,
    code_hash bytea not null,
    sealed bytea not null check (octet_length(sealed) <= 100000),
    ends_on date not null default current_date,
    unique (company, code_hash),
    foreign key (company, question) references question (company, id) on delete cascade
);
create index saved_form_ends on saved_form (ends_on);
"""
LESS = """
drop table saved_form;
alter table response
    drop constraint what_was_entered_has_a_name,
    drop column entered_by,
    drop constraint response_channel_check;
update response set channel = 'file' where channel not in ('web', 'file');
alter table response add constraint response_channel_check check (channel in ('web', 'file'));
alter table question drop column results;
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
drop table kept_apart, close_theme;
update placement set by = 'machine' where by = 'fan';
alter table placement
    drop constraint a_fan_names_a_theme,
    drop constraint placement_by_check,
    add constraint placement_by_check check (by in ('machine', 'person'));
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
