"""What the desk shows where themes are sorted: the list, one theme with its quotes, and what is not sorted yet."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from hearback.database.engine import fetch, fetch_one

COPIES_SHOWN = 20  # of one wording, behind the one that stands for all; the rest is a number


class Row(Struct, frozen=True):
    """A theme in the list. name: its terms while it is only suggested. voices: different counted responses.

    note: the kind of its newest public note; actions: the states of its actions; both of merged themes too.
    weighty: its weight is more than its size tells; may_weigh: only the machine suspects so, and nobody has said no
    of all that lies there. asked_until:
    when the last open question about it closes. decided: a public note says what we do or why not. look_again: the
    first day after it came to rest on which such a note promised to look again. days, on_days: when people spoke of
    it, and how many each day, oldest first.
    """

    id: UUID
    name: str
    named: bool
    voices: int
    weight_reason: str
    weighty: bool
    may_weigh: bool
    note: str | None
    actions: list[str]
    assigned_to: UUID | None
    assigned_team: UUID | None
    asked_until: datetime | None
    decided: bool
    resting_since: datetime | None
    wakes_on: date | None
    wakes_at: int | None
    look_again: date | None
    days: list[date]
    on_days: list[int]


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


class Pile(Struct, frozen=True):
    """What is unsorted, and since when; what people put nowhere on purpose; and responses that count at all.

    unsorted, nowhere: as many as are shown, so what stands there in one wording counts once.
    """

    unsorted: int
    oldest: date | None
    nowhere: int
    counted: int


class Merged(Struct, frozen=True):
    """A theme that came into this one."""

    id: UUID
    name: str


class Doing(Struct, frozen=True):
    id: UUID
    title: str
    state: str
    due_on: date
    owner: str


class Told(Struct, frozen=True):
    id: UUID
    slug: str
    kind: str
    title: str
    published_at: datetime


class Waiting(Struct, frozen=True):
    """People of this theme to whom no public note has spoken yet."""

    people: int
    oldest: date | None


async def rows(
    company_id: UUID, *, since: date | None = None, weighty: Sequence[str] = (), reader: str = ""
) -> list[Row]:
    """Themes that speak for themselves, most voices first; suggestions without any voice are left out.

    weighty: entries of the codebook that weigh; a suggestion of one of them is to be looked at by people.
    since: the first day that is told apart; None for none of them. All placements are walked once for both: a
    response has one day, so the days of a theme add up to its voices. reader: the language of whoever reads its terms.
    """
    return await fetch(
        Row,
        """with voice as (
               select distinct t.heir, r.day, e.response from theme t
               join placement p on p.company = t.company and p.theme = t.id
               join excerpt e on e.company = p.company and e.id = p.excerpt
               join response r on r.company = e.company and r.id = e.response
               where t.company = $1 and r.state = 'counted' and not r.test),
           on_day as (select heir, day, count(*) as n from voice group by heir, day),
           voices as (
               select heir, sum(n)::int as n, array_agg(day order by day) filter (where day >= $2) as days,
                      array_agg(n::int order by day) filter (where day >= $2) as on_days
               from on_day group by heir),
           suspected as (
               select h.id from theme h
               where h.company = $1 and h.heir = h.id and h.state = 'suggested' and h.weight_reason = ''
                 and h.entry = any($3) and exists (
                     select from theme t
                     join placement p on p.company = t.company and p.theme = t.id
                     join excerpt e on e.company = p.company and e.id = p.excerpt
                     join response r on r.company = e.company and r.id = e.response
                     where t.company = h.company and t.heir = h.id and r.state = 'counted' and not r.test
                       and p.excerpt not in (select excerpt from light_excerpt where company = $1)))
           select h.id, theme_called(h.name, h.terms, h.terms_in, $4) as name,
                  h.state = 'named' as named, coalesce(v.n, 0) as voices, h.weight_reason,
                  h.weight_reason <> '' or h.id in (select id from suspected) as weighty,
                  h.id in (select id from suspected) as may_weigh,
                  h.assigned_to, h.assigned_team, h.resting_since, h.wakes_on, h.wakes_at,
                  (select n.kind from theme s join note_theme l on l.company = s.company and l.theme = s.id
                   join note n on n.company = l.company and n.id = l.note and n.state = 'published'
                   where s.company = h.company and s.heir = h.id
                   order by n.published_at desc, n.id limit 1) as note,
                  array(select distinct x.state from theme s
                        join action_theme l on l.company = s.company and l.theme = s.id
                        join action x on x.company = l.company and x.id = l.action
                        where s.company = h.company and s.heir = h.id) as actions,
                  (select max(q.closes_at) from theme s
                   join theme_question l on l.company = s.company and l.theme = s.id
                   join question q on q.company = l.company and q.id = l.question and q.state = 'open'
                   where s.company = h.company and s.heir = h.id) as asked_until,
                  exists (select from theme s join note_theme l on l.company = s.company and l.theme = s.id
                          join note n on n.company = l.company and n.id = l.note and n.state = 'published'
                               and n.kind in ('changed', 'not_changed')
                               and n.published_at > coalesce((
                                   select max(v.at) from theme_event v
                                   where v.company = h.company and v.theme = h.id and v.deed = 'reopened'), '-infinity')
                          where s.company = h.company and s.heir = h.id) as decided,
                  (select min(f.until) from theme s join note_theme l on l.company = s.company and l.theme = s.id
                   join note n on n.company = l.company and n.id = l.note and n.state = 'published'
                   join revision y on y.company = n.company and y.note = n.id
                   join note_field f on f.company = y.company and f.revision = y.id and f.name = 'look_again'
                   where s.company = h.company and s.heir = h.id and f.until > h.resting_since::date) as look_again,
                  coalesce(v.days, '{}') as days, coalesce(v.on_days, '{}') as on_days
           from theme h left join voices v on v.heir = h.id
           where h.company = $1 and h.heir = h.id and (h.state = 'named' or v.n > 0)
           order by voices desc, h.id""",
        company_id,
        since,
        list(weighty),
        reader,
    )


async def quotes(
    company_id: UUID,
    theme_id: UUID,
    *,
    question: UUID | None = None,
    after: tuple[date, UUID] | None = None,
    limit: int,
) -> list[Quote]:
    """Newest day first, of one question or of all; of one wording only the newest. after: the day and id of the last
    one that was shown."""
    return await fetch(
        Quote,
        """with here as materialized (
               select e.id, e.response, e.wording, r.day, p.by,
                      row_number() over (
                          partition by coalesce(e.wording::text, e.id::text) order by r.day desc, e.id desc) as nth,
                      row_number() over (partition by e.wording, e.response order by r.day desc, e.id desc) as own
               from theme t
               join placement p on p.company = t.company and p.theme = t.id
               join excerpt e on e.company = p.company and e.id = p.excerpt
               join response r on r.company = e.company and r.id = e.response
               where t.company = $1 and t.heir = $2 and r.state = 'counted' and not r.test
                 and ($6::uuid is null or e.question = $6)),
           page as (
               select * from here where nth = 1 and ($3::date is null or (day, id) < ($3, $4))
               order by day desc, id desc limit $5),
           copies as (
               select h.id, count(*)::int as alike, (array_agg(c.id order by c.nth))[2:$7] as others
               from page h join here c on c.wording = h.wording and c.own = 1 group by h.id)
           select e.id, e.response, substr(a.words, e.starts + 1, e.ends - e.starts) as words,
                  case e.language when '' then r.language when 'other' then 'und' else e.language end as language,
                  r.day, r.quoting, r.first_name, r.place, q.title as question, h.by,
                  array(select distinct oh.name
                        from excerpt oe join placement op on op.company = oe.company and op.excerpt = oe.id
                        join theme ot on ot.company = op.company and ot.id = op.theme and ot.heir <> $2
                        join theme oh on oh.company = ot.company and oh.id = ot.heir and oh.state = 'named'
                        where oe.company = e.company and oe.response = e.response) as also_in,
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
           order by r.day desc, e.id desc""",
        company_id,
        theme_id,
        after[0] if after else None,
        after[1] if after else None,
        limit,
        question,
        1 + COPIES_SHOWN,
    )


async def without_theme(
    company_id: UUID, *, nowhere: bool, after: tuple[date, UUID] | None = None, limit: int
) -> list[Quote]:
    """What is unsorted, oldest day first for it waits longest, or what people put nowhere; of one wording only the
    oldest."""
    return await fetch(
        Quote,
        """with here as materialized (
               select e.id, e.response, e.wording, r.day, p.by,
                      row_number() over (
                          partition by coalesce(e.wording::text, e.id::text) order by r.day, e.id) as nth,
                      row_number() over (partition by e.wording, e.response order by r.day, e.id) as own
               from excerpt e
               join response r on r.company = e.company and r.id = e.response
               left join placement p on p.company = e.company and p.excerpt = e.id
               where e.company = $1 and r.state = 'counted' and not r.test
                 and case when $2 then p.by = 'person' and p.theme is null else p.id is null end),
           page as (
               select * from here where nth = 1 and ($3::date is null or (day, id) > ($3, $4))
               order by day, id limit $5),
           copies as (
               select h.id, count(*)::int as alike, (array_agg(c.id order by c.nth))[2:$6] as others
               from page h join here c on c.wording = h.wording and c.own = 1 group by h.id)
           select e.id, e.response, substr(a.words, e.starts + 1, e.ends - e.starts) as words,
                  case e.language when '' then r.language when 'other' then 'und' else e.language end as language,
                  r.day, r.quoting, r.first_name, r.place, q.title as question, h.by,
                  array(select distinct oh.name
                        from excerpt oe join placement op on op.company = oe.company and op.excerpt = oe.id
                        join theme ot on ot.company = op.company and ot.id = op.theme
                        join theme oh on oh.company = ot.company and oh.id = ot.heir and oh.state = 'named'
                        where oe.company = e.company and oe.response = e.response) as also_in,
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
           order by r.day, e.id""",
        company_id,
        nowhere,
        after[0] if after else None,
        after[1] if after else None,
        limit,
        1 + COPIES_SHOWN,
    )


async def quotes_of(company_id: UUID, excerpt_ids: list[UUID]) -> list[Quote]:
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


async def pile(company_id: UUID) -> Pile:
    found = await fetch_one(
        Pile,
        """with loose as materialized (
               select e.response, e.wording from excerpt e where e.company = $1
                 and not exists (select from placement p where p.company = $1 and p.excerpt = e.id))
           select count(distinct l.wording) + count(*) filter (where l.wording is null) as unsorted,
                  min(r.day) as oldest,
                  (select count(distinct e.wording) + count(*) filter (where e.wording is null) from placement p
                   join excerpt e on e.company = p.company and e.id = p.excerpt
                   join response n on n.company = e.company and n.id = e.response
                   where p.company = $1 and p.theme is null and n.state = 'counted' and not n.test) as nowhere,
                  (select count(*) from response where company = $1 and state = 'counted' and not test) as counted
           from loose l join response r on r.company = $1 and r.id = l.response
           where r.state = 'counted' and not r.test""",
        company_id,
    )
    return found or Pile(0, None, 0, 0)


async def merged(company_id: UUID, theme_id: UUID, *, reader: str = "") -> list[Merged]:
    """What speaks through this theme; each can be parted from it again. A split that was undone left nothing."""
    return await fetch(
        Merged,
        """select id, theme_called(name, terms, terms_in, $3) as name
           from theme t
           where company = $1 and heir = $2 and id <> $2
             and not exists (select from theme_event v where v.company = t.company and v.theme = t.id
                             and v.deed = 'split' and v.details ? 'undoes' and not v.details ? 'of')
           order by name, id""",
        company_id,
        theme_id,
        reader,
    )


async def actions(company_id: UUID, theme_id: UUID) -> list[Doing]:
    return await fetch(
        Doing,
        """select distinct on (x.due_on, x.id) x.id, x.title, x.state, x.due_on, m.name as owner
           from theme t
           join action_theme l on l.company = t.company and l.theme = t.id
           join action x on x.company = l.company and x.id = l.action
           join member m on m.company = x.company and m.id = x.owner
           where t.company = $1 and t.heir = $2 order by x.due_on, x.id""",
        company_id,
        theme_id,
    )


async def notes(company_id: UUID, theme_id: UUID) -> list[Told]:
    """Public ones, newest first."""
    return await fetch(
        Told,
        """select n.id, n.slug, n.kind, n.published_at,
                  coalesce((select f.words from revision v
                            join note_field f on f.company = v.company and f.revision = v.id and f.name = 'title'
                            where v.company = n.company and v.note = n.id and v.kind <> 'withdrawn'
                            order by v.number desc limit 1), '') as title
           from note n
           where n.company = $1 and n.state = 'published' and exists (
               select from note_theme l join theme t on t.company = l.company and t.id = l.theme
               where l.company = n.company and l.note = n.id and t.heir = $2)
           order by n.published_at desc, n.id""",
        company_id,
        theme_id,
    )


async def waiting(company_id: UUID, theme_id: UUID) -> Waiting:
    """Who spoke after the last public note on it, or ever, where there was none."""
    found = await fetch_one(
        Waiting,
        """with told as (
               select max(n.published_at)::date as on from theme t
               join note_theme l on l.company = t.company and l.theme = t.id
               join note n on n.company = l.company and n.id = l.note and n.state = 'published'
               where t.company = $1 and t.heir = $2)
           select count(distinct r.id) as people, min(r.day) as oldest
           from told, theme t
           join placement p on p.company = t.company and p.theme = t.id
           join excerpt e on e.company = p.company and e.id = p.excerpt
           join response r on r.company = e.company and r.id = e.response
           where t.company = $1 and t.heir = $2 and r.state = 'counted' and not r.test
             and (told.on is null or r.day > told.on)""",
        company_id,
        theme_id,
    )
    return found or Waiting(0, None)
