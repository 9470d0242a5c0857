"""What the desk shows where themes are sorted: the list, and what stands around one theme."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from hearback.database.engine import fetch, fetch_one


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
                  looks_again_on(h.company, h.id, (h.resting_since at time zone c.timezone)::date) as look_again,
                  coalesce(v.days, '{}') as days, coalesce(v.on_days, '{}') as on_days
           from theme h join company c on c.id = h.company left join voices v on v.heir = h.id
           where h.company = $1 and h.heir = h.id and (h.state = 'named' or v.n > 0)
           order by voices desc, h.id""",
        company_id,
        since,
        list(weighty),
        reader,
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
               select (max(n.published_at) at time zone min(c.timezone))::date as on from theme t
               join company c on c.id = t.company
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
