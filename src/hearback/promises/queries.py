"""Promises with the state that time gives them."""

from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from hearback.database.engine import fetch, fetch_one
from hearback.promises.rules import PromiseState, days_late, state_of
from hearback.refusals import NotFound


class Promise(Struct, frozen=True):
    """replaced: a newer promise names another date; this one stays in public and stays late.

    link: below the company's address, where the thing it is about can be read; empty where nowhere.
    """

    id: UUID
    kind: str
    words: str
    question: UUID | None
    note: UUID | None
    made_by: UUID
    made_at: datetime
    due_on: date
    kept_on: date | None
    replaced: bool
    maker: str
    link: str

    def state(self, today: date) -> PromiseState:
        return state_of(self.due_on, self.kept_on, today)

    def days_late(self, today: date) -> int:
        return days_late(self.due_on, self.kept_on, today)


class Sums(Struct, frozen=True):
    """How it went so far, in whole promises; a moved date is a broken one of its own."""

    running: int
    overdue: int
    kept: int
    kept_late: int


async def promises(company_id: UUID, *, limit: int = 200) -> list[Promise]:
    """The overdue ones first, then what is due next, then what was kept, newest first."""
    return await fetch(
        Promise,
        """select p.id, p.kind, p.words, p.question, p.note, p.made_by, p.made_at, p.due_on, p.kept_on,
                  exists (select from promise n where n.company = p.company and n.instead_of = p.id) as replaced,
                  m.name as maker, coalesce('log/' || n.slug, 'ask/' || q.slug, '') as link
           from promise p
           join member m on m.company = p.company and m.id = p.made_by
           left join question q on q.company = p.company and q.id = p.question
           left join note n on n.company = p.company and n.id = p.note and n.state <> 'draft'
           where p.company = $1
           order by p.kept_on is not null, case when p.kept_on is null then p.due_on end, p.kept_on desc, p.id
           limit $2""",
        company_id,
        limit,
    )


async def promise(company_id: UUID, promise_id: UUID) -> Promise:
    """Raises NotFound."""
    found = await fetch_one(
        Promise,
        """select p.id, p.kind, p.words, p.question, p.note, p.made_by, p.made_at, p.due_on, p.kept_on,
                  exists (select from promise n where n.company = p.company and n.instead_of = p.id) as replaced,
                  m.name as maker, '' as link
           from promise p join member m on m.company = p.company and m.id = p.made_by
           where p.company = $1 and p.id = $2""",
        company_id,
        promise_id,
    )
    if found is None:
        raise NotFound
    return found


def sums(promises: list[Promise], today: date) -> Sums:
    states = [promise.state(today) for promise in promises]
    return Sums(
        running=states.count(PromiseState.OPEN) + states.count(PromiseState.DUE),
        overdue=states.count(PromiseState.OVERDUE),
        kept=states.count(PromiseState.KEPT),
        kept_late=states.count(PromiseState.KEPT_LATE),
    )
