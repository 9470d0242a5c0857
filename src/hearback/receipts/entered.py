"""On the receipt of an answer that a member typed in: how it came, and who typed it."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from hearback.database.engine import fetch_one
from hearback.people.queries import Company
from hearback.receipts.public import PIECES, Piece
from hearback.receipts.queries import Receipt


class Entered(Struct, frozen=True):
    """undone_at, reason: when whoever typed it took it out again as a slip, and why."""

    channel: str
    name: str
    undone_at: datetime | None
    reason: str


async def entered(company_id: UUID, response_id: UUID) -> Entered | None:
    """None for what came through the web or a file."""
    return await fetch_one(
        Entered,
        """select r.channel, m.name, t.at as undone_at, coalesce(t.after->>'reason', '') as reason
           from response r
           join member m on m.company = r.company and m.id = r.entered_by
           left join audit t on t.company = r.company and t.subject = r.id and t.did = 'answer.entry-undone'
           where r.company = $1 and r.id = $2""",
        company_id,
        response_id,
    )


async def on_receipt(company: Company, receipt: Receipt) -> list[Piece]:
    found = await entered(company.id, receipt.id)
    return [Piece("way", "receipts/_entered.html", found)] if found else []


PIECES.append(on_receipt)
