"""What members change is written down, in the transaction of the change itself."""

from datetime import datetime
from uuid import UUID

import msgspec

from hearback.database.columns import new_id
from hearback.database.engine import ENGINE, execute


async def note_down(
    company_id: UUID,
    did: str,
    *,
    by: UUID | None,
    now: datetime,
    subject: UUID | None = None,
    before: object = None,
    after: object = None,
) -> None:
    """did: `question.opened`, `theme.named` …; before and after: only what is not personal.

    by: the member; None for what the command line did.
    """
    if ENGINE.current_transaction.get() is None:
        raise RuntimeError("an audit row belongs into the transaction of what it tells")
    await execute(
        """insert into audit (id, company, member, did, subject, before, after, at)
           values ($1, $2, $3, $4, $5, $6, $7, $8)""",
        new_id(),
        company_id,
        by,
        did,
        subject,
        _json(before),
        _json(after),
        now,
    )


def _json(value: object) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()
