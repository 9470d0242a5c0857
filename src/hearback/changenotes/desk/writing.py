"""A draft is saved, previewed, sent out or thrown away; its page is in editor.py."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect

from hearback.changenotes import commands, queries
from hearback.changenotes.commands import SavedMeanwhile
from hearback.changenotes.desk.editor import AT_WORK, editor, out, preview_of
from hearback.changenotes.desk.landing import to_the_log
from hearback.changenotes.forms import NoteForm
from hearback.changenotes.queries import Draft
from hearback.changenotes.rules import NoteKind, in_own_words
from hearback.clock import now
from hearback.people import queries as people
from hearback.people.access import AtDesk, Desk
from hearback.people.rules import Right
from hearback.plainspeech.reading import remarks_on
from hearback.plainspeech.reasons import unexplained
from hearback.refusals import Refused
from hearback.web.forms import read_form
from hearback.web.pages import show
from hearback.web.typed import Typed, one, read_typed


@get("/notes/{note_id:uuid}", may=Right.WRITE)
async def note(request: HTMXRequest, desk: AtDesk, note_id: FromPath[UUID]) -> Response[str]:
    """The editor of a draft; of a public note what became of it."""
    found = await queries.draft(desk.company.id, note_id)
    return await (editor(request, desk, found) if found.is_draft else out(request, desk, found))


@post("/notes/{note_id:uuid}", may=Right.WRITE, status_code=303)
async def save(request: HTMXRequest, desk: AtDesk, note_id: FromPath[UUID]) -> Response[Any]:
    draft = await queries.draft(desk.company.id, note_id)
    typed = await read_typed(request)
    return await saved(request, desk, draft, typed) or _to(desk, f"/{note_id}")


@post("/notes/{note_id:uuid}/preview", may=Right.WRITE, status_code=200)
async def preview(request: HTMXRequest, desk: AtDesk, note_id: FromPath[UUID]) -> Response[str]:
    """What others would read; nothing is saved."""
    draft = await queries.draft(desk.company.id, note_id)
    typed = await read_typed(request)
    members = await people.members(desk.company.id)
    return show(request, "changenotes/preview", preview=await preview_of(desk, draft, typed, members))


@post("/notes/{note_id:uuid}/autosave", may=Right.WRITE, status_code=200)
async def autosave(request: HTMXRequest, desk: AtDesk, note_id: FromPath[UUID]) -> Response[str]:
    """Some moments after the last key: saved where it can be, and shown as others would read it. What cannot be saved
    stays in the form, and a line says why; nothing that somebody else wrote is overwritten."""
    draft, at = await queries.draft(desk.company.id, note_id), now()
    typed = await read_typed(request)
    # Until it is saved the form stays what it was written on: the next key must not pass over another's words.
    refusal, version = None, one(typed, "version")
    try:
        form = read_form(NoteForm, typed)
        version = str(
            await commands.save_note(desk.company.id, note_id, form, by=desk.member, now=at, quietly=True)
        )
    except Refused as refused_for:
        refusal = refused_for
    saved = None if refusal else await queries.draft(desk.company.id, note_id)
    if draft.is_draft:
        await commands.seen_writing(desk.company.id, note_id, by=desk.member, now=at)
    members = await people.members(desk.company.id)
    return show(
        request,
        "changenotes/autosaved",
        note=draft,
        preview=await preview_of(desk, draft, typed, members),
        refusal=refusal,
        version=version,
        reasons=await commands.why_not(desk.company, saved, now=at) if saved else None,
        saved_at=None if refusal else at,
        also=await queries.also_writing(desk.company.id, note_id, but=desk.member.id, since=at - AT_WORK),
    )


@post("/notes/{note_id:uuid}/publication", may=Right.PUBLISH, status_code=303)
async def publish(request: HTMXRequest, desk: AtDesk, note_id: FromPath[UUID]) -> Response[Any]:
    """What stands in the form is saved first: what one sees is what goes out."""
    draft = await queries.draft(desk.company.id, note_id)
    typed = await read_typed(request)
    if "kind" in typed and (no := await saved(request, desk, draft, typed)):
        return no
    try:
        await must_say_why_it_stays(desk.company.id, note_id)
        await commands.publish_note(desk.company, note_id, by=desk.member, now=now())
    except Refused as refusal:
        return await refused(request, desk, note_id, refusal)
    return await to_the_log(desk, note_id)


@post("/notes/{note_id:uuid}/discard", may=Right.WRITE, status_code=303)
async def discard(request: HTMXRequest, desk: AtDesk, note_id: FromPath[UUID]) -> Response[Any]:
    try:
        await commands.discard_note(desk.company.id, note_id, by=desk.member, now=now())
    except Refused as refusal:
        return await refused(request, desk, note_id, refusal)
    return _to(desk, "")


async def saved(request: HTMXRequest, desk: Desk, draft: Draft, typed: Typed) -> Response[Any] | None:
    """The page that says why it could not be saved; None when it was."""
    if not draft.is_draft:
        return await out(request, desk, draft, 422, Refused("note.is-public"))
    try:
        form = read_form(NoteForm, typed)
        await commands.save_note(desk.company.id, draft.id, form, by=desk.member, now=now())
    except SavedMeanwhile as refusal:
        theirs = await queries.draft(desk.company.id, draft.id)
        return await editor(request, desk, theirs, 409, typed=typed, refusal=refusal)
    except Refused as refusal:
        return await editor(request, desk, draft, 422, typed=typed, refusal=refusal)
    return None


async def must_say_why_it_stays(company_id: UUID, note_id: UUID) -> None:
    """Raises Refused where grave remarks stand in the draft and nobody said why: whoever lets the note out reads it."""
    draft = await queries.draft(company_id, note_id)
    if not draft.is_draft:
        return
    said = in_own_words(NoteKind(draft.kind), draft.said.texts)
    remarks = await remarks_on(company_id, said, draft.language)
    if left := unexplained(said, remarks, draft.stays):
        raise Refused("note.say-why-it-stays", field="stays", n=left)


async def refused(request: HTMXRequest, desk: Desk, note_id: UUID, refusal: Refused) -> Response[str]:
    found = await queries.draft(desk.company.id, note_id)
    page = editor if found.is_draft else out
    return await page(request, desk, found, 422, refusal=refusal)


def _to(desk: Desk, path: str) -> Redirect:
    return Redirect(f"/desk/{desk.company.slug}/notes{path}", status_code=303)


HANDLERS = [note, save, preview, autosave, publish, discard]
