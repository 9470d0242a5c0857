"""What a public note says we will do by a day is a promise, from that moment on."""

from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from hearback.database.engine import execute, fetch, lock
from hearback.promises.commands import make_promise
from hearback.promises.rules import PromiseKind
from hearback.refusals import Refused


class _Said(Struct, frozen=True):
    """An action that a public note names with its day, in the note's language."""

    id: UUID
    title: str
    owner: UUID
    due_on: date
    note: UUID
    language: str


async def promise_what_is_public(
    company_id: UUID, action_ids: list[UUID], *, by: UUID, now: datetime, today: date
) -> None:
    """In the caller's transaction. Only what is planned or begun is shown with a day; what is promised already is not
    promised twice. Raises Refused where the day has passed: nobody promises that.
    """
    for action_id in sorted(action_ids):  # in one order, so that no two notes wait for each other
        await lock(company_id, f"action/{action_id}")
    for one in await fetch(
        _Said,
        """select distinct on (x.id) x.id, x.title, x.owner, x.due_on, n.id as note, n.language
           from action x
           join note_action l on l.company = x.company and l.action = x.id
           join note n on n.company = l.company and n.id = l.note and n.state = 'published'
           where x.company = $1 and x.id = any($2) and x.state in ('planned', 'in_progress')
             and not exists (select from promise p where p.company = x.company and p.action = x.id
                             and p.kept_on is null and p.broken_on is null)
           order by x.id, n.published_at, n.id""",
        company_id,
        action_ids,
    ):
        if one.due_on < today:
            raise Refused("action.day-has-passed", field="due_on", day=one.due_on)
        await make_promise(
            company_id,
            PromiseKind.ACTION,
            one.title,
            one.due_on,
            language=one.language,
            by=by,
            now=now,
            owner=one.owner,
            note=one.note,
            action=one.id,
        )


async def follow_promise(company_id: UUID, promise_id: UUID) -> None:
    """The promised day was moved, and the action's with it; nothing happens where it was moved again meanwhile."""
    await execute(
        """update action x set due_on = p.due_on from promise p
           where p.company = $1 and p.id = $2 and x.company = p.company and x.id = p.action
             and not exists (select from promise n where n.company = p.company and n.instead_of = p.id)""",
        company_id,
        promise_id,
    )
