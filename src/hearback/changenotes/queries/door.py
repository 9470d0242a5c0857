"""The question that takes in what anybody says to a note."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from hearback.database.engine import fetch


class DoorQuestion(Struct, frozen=True):
    """One that could. open: it takes answers now; chosen: it is the company's choice."""

    id: UUID
    title: str
    language: str
    open: bool
    chosen: bool
    closes_at: datetime


async def door_questions(company_id: UUID, *, now: datetime) -> list[DoorQuestion]:
    """For everybody, with something to write into, and not over; the chosen one also when it is."""
    return await fetch(
        DoorQuestion,
        """select q.id, q.title, q.language, q.closes_at, d.id is not null as chosen,
                  q.state = 'open' and q.opens_at <= $2 and q.closes_at > $2 as open
           from question q left join note_door d on d.company = q.company and d.question = q.id
           where q.company = $1 and (d.id is not null or (
               q.level <> 'invited' and q.state <> 'closed' and q.closes_at > $2 and exists (
                   select from prompt p where p.company = q.company and p.question = q.id and p.kind = 'open')))
           order by q.closes_at desc, q.id""",
        company_id,
        now,
    )
