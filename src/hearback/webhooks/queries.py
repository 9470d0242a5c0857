"""What the desk shows of webhooks and deliveries."""

from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from hearback.database.engine import fetch


class Hook(Struct, frozen=True):
    """given_up_on: when it was switched off because nothing got through for days."""

    id: UUID
    address: str
    kinds: list[str]
    active: bool
    failing_since: datetime | None
    given_up_on: date | None


class Delivered(Struct, frozen=True):
    """due_at: of one that waits, when it is tried next."""

    address: str
    kind: str
    title: str
    state: str
    tries: int
    status: int | None
    trouble: str
    on: date
    due_at: datetime | None


async def webhooks(company_id: UUID) -> list[Hook]:
    return await fetch(
        Hook,
        """select id, address, kinds, active, failing_since, given_up_on from webhook
           where company = $1 order by id""",
        company_id,
    )


async def deliveries(company_id: UUID, *, way: str, limit: int = 50) -> list[Delivered]:
    """The newest first."""
    return await fetch(
        Delivered,
        """select d.address, d.kind, coalesce(f.words, '') as title, d.state, d.tries, d.status, d.trouble, d."on",
                  case when d.state = 'waiting' then d.due_at end as due_at
           from delivery d
           left join lateral (
               select f.words from revision v
               join note_field f on f.company = $1 and f.revision = v.id and f.name = 'title'
               where v.company = $1 and v.note = d.note order by v.number desc limit 1) f on true
           where d.company = $1 and d.way = $2 order by d.id desc limit $3""",
        company_id,
        way,
        limit,
    )
