"""What a note says in another place, written by hand."""

from datetime import datetime
from uuid import UUID

from hearback.changenotes import queries
from hearback.changenotes.channels import BY_HAND, Channel
from hearback.database.columns import new_id
from hearback.database.engine import execute, transaction
from hearback.people.audit import note_down
from hearback.people.queries import Member
from hearback.refusals import Refused
from hearback.web.live import tell


async def say_elsewhere(
    company_id: UUID, note_id: UUID, channel: Channel, words: str, *, by: Member, now: datetime
) -> None:
    """Empty words: as derived from the note again.

    Raises NotFound; Refused for a place that has no words of its own.
    """
    if channel not in BY_HAND:
        raise Refused("form.not-a-choice", field="channel")
    async with transaction():
        await queries.draft(company_id, note_id)
        if words:
            await execute(
                """insert into note_channel (id, company, note, channel, words, by, at)
                   values ($1, $2, $3, $4, $5, $6, $7)
                   on conflict (company, note, channel) do update
                   set words = excluded.words, by = excluded.by, at = excluded.at""",
                new_id(),
                company_id,
                note_id,
                channel.value,
                words,
                by.id,
                now,
            )
        else:
            await execute(
                "delete from note_channel where company = $1 and note = $2 and channel = $3",
                company_id,
                note_id,
                channel.value,
            )
        await note_down(
            company_id,
            "note.said-elsewhere",
            by=by.id,
            now=now,
            subject=note_id,
            after={"channel": channel},
        )
        await tell(company_id, "desk")
