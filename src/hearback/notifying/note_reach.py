"""How many mails a note would be told in, for those who write it."""

from collections import Counter
from uuid import UUID

from hearback.changenotes.reaching import WAYS, Way
from hearback.changenotes.rules import NoteKind
from hearback.notifying.queries import Audience, audience_of_note, mail_is_on, told_at_once
from hearback.notifying.rules import MailKind
from hearback.people.queries import Company


async def by_mail(company: Company, note_id: UUID, kind: NoteKind) -> list[Way]:
    """The same people as are written to once it is out; the weekly mail is named only where somebody waits for it."""
    audience = await audience_of_note(company.id, note_id) if await mail_is_on(company.id) else []
    at_once = told_at_once(audience, MailKind.PUBLISHED, kind)
    weekly = [one for one in audience if one.weekly]
    ways = [_way("note.mails-go-out", at_once)]
    return [*ways, _way("note.mails-of-the-week", weekly)] if weekly else ways


def _way(words: str, people: list[Audience]) -> Way:
    languages = Counter(one.language for one in people)
    return Way(words, len(people), dict(languages.most_common()))


WAYS.append(by_mail)
