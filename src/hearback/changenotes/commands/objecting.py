"""Somebody in the house does not recognise the company in a draft, and says why."""

from datetime import datetime
from uuid import UUID

from hearback.changenotes.commands.locking import draft_to_change
from hearback.database.columns import new_id
from hearback.database.engine import execute, transaction
from hearback.people.audit import note_down
from hearback.people.queries import Member
from hearback.web.live import tell


async def object_to(company_id: UUID, note_id: UUID, why: str, *, by: Member, now: datetime) -> None:
    """It stands beside the draft from then on; what it says is for the house only, and is never changed.

    Raises NotFound; Refused for what is public already.
    """
    async with transaction():
        await draft_to_change(company_id, note_id)
        await execute(
            "insert into dissent (id, company, note, member, why, at) values ($1, $2, $3, $4, $5, $6)",
            new_id(),
            company_id,
            note_id,
            by.id,
            why,
            now,
        )
        await note_down(company_id, "note.dissented", by=by.id, now=now, subject=note_id)
        await tell(company_id, "desk")
