"""Excerpts as the desk reads them: those of a theme, those without one, and chosen ones."""

from datetime import date
from uuid import UUID

from msgspec import Struct

from hearback.database.engine import fetch

COPIES_SHOWN = 20  # of one wording, behind the one that stands for all; the rest is a number


class Quote(Struct, frozen=True):
    """An excerpt as its fan wrote it. by: `machine` or `person`, None while it is unsorted.

    also_in: other named themes that the same response speaks of. alike: how many answers say it in the same wording
    where it is shown, this one included, however often each does; copied_*: the first few of the others, side by
    side. language: `und` where it is neither German nor English.
    """

    id: UUID
    response: UUID
    words: str
    language: str
    day: date
    quoting: str
    first_name: str
    place: str
    question: str
    by: str | None
    also_in: list[str]
    alike: int = 1
    copied_by: list[UUID] = []
    copied_on: list[date] = []
    copied_words: list[str] = []

    @property
    def copies(self) -> list[tuple[UUID, date, str]]:
        return list(zip(self.copied_by, self.copied_on, self.copied_words, strict=True))


# A page of `here` with what is shown of each. page: its rows in their place; lies: the theme they are shown in.
_READ = """,
           copies as (
               select h.id, count(*)::int as alike, (array_agg(c.id order by c.nth))[2:$2] as others
               from page h join here c on c.wording = h.wording and c.own = 1 group by h.id)
           select e.id, e.response, substr(a.words, e.starts + 1, e.ends - e.starts) as words,
                  case e.language when '' then r.language when 'other' then 'und' else e.language end as language,
                  r.day, r.quoting, r.first_name, r.place, q.title as question, h.by,
                  array(select distinct oh.name
                        from excerpt oe join placement op on op.company = oe.company and op.excerpt = oe.id
                        join theme ot on ot.company = op.company and ot.id = op.theme
                        join theme oh on oh.company = ot.company and oh.id = ot.heir and oh.state = 'named'
                        where oe.company = e.company and oe.response = e.response
                          and oh.id is distinct from h.lies) as also_in,
                  coalesce(c.alike, 1) as alike, o.copied_by, o.copied_on, o.copied_words
           from page h
           join excerpt e on e.company = $1 and e.id = h.id
           join response r on r.company = e.company and r.id = e.response
           join answer a on a.company = e.company and a.id = e.answer
           join question q on q.company = e.company and q.id = e.question
           left join copies c on c.id = h.id
           cross join lateral (
               select coalesce(array_agg(x.response order by n), '{}') as copied_by,
                      coalesce(array_agg(y.day order by n), '{}') as copied_on,
                      coalesce(array_agg(substr(z.words, x.starts + 1, x.ends - x.starts) order by n), '{}')
                          as copied_words
               from unnest(c.others) with ordinality as u (id, n)
               join excerpt x on x.company = $1 and x.id = u.id
               join response y on y.company = $1 and y.id = x.response
               join answer z on z.company = $1 and z.id = x.answer) o
           order by h.place"""

_OF_THEME = (  # all of it literals
    """with here as materialized (
               select e.id, e.response, e.wording, r.day, p.by, t.heir as lies,
                      row_number() over (
                          partition by coalesce(e.wording::text, e.id::text) order by r.day desc, e.id desc) as nth,
                      row_number() over (partition by e.wording, e.response order by r.day desc, e.id desc) as own
               from theme t
               join placement p on p.company = t.company and p.theme = t.id
               join excerpt e on e.company = p.company and e.id = p.excerpt
               join response r on r.company = e.company and r.id = e.response
               where t.company = $1 and t.heir = $6 and r.state = 'counted' and not r.test
                 and ($7::uuid is null or e.question = $7)),
           page as (
               select *, row_number() over (order by day desc, id desc) as place from here
               where nth = 1 and ($3::date is null or (day, id) < ($3, $4))
               order by day desc, id desc limit $5)"""  # noqa: S608
    + _READ
)

_WITHOUT_THEME = (  # all of it literals
    """with here as materialized (
               select e.id, e.response, e.wording, r.day, p.by, null::uuid as lies,
                      row_number() over (
                          partition by coalesce(e.wording::text, e.id::text) order by r.day, e.id) as nth,
                      row_number() over (partition by e.wording, e.response order by r.day, e.id) as own
               from excerpt e
               join response r on r.company = e.company and r.id = e.response
               left join placement p on p.company = e.company and p.excerpt = e.id
               where e.company = $1 and r.state = 'counted' and not r.test
                 and case when $6 then p.by = 'person' and p.theme is null else p.id is null end),
           page as (
               select *, row_number() over (order by day, id) as place from here
               where nth = 1 and ($3::date is null or (day, id) > ($3, $4))
               order by day, id limit $5)"""  # noqa: S608
    + _READ
)


async def of_theme(
    company_id: UUID,
    theme_id: UUID,
    *,
    question: UUID | None = None,
    after: tuple[date, UUID] | None = None,
    limit: int,
) -> list[Quote]:
    """Newest day first, of one question or of all; of one wording only the newest. after: the day and id of the last
    one that was shown."""
    day, last = after or (None, None)
    return await fetch(Quote, _OF_THEME, company_id, 1 + COPIES_SHOWN, day, last, limit, theme_id, question)


async def without_theme(
    company_id: UUID, *, nowhere: bool, after: tuple[date, UUID] | None = None, limit: int
) -> list[Quote]:
    """What is unsorted, oldest day first for it waits longest, or what people put nowhere; of one wording only the
    oldest."""
    day, last = after or (None, None)
    return await fetch(Quote, _WITHOUT_THEME, company_id, 1 + COPIES_SHOWN, day, last, limit, nowhere)


async def chosen(company_id: UUID, excerpt_ids: list[UUID]) -> list[Quote]:
    """Excerpts that count, wherever they lie, in the order of the ids; without their copies, which are only counted."""
    return await fetch(
        Quote,
        """select e.id, r.id as response, substr(a.words, e.starts + 1, e.ends - e.starts) as words,
                  case e.language when '' then r.language when 'other' then 'und' else e.language end as language,
                  r.day, r.quoting, r.first_name, r.place, q.title as question, p.by, '{}'::text[] as also_in,
                  greatest(1, s.alike) as alike
           from excerpt e
           join response r on r.company = e.company and r.id = e.response
           join answer a on a.company = e.company and a.id = e.answer
           join question q on q.company = e.company and q.id = e.question
           left join placement p on p.company = e.company and p.excerpt = e.id
           left join theme t on t.company = p.company and t.id = p.theme
           cross join lateral (
               select count(distinct c.response)::int as alike from excerpt c
               join response y on y.company = c.company and y.id = c.response and y.state = 'counted' and not y.test
               left join placement l on l.company = c.company and l.excerpt = c.id
               left join theme o on o.company = l.company and o.id = l.theme
               where c.company = e.company and c.wording = e.wording
                 and (l.id is null) = (p.id is null) and o.heir is not distinct from t.heir) s
           where e.company = $1 and e.id = any($2) and r.state in ('counted', 'held') and not r.test
           order by array_position($2, e.id)""",
        company_id,
        excerpt_ids,
    )
