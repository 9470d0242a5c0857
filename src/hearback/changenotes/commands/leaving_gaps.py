"""Words that are covered in a fan's answer are taken out of our own notes as well.

A correction is not enough: what it replaces stays readable. So the words become a gap in every version of the note,
with an entry in the ledger that says so.
"""

from datetime import datetime
from uuid import UUID

from hearback.changenotes.commands.revising import tell_all
from hearback.changenotes.erasing import DRAFTS, ELSEWHERE, IN_WORK, write_down_gaps
from hearback.changenotes.queries.still_told import saying
from hearback.database.engine import execute, fetch_value, transaction
from hearback.people.audit import note_down
from hearback.people.queries import Member
from hearback.refusals import NotFound

# By place, as queries/still_told.py names it; every other one is history, where the database puts the gaps in.
MUTABLE = {"draft": DRAFTS[1], "translation_draft": IN_WORK[1], "note_channel": ELSEWHERE[1]}


async def leave_gaps(company_id: UUID, note_id: UUID, *, by: Member, now: datetime) -> None:
    """In every version of the note; doing it twice changes nothing. Raises NotFound."""
    async with transaction():
        if not await fetch_value(
            "select id from note where company = $1 and id = $2 for update", company_id, note_id
        ):
            raise NotFound
        rows: dict[str, list[UUID]] = {}
        for text, parts in await saying(company_id, note=note_id):
            if text.place in MUTABLE:
                await execute(MUTABLE[text.place], company_id, text.row, parts)
            else:
                await execute(
                    "select erase_from_history($1, $2, $3, $4)", text.place, company_id, text.row, parts
                )
                rows.setdefault(text.place, []).append(text.row)
        await write_down_gaps(company_id, rows)
        await note_down(company_id, "note.gaps-left", by=by.id, now=now, subject=note_id)
        await tell_all(company_id)
