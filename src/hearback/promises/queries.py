"""Promises with the state that time gives them."""

from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from hearback.database.engine import fetch, fetch_column, fetch_one, fetch_value
from hearback.promises.rules import PromiseState, days_late, state_of
from hearback.refusals import NotFound

ENDED_A_PAGE = 50
OPEN = (
    "select id from promise where company = $1 and kept_on is null and broken_on is null order by due_on, id"
)
ENDED = """
select id from promise
where company = $1 and coalesce(kept_on, broken_on) is not null
  and ($2::date is null or (coalesce(kept_on, broken_on), id) < ($2, $3::uuid))
order by coalesce(kept_on, broken_on) desc, id desc limit $4
"""


class Promise(Struct, frozen=True):
    """language: of the words and of the reason. replaced_by: the day a newer promise names instead; this one stays
    in public and stays late. replaced_why: the public reason for that, empty where none was asked for yet.

    link: below the company's address, where the thing it is about can be read; empty where nowhere.
    theme: of a next word, on which a note has to speak, wherever it has come to.
    owner_here: whether they still work here.
    """

    id: UUID
    kind: str
    words: str
    language: str
    question: UUID | None
    note: UUID | None
    action: UUID | None
    owner: UUID
    made_by: UUID
    made_at: datetime
    due_on: date
    kept_on: date | None
    broken_on: date | None
    broken_why: str
    held: str
    outcome: str
    replaced_by: date | None
    replaced_why: str
    maker: str
    owner_name: str
    owner_here: bool
    link: str
    theme: UUID | None

    @property
    def replaced(self) -> bool:
        return self.replaced_by is not None

    @property
    def ended(self) -> bool:
        """Kept, or broken."""
        return self.ended_on is not None

    @property
    def ended_on(self) -> date | None:
        return self.kept_on or self.broken_on

    def state(self, today: date) -> PromiseState:
        return state_of(self.due_on, self.kept_on, today, broken_on=self.broken_on)

    def days_late(self, today: date) -> int:
        return days_late(self.due_on, self.kept_on, today)


class Listed(Struct, frozen=True):
    """A page of promises. older: the last one here, where more had ended before it."""

    promises: list[Promise]
    older: UUID | None


class Sums(Struct, frozen=True):
    """How it went so far, in whole promises; a moved date is a late one of its own.

    first_reply_days: from the opening of a question to the first note that answered it, the median over those that
    have one; None while none has, and where it is not asked for.
    """

    running: int
    overdue: int
    kept: int
    kept_late: int
    broken: int
    first_reply_days: float | None = None


async def promises(company_id: UUID, *, before: UUID | None = None) -> Listed:
    """The overdue ones first, then what is due next, then what has ended, newest first; at most so many of these.

    before: only what had ended before this one, for the next page. Raises NotFound where that has not ended.
    """
    mark = await promise(company_id, before) if before else None
    if mark and not mark.ended:
        raise NotFound
    open_ids = [] if mark else await fetch_column(OPEN, company_id)
    ended_ids = await fetch_column(ENDED, company_id, mark and mark.ended_on, before, ENDED_A_PAGE + 1)
    shown = ended_ids[:ENDED_A_PAGE]
    return Listed(
        await _promises(company_id, open_ids + shown),
        older=shown[-1] if len(ended_ids) > ENDED_A_PAGE else None,
    )


async def promise(company_id: UUID, promise_id: UUID) -> Promise:
    """Raises NotFound, for another company's promise too."""
    found = await _promises(company_id, [promise_id])
    if not found:
        raise NotFound
    return found[0]


async def sums(company_id: UUID, today: date) -> Sums:
    found = await fetch_one(
        Sums,
        """select count(*) filter (where kept_on is null and broken_on is null and due_on >= $2) as running,
                  count(*) filter (where kept_on is null and broken_on is null and due_on < $2) as overdue,
                  count(*) filter (where kept_on <= due_on) as kept,
                  count(*) filter (where kept_on > due_on) as kept_late,
                  count(*) filter (where broken_on is not null) as broken,
                  (select percentile_cont(0.5) within group (order by f.days) from (
                       select greatest(0, (min(n.published_at) at time zone c.timezone)::date
                                          - (q.opens_at at time zone c.timezone)::date) as days
                       from company c
                       join question q on q.company = c.id
                       join note_question l on l.company = c.id and l.question = q.id
                       join note n on n.company = c.id and n.id = l.note and n.published_at is not null
                            and n.kind <> 'holding'
                       where c.id = $1 group by c.timezone, q.id) f) as first_reply_days
           from promise where company = $1""",
        company_id,
        today,
    )
    return found or Sums(0, 0, 0, 0, 0)


async def newest_of(company_id: UUID, promise_id: UUID) -> UUID:
    """The promise whose day holds now: this one, or the last of those that named another day for it."""
    newest: UUID = await fetch_value(
        """with recursive named (id, nth) as (
               select $2::uuid, 0
               union all select p.id, n.nth + 1 from promise p join named n on p.company = $1 and p.instead_of = n.id)
           select id from named order by nth desc limit 1""",
        company_id,
        promise_id,
    )
    return newest


async def open_of_action(company_id: UUID, action_id: UUID) -> list[UUID]:
    """What was said of it in public and holds: the newest of its days only."""
    return await fetch_column(
        """select id from promise p where company = $1 and action = $2 and kept_on is null and broken_on is null
           and not exists (select from promise n where n.company = $1 and n.instead_of = p.id)""",
        company_id,
        action_id,
    )


async def _promises(company_id: UUID, promise_ids: list[UUID]) -> list[Promise]:
    """In this order."""
    return await fetch(
        Promise,
        """select p.id, p.kind, p.words, p.language, p.question, p.note, p.action, p.owner, p.made_by, p.made_at,
                  p.due_on, p.kept_on, p.broken_on, p.broken_why, p.held, p.outcome,
                  newer.due_on as replaced_by, coalesce(newer.why, '') as replaced_why, m.name as maker,
                  o.name as owner_name, o.active as owner_here,
                  coalesce('log/' || n.slug, 'ask/' || q.slug, (
                      with recursive older (id, instead_of) as (
                          select p.id, p.instead_of where p.kind = 'step'
                          union select b.id, b.instead_of from promise b
                                join older o on b.company = p.company and b.id = o.instead_of)
                      select 'replies' from reply y join older o on o.id = y.promise
                      where y.company = p.company and y.theme is not null limit 1), '') as link,
                  case when p.kind = 'next_word' then (
                      select t.heir from note_theme l join theme t on t.company = l.company and t.id = l.theme
                      where l.company = p.company and l.note = p.note order by t.heir limit 1) end as theme
           from unnest($2::uuid[]) with ordinality as wanted (id, nth)
           join promise p on p.company = $1 and p.id = wanted.id
           left join promise newer on newer.company = p.company and newer.instead_of = p.id
           join member m on m.company = p.company and m.id = p.made_by
           join member o on o.company = p.company and o.id = p.owner
           left join question q on q.company = p.company and q.id = p.question
           left join note n on n.company = p.company and n.id = p.note and n.state <> 'draft'
           order by wanted.nth""",
        company_id,
        promise_ids,
    )
