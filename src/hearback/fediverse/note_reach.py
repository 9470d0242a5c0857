"""That a note is said to whoever follows, for those who write it. How many follow is shown nowhere."""

from uuid import UUID

from hearback.changenotes.reaching import WAYS, Way
from hearback.changenotes.rules import NoteKind
from hearback.fediverse import queries
from hearback.people.queries import Company


async def to_followers(company: Company, note_id: UUID, kind: NoteKind) -> list[Way]:
    account = await queries.account(company.id)
    return [Way("note.followers", None)] if account and account.active else []


WAYS.append(to_followers)
