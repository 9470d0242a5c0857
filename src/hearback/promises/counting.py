"""Command: count who has spoken of each theme, for the pages that tell how long we have been silent about it."""

from uuid import UUID

from hearback.database.engine import fetch_column, fetch_value, transaction
from hearback.web.live import tell


async def count_spoken(company_id: UUID) -> None:
    """Heavy, and therefore only for the worker. Where all is as it was, nothing is written."""
    async with transaction():
        if await fetch_value(COUNT, company_id):
            await tell(company_id, "public")


async def count_all() -> None:
    for company_id in await fetch_column("select id from company order by id"):
        await count_spoken(company_id)


COUNT = """
with spoken as (
    select t.heir, r.id, r.question, min(r.day) as day
    from theme t
    join placement p on p.company = $1 and p.theme = t.id
    join excerpt e on e.company = $1 and e.id = p.excerpt
    join response r on r.company = $1 and r.id = e.response and r.state = 'counted' and not r.test
    where t.company = $1
    group by t.heir, r.id, r.question
), counted as materialized (
    select s.heir as theme, coalesce((array_agg(s.day order by s.day))[c.fewest_voices], max(s.day)) as since,
           max(s.day) as latest, count(*)::int as voices,
           coalesce(array_agg(distinct s.question) filter (where s.question is not null), '{}') as questions
    from spoken s join company c on c.id = $1
    group by s.heir, c.fewest_voices
), gone as (
    delete from theme_spoken o where o.company = $1 and not exists (select from counted n where n.theme = o.theme)
    returning o.id
), put as (
    insert into theme_spoken as o (id, company, theme, since, latest, voices, questions)
    select gen_random_uuid(), $1, theme, since, latest, voices, questions from counted
    on conflict (company, theme) do update
        set since = excluded.since, latest = excluded.latest, voices = excluded.voices, questions = excluded.questions
        where (o.since, o.latest, o.voices, o.questions)
              is distinct from (excluded.since, excluded.latest, excluded.voices, excluded.questions)
    returning o.id
)
select (select count(*) from gone) + (select count(*) from put)
"""
