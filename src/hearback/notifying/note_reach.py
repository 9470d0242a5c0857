"""How many mails a note would be told in, for those who write it."""

from collections import Counter
from uuid import UUID

from hearback.changenotes.reaching import WAYS, Way
from hearback.notifying.queries import audience_of_note
from hearback.people.queries import Company


async def by_mail(company: Company, note_id: UUID) -> list[Way]:
    audience = await audience_of_note(company.id, note_id)
    languages = Counter(one.language for one in audience)
    return [Way("note.mails-go-out", len(audience), dict(languages.most_common()))]


WAYS.append(by_mail)
