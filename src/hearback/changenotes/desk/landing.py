"""Where one lands on the public log from the desk."""

from uuid import UUID

from litestar.response import Redirect

from hearback.changenotes import queries
from hearback.changenotes.rules import NoteState
from hearback.people.access import Desk


async def to_the_log(desk: Desk, note_id: UUID) -> Redirect:
    return Redirect(await on_the_log(desk, note_id), status_code=303)


async def on_the_log(desk: Desk, note_id: UUID) -> str:
    """The address of a public note: in the desk's language where the newest version is told in it, else in its own."""
    note = await queries.draft(desk.company.id, note_id)
    told = {note.language}
    if note.state == NoteState.PUBLISHED:
        translations = await queries.translations(desk.company.id, note_id)
        told |= {one.language for one in translations if one.of_number == note.revision}
    lang = desk.words.lang if desk.words.lang in told else note.language
    chosen = "" if lang == desk.company.languages[0] else f"?lang={lang}"
    return f"/{desk.company.slug}/log/{note.slug}{chosen}"
