"""When a question has closed, its sums go into the ledger: from then on nobody can say that there were others."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from hearback.answering import queries
from hearback.answering.rules import ResponseState
from hearback.database.engine import fetch, fetch_value, lock, transaction
from hearback.ledger.commands import record
from hearback.ledger.rules import Kind


class _Closed(Struct, frozen=True):
    company: UUID
    id: UUID


async def count_closed(now: datetime) -> None:
    """Each once. What is decided, taken back or confirmed later has entries of its own."""
    for one in await fetch(
        _Closed,
        """select q.company, q.id from question q
           where q.state <> 'draft' and q.closes_at <= $1
             and not exists (select from ledger_leaf l where l.company = q.company and l.subject = q.id
                             and l.kind = 'question.counted')
           order by q.closes_at""",
        now,
    ):
        async with transaction():
            await lock(one.company, f"counting {one.id}")
            if not await _is_there(one):
                sums = await queries.sums(one.company, one.id)
                figures = {state.value: getattr(sums, state.value) for state in ResponseState}
                await record(one.company, Kind.COUNTED, one.id, {}, now=now, figures=figures)


async def _is_there(question: _Closed) -> bool:
    """By another worker, a moment ago."""
    there: bool = await fetch_value(
        """select exists (select from ledger_leaf where company = $1 and subject = $2 and kind = 'question.counted')""",
        question.company,
        question.id,
    )
    return there
