"""What waits for a word today."""

from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from hearback.database.engine import fetch, fetch_one
from hearback.promises.rules import LATE, PromiseState, state_of
from hearback.promises.waiting import Waiting, questions_waiting


class Asked(Struct, frozen=True):
    """Who asks and waits. people: counted responses; unread: how many of them nobody has opened."""

    question: UUID
    people: int
    unread: int
    owner: UUID
    owner_name: str
    owner_face: str | None


class Due(Struct, frozen=True):
    """A promise that is neither kept nor broken, on its newest day."""

    id: UUID
    words: str
    language: str
    kind: str
    due_on: date
    question: UUID | None
    note: UUID | None
    owner: UUID
    owner_name: str

    def state(self, today: date) -> PromiseState:
        return state_of(self.due_on, None, today)

    def is_late(self, today: date) -> bool:
        return self.state(today) in LATE


class Came(Struct, frozen=True):
    """An excerpt of the newest answers. theme: where it stands, empty while it is unsorted. alike: how many unread
    answers begin in the same wording, this one included."""

    words: str
    language: str
    theme: str
    question: str
    response: UUID
    alike: int


class Sums(Struct, frozen=True):
    """What waits: answers nobody has read, excerpts not sorted, corrections from receipts of the last 14 days.

    unsorted: each wording once, as the desk shows it.
    """

    unread: int
    unsorted: int
    corrections: int


async def waiting(company_id: UUID, now: datetime, *, reader: str) -> list[tuple[Waiting, Asked]]:
    """Questions whose promised reply has not come, as everybody reads it; what is due first, first."""
    silent = {one.question: one for one in await questions_waiting(company_id, now, reader=reader)}
    asked = await fetch(
        Asked,
        """select q.id as question, count(r.id) filter (where r.state = 'counted' and not r.test) as people,
                  count(r.id) filter (where r.state = 'counted' and not r.test and r.read_on is null) as unread,
                  m.id as owner, m.name as owner_name, m.face_digest as owner_face
           from question q
           join member m on m.company = q.company and m.id = q.asked_by
           left join response r on r.company = q.company and r.question = q.id
           where q.company = $1 and q.id = any($2)
           group by q.company, q.id, m.id""",
        company_id,
        list(silent),
    )
    found = [(silent[one.question], one) for one in asked]
    return sorted(found, key=lambda pair: (pair[0].due_on or date.max, pair[1].question))


async def due(company_id: UUID) -> list[Due]:
    """Promises that are not kept yet, the nearest first."""
    return await fetch(
        Due,
        """select p.id, p.words, p.language, p.kind, p.due_on, p.question, p.note, p.owner, m.name as owner_name
           from promise p join member m on m.company = p.company and m.id = p.owner
           where p.company = $1 and p.kept_on is null and p.broken_on is null and not exists (
               select from promise newer where newer.company = p.company and newer.instead_of = p.id)
           order by p.due_on, p.id""",
        company_id,
    )


async def came(company_id: UUID, *, limit: int = 3, reader: str = "") -> list[Came]:
    """Words of unread answers, newest day first, one of each response and of each wording. reader: whose language the
    terms of suggested themes are in."""
    return await fetch(
        Came,
        """with each as (
               select distinct on (r.day, r.id) r.day, e.id, coalesce(e.wording::text, e.id::text) as wording
               from response r join excerpt e on e.company = r.company and e.response = r.id
               where r.company = $1 and r.state = 'counted' and not r.test and r.read_on is null
                 and e.ends - e.starts between 20 and 280
               order by r.day desc, r.id, e.starts),
           folded as (
               select *, row_number() over (partition by wording order by day desc, id) as nth,
                      count(*) over (partition by wording)::int as alike
               from each)
           select substr(a.words, e.starts + 1, e.ends - e.starts) as words,
                  case e.language when '' then r.language when 'other' then 'und' else e.language end as language,
                  coalesce(theme_called(h.name, h.terms, h.terms_in, $3), '') as theme,
                  q.title as question, r.id as response, f.alike
           from folded f
           join excerpt e on e.company = $1 and e.id = f.id
           join response r on r.company = e.company and r.id = e.response
           join question q on q.company = r.company and q.id = r.question
           join answer a on a.company = e.company and a.id = e.answer
           left join placement p on p.company = e.company and p.excerpt = e.id
           left join theme t on t.company = p.company and t.id = p.theme
           left join theme h on h.company = t.company and h.id = t.heir
           where f.nth = 1 order by f.day desc, e.id limit $2""",
        company_id,
        limit,
        reader,
    )


async def sums(company_id: UUID, *, since: date) -> Sums:
    found = await fetch_one(
        Sums,
        """select (select count(*) from response where company = $1 and state = 'counted' and not test
                     and read_on is null) as unread,
                  (select count(distinct e.wording) + count(*) filter (where e.wording is null) from excerpt e
                   join response r on r.company = e.company and r.id = e.response and r.state = 'counted' and not r.test
                   left join placement p on p.company = e.company and p.excerpt = e.id
                   where e.company = $1 and p.id is null) as unsorted,
                  (select count(*) from hearback where company = $1 and verdict <> 'yes' and "on" >= $2)
                     as corrections""",
        company_id,
        since,
    )
    return found or Sums(0, 0, 0)


class ToLookAt(Struct, frozen=True):
    """Answers that wait for a person, by why; n of them, the oldest of that day. flag: empty where a fan asks for
    another look at what a person decided."""

    flag: str
    n: int
    oldest: date


async def to_look_at(company_id: UUID) -> list[ToLookAt]:
    """What has waited longest first. What waits for its fan's yes is none of it."""
    return await fetch(
        ToLookAt,
        """select flag, count(*) as n, min(day) as oldest from (
               select flag, day from response
               where company = $1 and state = 'held' and flag <> 'unconfirmed' and not test
               union all select '', asked_on from second_look where company = $1 and outcome = '') as waits
           group by flag order by oldest, flag""",
        company_id,
    )


class OpenAgain(Struct, frozen=True):
    """A theme that opened again by itself: n people behind a note said that it is not their point."""

    theme: UUID
    name: str
    n: int


async def open_again(company_id: UUID) -> list[OpenAgain]:
    """Those to which no public note has spoken since, the newest first."""
    return await fetch(
        OpenAgain,
        """select h.id as theme, h.name, (v.details->>'n')::int as n
           from theme_event v join theme t on t.company = $1 and t.id = v.theme
           join theme h on h.company = $1 and h.id = t.heir
           where v.company = $1 and v.deed = 'reopened' and not exists (
               select from theme s join note_theme l on l.company = $1 and l.theme = s.id
               join note n on n.company = $1 and n.id = l.note and n.state = 'published' and n.published_at > v.at
               where s.company = $1 and s.heir = h.id)
           order by v.at desc, v.id limit 5""",
        company_id,
    )
