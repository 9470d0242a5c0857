"""What was written by hand for other places, and which notes say it otherwise."""

from uuid import UUID

from msgspec import Struct

from hearback.database.engine import fetch


class _Said(Struct, frozen=True):
    channel: str
    words: str


async def said_elsewhere(company_id: UUID, note_id: UUID) -> dict[str, str]:
    """By channel."""
    found = await fetch(
        _Said, "select channel, words from note_channel where company = $1 and note = $2", company_id, note_id
    )
    return {one.channel: one.words for one in found}
