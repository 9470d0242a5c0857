"""What members changed, as the audit rows tell it."""

from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import Struct

from hearback.database.engine import fetch


class AuditEntry(Struct, frozen=True):
    """One change. who: None for what the command line did; whom: the member it was about."""

    id: UUID
    did: str
    who: str | None
    whom: str | None
    before: dict[str, object] | None
    after: dict[str, object] | None
    at: datetime


async def audit(company_id: UUID, *, before: UUID | None, limit: int) -> list[AuditEntry]:
    """Newest first. before: the id of the last entry already seen; ids sort by time."""
    rows = await fetch(
        _AuditRow,
        """select a.id, a.did, w.name as who, s.name as whom, a.before::text, a.after::text, a.at
           from audit a left join member w on w.company = a.company and w.id = a.member
             left join member s on s.company = a.company and s.id = a.subject
           where a.company = $1 and ($2::uuid is null or a.id < $2) order by a.id desc limit $3""",
        company_id,
        before,
        limit,
    )
    return [_entry(row) for row in rows]


async def audit_of(company_id: UUID, subject: UUID, *, limit: int) -> list[AuditEntry]:
    """What was done to one thing, newest first."""
    rows = await fetch(
        _AuditRow,
        """select a.id, a.did, w.name as who, null as whom, a.before::text, a.after::text, a.at
           from audit a left join member w on w.company = a.company and w.id = a.member
           where a.company = $1 and a.subject = $2 order by a.at desc, a.id desc limit $3""",
        company_id,
        subject,
        limit,
    )
    return [_entry(row) for row in rows]


class _AuditRow(Struct, frozen=True):
    id: UUID
    did: str
    who: str | None
    whom: str | None
    before: str | None
    after: str | None
    at: datetime


def _entry(row: _AuditRow) -> AuditEntry:
    return AuditEntry(row.id, row.did, row.who, row.whom, _object(row.before), _object(row.after), row.at)


def _object(text: str | None) -> dict[str, object] | None:
    found = None if text is None else msgspec.json.decode(text)
    return found if isinstance(found, dict) else None
