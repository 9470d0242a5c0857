"""Notes by their words, through the indexes `note_words` and `translation_words`; and what they say, to show where."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from hearback.changenotes.wanted import Wanted
from hearback.database.engine import fetch, fetch_column
from hearback.people.queries import Company


class Passage(Struct, frozen=True):
    """A field of what a note says now, in one language."""

    note: UUID
    language: str
    name: str
    words: str


async def found(
    company: Company,
    wanted: Wanted,
    *,
    each: list[str],
    only: list[UUID] | None = None,
    before: tuple[datetime, UUID | None] | None = None,
    best_first: bool = False,
    skip: int = 0,
    limit: int,
) -> list[UUID]:
    """Newest first, or those first that say the words more often; a title counts four times. each: tsqueries, all of
    which a note must hold, in whatever field or language; only: of these."""
    return await fetch_column(
        FOUND,
        company.id,
        company.timezone,
        wanted.kind,
        wanted.note_language,
        wanted.year,
        wanted.theme,
        wanted.question,
        each,
        before[0] if before else None,
        before[1] if before else None,
        limit,
        best_first,
        skip,
        only,
    )


async def holding(company_id: UUID, words: list[str]) -> list[UUID]:
    """Notes of which a field holds all of the words, in small letters, inside of others too (Nebelfähre). No index
    knows that, so it is asked only where the words themselves stand nowhere."""
    return await fetch_column(
        """select distinct v.note from note_field f join revision v on v.company = $1 and v.id = f.revision
           where f.company = $1 and f.words <> '' and f.name not in ('cause_kind', 'noticed_by', 'did_state', 'form')
             and lower(f.words) like all($2) and v.kind <> 'withdrawn' and not exists (
                 select from revision n
                 where n.company = $1 and n.note = v.note and n.kind <> 'withdrawn' and n.number > v.number)""",
        company_id,
        [f"%{word}%" for word in words],
    )


async def passages(company_id: UUID, note_ids: list[UUID]) -> list[Passage]:
    """In the order of the fields, the note's own language first; a translation that lags behind is not among them."""
    return await fetch(
        Passage,
        """with newest as (
               select distinct on (v.note) v.note, v.id, v.number, n.language from revision v
               join note n on n.company = $1 and n.id = v.note
               where v.company = $1 and v.note = any($2) and v.kind <> 'withdrawn' order by v.note, v.number desc
           ), told as (
               select distinct on (t.note, t.language) t.note, t.language, t.fields, t.of_number
               from note_translation t where t.company = $1 and t.note = any($2)
               order by t.note, t.language, t.at desc, t.id desc
           )
           select w.note, w.language, f.name, f.words from newest w
           join note_field f on f.company = $1 and f.revision = w.id
           where f.words <> '' and f.name not in ('cause_kind', 'noticed_by', 'did_state', 'form')
           union all
           select t.note, t.language, f.key, f.value from told t
           join newest w on w.note = t.note and w.number = t.of_number
           cross join lateral jsonb_each_text(t.fields) f where f.value <> ''""",
        company_id,
        note_ids,
    )


# Each query names the company, so the index is entered by it too. It is not named beside them: before the first look at
# its numbers the planner would take the company for the rarer of the two, and read every field through. "offset 0"
# keeps the steps apart, as in the log.
FOUND = """
with asked as (
    select at, query::tsquery as query from unnest($8::text[]) with ordinality as t (query, at)
), said as materialized (
    select a.at, f.revision, sum(case when f.name = 'title' then 4 else 1 end) as weight from asked a
    cross join lateral (
        select f.company, f.revision, f.name from note_field f
        where f.words <> '' and searchable(f.company, f.words) @@ a.query offset 0) f
    where f.company = $1 and f.name not in ('cause_kind', 'noticed_by', 'did_state', 'form')
    group by a.at, f.revision
), hit as materialized (
    select s.at, v.note, s.weight from said s
    cross join lateral (
        select v.note from revision v
        where v.company = $1 and v.id = s.revision and v.kind <> 'withdrawn' and not exists (
            select from revision n
            where n.company = $1 and n.note = v.note and n.kind <> 'withdrawn' and n.number > v.number) offset 0) v
    union all
    select a.at, o.note, 1 from asked a
    cross join lateral (
        select t.company, t.id, t.note, t.language, t.at, t.of_number from note_translation t
        where searchable_fields(t.company, t.fields) @@ a.query offset 0) o
    where o.company = $1
      and o.of_number = (select max(n.number) from revision n
                         where n.company = $1 and n.note = o.note and n.kind <> 'withdrawn')
      and not exists (select from note_translation t where t.company = $1 and t.note = o.note
                                                       and t.language = o.language and (t.at, t.id) > (o.at, o.id))
), fits as materialized (
    select note, sum(weight) as weight from hit group by note having count(distinct at) = cardinality($8::text[])
)
select n.id from note n left join fits h on h.note = n.id
where n.company = $1 and n.published_at is not null
  and ($8::text[] = '{}' or h.note is not null) and ($14::uuid[] is null or n.id = any($14))
  and ($3 = '' or n.kind = $3) and ($4 = '' or n.language = $4)
  and ($5::int is null or extract(year from n.published_at at time zone $2)::int = $5)
  and ($6::uuid is null or exists (
      select from note_theme l join theme w on w.company = $1 and w.id = l.theme
      where l.company = $1 and l.note = n.id
        and w.heir = (select heir from theme where company = $1 and id = $6)))
  and ($7 = '' or exists (
      select from note_question l join question q on q.company = $1 and q.id = l.question
      where l.company = $1 and l.note = n.id and q.slug = $7 and q.state <> 'draft') or exists (
      select from note_theme l
      join theme w on w.company = $1 and w.id = l.theme
      join theme t on t.company = $1 and t.heir = w.heir
      join placement p on p.company = $1 and p.theme = t.id
      join excerpt e on e.company = $1 and e.id = p.excerpt
      join response r on r.company = $1 and r.id = e.response and r.state = 'counted' and not r.test
      join question q on q.company = $1 and q.id = r.question and q.state <> 'draft'
      where l.company = $1 and l.note = n.id and q.slug = $7))
  and ($9::timestamptz is null or (n.published_at, n.id) < ($9, coalesce($10::uuid, n.id)))
order by case when $12 then h.weight end desc nulls last, n.published_at desc, n.id desc limit $11 offset $13"""
