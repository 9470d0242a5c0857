"""One writer at a time: whoever comes second waits, and then sees what the first one did."""

from uuid import UUID

from hearback.changenotes import queries
from hearback.changenotes.queries import Draft
from hearback.changenotes.rules import NoteState
from hearback.database.engine import fetch_value
from hearback.refusals import Refused


async def draft_to_change(company_id: UUID, note_id: UUID) -> Draft:
    """Held until the end of the transaction. Raises NotFound; Refused for a note that is public."""
    note = await _held(company_id, note_id)
    if not note.is_draft:
        raise Refused("note.is-public")
    return note


async def note_to_correct(company_id: UUID, note_id: UUID) -> Draft:
    """Held until the end of the transaction. Raises NotFound; Refused for a draft or a withdrawn note."""
    note = await _held(company_id, note_id)
    if note.state != NoteState.PUBLISHED:
        raise Refused("note.not-correctable")
    return note


async def note_to_translate(company_id: UUID, note_id: UUID) -> Draft:
    """Held until the end of the transaction. Raises NotFound; Refused for a withdrawn note."""
    note = await _held(company_id, note_id)
    if note.state == NoteState.WITHDRAWN:
        raise Refused("note.not-correctable")
    return note


async def _held(company_id: UUID, note_id: UUID) -> Draft:
    await fetch_value("select id from note where company = $1 and id = $2 for update", company_id, note_id)
    return await queries.draft(company_id, note_id)
