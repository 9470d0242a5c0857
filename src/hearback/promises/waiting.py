"""Queries: which questions and themes wait for a public word, and since when."""

from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from hearback.database.engine import fetch, fetch_one
from hearback.promises.silence import Silence, silence


class Waiting(Struct, frozen=True):
    """since: the day of our last public word on it. spoken: there was one; else the question's opening, or the day on
    which the theme was that of as many people as the public may count. due_on: the nearest promised day that holds and
    that our last word did not come after; where there is none such, the one that it came after. question: none of a
    theme."""

    title: str
    language: str
    link: str
    since: date
    spoken: bool
    due_on: date | None
    question: UUID | None

    def silence(self, today: date) -> Silence:
        return silence(self.since, self.due_on, today)


async def questions_waiting(company_id: UUID, now: datetime, *, reader: str = "") -> list[Waiting]:
    """Whose promised reply has neither come nor been taken back; the longest silence first. reader: in which language
    their titles are told, as far as they are translated; empty: as they were asked."""
    return await fetch(Waiting, QUESTIONS, company_id, now, reader)


async def themes_waiting(company_id: UUID, *, limit: int) -> list[Waiting]:
    """Public themes of which people have spoken since our last word on them; the longest silence first."""
    return await fetch(Waiting, THEMES, company_id, None, limit)


async def theme_waiting(company_id: UUID, theme_id: UUID) -> Waiting | None:
    """The same for one theme, public or not; None where nobody waits."""
    return await fetch_one(Waiting, THEMES, company_id, theme_id, 1)


# Who has spoken of which theme, and to which question, is counted by the worker (promises/counting.py); what we said
# and promised since, here. On a question speaks what answers it, and what speaks on a theme that came from it.
QUESTIONS = """
select coalesce(q.translations -> $3 ->> 'title', q.title) as title,
       case when q.translations -> $3 ? 'title' then $3 else q.language end as language, 'ask/' || q.slug as link,
       w.day as since, w.at is not null as spoken, q.id as question, (
           select coalesce(min(due_on) filter (where due_on >= w.day), min(due_on))
           from unnest(w.next_words || p.due_on) as due_on) as due_on
from company c
join question q on q.company = c.id and q.state <> 'draft' and q.opens_at <= $2
cross join lateral (
    select max(due_on) as due_on from promise
    where company = c.id and question = q.id and kind = 'reply' having count(*) > 0
       and bool_or(kept_on is null and broken_on is null)) p
cross join lateral (
    with from_it as (
        select t.id from theme_spoken s join theme t on t.company = c.id and t.heir = s.theme
        where s.company = c.id and q.id = any(s.questions)
    ), spoken as (
        select n.id, n.published_at as at from note n
        where n.company = c.id and n.state = 'published' and n.published_at >= q.opens_at
          and (exists (select from note_question l where l.company = c.id and l.note = n.id and l.question = q.id)
               or exists (select from note_theme l where l.company = c.id and l.note = n.id
                          and l.theme in (select id from from_it)))
        union all
        select null, y.sent_at from reply y
        where y.company = c.id and y.state = 'sent' and y.sent_at >= q.opens_at
          and y.theme in (select id from from_it)
    )
    select max(at) as at, (coalesce(max(at), q.opens_at) at time zone c.timezone)::date as day, array(
               select h.due_on from spoken n
               join promise h on h.company = c.id and h.note = n.id and h.kind = 'next_word'
                    and h.kept_on is null and h.broken_on is null
               where not exists (select from promise m where m.company = c.id and m.instead_of = h.id)) as next_words
    from spoken) w
where c.id = $1 order by since, q.id
"""
THEMES = """
with told as materialized (
    select t.heir, x.at, x.due_on from theme t
    cross join lateral (
        select n.published_at as at, p.due_on
        from note_theme l join note n on n.company = $1 and n.id = l.note and n.state = 'published'
        left join promise p on p.company = $1 and p.note = n.id and p.kept_on is null and p.broken_on is null
             and not exists (select from promise m where m.company = $1 and m.instead_of = p.id)
        where l.company = $1 and l.theme = t.id
        union all
        select y.sent_at, (
                   with recursive named (id, due_on, ended) as (
                       select p.id, p.due_on, coalesce(p.kept_on, p.broken_on) from promise p
                       where p.company = $1 and p.id = y.promise
                       union select p.id, p.due_on, coalesce(p.kept_on, p.broken_on) from promise p
                             join named b on p.company = $1 and p.instead_of = b.id)
                   select max(due_on) filter (where ended is null) from named)
        from reply y
        where y.company = $1 and y.theme = t.id and y.state = 'sent') x
    where t.company = $1 and ($2::uuid is null or t.heir = $2)
), asked as materialized (
    select question, due_on from promise p
    where p.company = $1 and p.kind = 'reply' and p.kept_on is null and p.broken_on is null
      and not exists (select from promise m where m.company = $1 and m.instead_of = p.id)
)
select h.name as title, '' as language, '' as link, null::uuid as question, d.day as since, d.at is not null as spoken,
       (select coalesce(min(due_on) filter (where due_on >= d.day), min(due_on))
        from (select t.due_on from told t where t.heir = h.id
              union all select a.due_on from asked a where a.question = any(w.questions)) promised) as due_on
from theme_spoken w
join theme h on h.company = $1 and h.id = w.theme and h.id = h.heir
join company c on c.id = $1
cross join lateral (
    select max(t.at) as at, coalesce((max(t.at) at time zone c.timezone)::date, w.since) as day
    from told t where t.heir = h.id) d
where w.company = $1 and ($2::uuid is null or h.id = $2)
  and ($2::uuid is not null or h.state = 'named' and (w.voices >= c.fewest_voices or h.weight_reason <> ''))
  and (d.at is null or w.latest > (d.at at time zone c.timezone)::date)
order by since, h.id limit $3
"""
