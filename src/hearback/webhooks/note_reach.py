"""How many machines a note is told to, for those who write it."""

from uuid import UUID

from hearback.changenotes.reaching import WAYS, Way
from hearback.changenotes.rules import NoteKind
from hearback.database.engine import fetch_value
from hearback.people.queries import Company
from hearback.webhooks.rules import News


async def by_webhook(company: Company, note_id: UUID, kind: NoteKind) -> list[Way]:
    """Only where there are any: most houses have none."""
    n: int = await fetch_value(
        "select count(*) from webhook where company = $1 and active and $2 = any(kinds)",
        company.id,
        News.PUBLISHED.value,
    )
    return [Way("note.webhooks", n)] if n else []


WAYS.append(by_webhook)
