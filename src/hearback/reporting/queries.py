"""The reports as they are stored: the desk and the public read the same row."""

from datetime import date, datetime
from uuid import UUID

import msgspec
from msgspec import Struct

from hearback.database.engine import fetch, fetch_value
from hearback.refusals import NotFound
from hearback.reporting.rules import Figures


class _Row(Struct, frozen=True):
    month: date
    figures: str
    computed_at: datetime
    signer: str
    signer_title: str
    signer_face: str | None
    signed_at: datetime | None


class Report(Struct, frozen=True):
    """signer: whoever of the leadership signed it, with the role of then; empty while nobody has."""

    month: date
    figures: Figures
    computed_at: datetime
    signer: str
    signer_title: str
    signer_face: str | None
    signed_at: datetime | None

    @property
    def address(self) -> str:
        return f"{self.month:%Y-%m}"


async def reports(company_id: UUID) -> list[Report]:
    """The newest first."""
    return [_read(row) for row in await _rows(company_id)]


async def report(company_id: UUID, month: date) -> Report:
    """Raises NotFound."""
    found = [one for one in await reports(company_id) if one.month == month]
    if not found:
        raise NotFound
    return found[0]


async def to_sign(company_id: UUID) -> date | None:
    """The newest month, while nobody has signed it."""
    month: date | None = await fetch_value(
        """select month from listening_report where company = $1 and signed_at is null
             and month = (select max(month) from listening_report where company = $1)""",
        company_id,
    )
    return month


class Housed(Struct, frozen=True):
    """A company whose months are counted. first: the day of its first question; known: months that have a report."""

    id: UUID
    timezone: str
    fewest_voices: int
    first: date
    known: list[date]


async def companies_that_ask() -> list[Housed]:
    return await fetch(
        Housed,
        """select c.id, c.timezone, c.fewest_voices,
                  min((q.opens_at at time zone c.timezone)::date) as first,
                  array(select month from listening_report l where l.company = c.id order by month) as known
           from company c join question q on q.company = c.id and q.state <> 'draft'
           group by c.id order by c.id""",
    )


async def _rows(company_id: UUID) -> list[_Row]:
    return await fetch(
        _Row,
        """select l.month, l.figures::text as figures, l.computed_at, coalesce(m.name, '') as signer,
                  coalesce(l.signed_as, '') as signer_title, m.face_digest as signer_face, l.signed_at
           from listening_report l left join member m on m.company = l.company and m.id = l.signed_by
           where l.company = $1 order by l.month desc""",
        company_id,
    )


def _read(row: _Row) -> Report:
    figures = msgspec.json.decode(row.figures, type=Figures)
    return Report(
        row.month,
        figures,
        row.computed_at,
        row.signer,
        row.signer_title,
        row.signer_face,
        row.signed_at,
    )
