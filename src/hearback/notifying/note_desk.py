"""A draft as the mail that would tell of it, as mail programs show it: a page of its own for a frame on the desk."""

from base64 import b64encode
from collections.abc import Mapping
from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest

from hearback.changenotes import queries as notes
from hearback.changenotes.queries import Draft
from hearback.changenotes.rules import FIELDS, NoteKind
from hearback.clock import day_in, now
from hearback.notifying.letters import Block, Letter, as_html
from hearback.notifying.signing import signer_of
from hearback.notifying.writing import ledger_line
from hearback.notifying.writing.notes import told_of, ways_on
from hearback.people.access import AtDesk, Desk
from hearback.people.rules import Right
from hearback.settings import settings
from hearback.web.framing import let_us_frame
from hearback.words.speaking import Words, words_for

FACE = "face"


@get("/notes/{note_id:uuid}/mail", may=Right.WRITE)
async def mail(request: HTMXRequest, desk: AtDesk, note_id: FromPath[UUID]) -> Response[str]:
    """As it was saved last, to somebody who answered, in the language of the note; or in that of `?into=`, as far as it
    is translated."""
    note = await notes.draft(desk.company.id, note_id)
    work = {one.language: one.texts for one in await notes.in_work(desk.company.id, note_id)}
    into = request.query_params.get("into", "")
    tongue, told = (into, work[into]) if into in work else (note.language, {})
    speak = words_for(tongue, desk.company.address, desk.company.timezone)
    letter = await _letter(desk, note, {**note.said.texts, **told}, speak)
    html = as_html(letter, speak)
    if letter.signer and letter.signer.face:
        face = f"data:image/jpeg;base64,{b64encode(letter.signer.face).decode()}"
        html = html.replace(f"cid:{FACE}", face)
    let_us_frame(request)
    return Response(html, media_type="text/html", headers={"Cache-Control": "no-store"})


async def _letter(desk: Desk, note: Draft, texts: Mapping[str, str], words: Words) -> Letter:
    company, fields = desk.company, FIELDS[NoteKind(note.kind)]
    base = f"{settings().base_url}/{company.slug}"
    title = texts.get("title") or words.say("note.untitled")
    own = [
        Block("words", words.say("mail.you-said", day=day_in(company.timezone, now())), words.lang),
        Block("quote", words.say("note.own-words-here"), words.lang),
    ]
    said = {name: text for name, text in texts.items() if name in fields}
    told = told_of(note.kind, said, words.lang)
    return Letter(
        subject=words.say(f"mail.subject.{note.kind}", title=title),
        tongue=words.lang,
        house=company.name,
        colour=company.colour,
        blocks=own + told + ways_on(words, note=f"{base}/log/{note.slug}", receipt=f"{base}/r"),
        signer=await signer_of(company.id, note.signer.id),
        foot=await ledger_line(company.id, words),
        stop=words.say("mail.stop"),
        stop_url=base,
        face_id=FACE,
    )


HANDLERS = [mail]
