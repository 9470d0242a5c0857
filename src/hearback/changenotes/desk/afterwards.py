"""What is public is corrected or withdrawn, each with a reason that everybody reads."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect

from hearback.changenotes import commands, queries
from hearback.changenotes.commands import SavedMeanwhile
from hearback.changenotes.desk.editor import as_typed
from hearback.changenotes.forms import CorrectionForm, Said, WithdrawalForm
from hearback.changenotes.queries import Draft
from hearback.changenotes.rules import FIELDS, MAY_BE_EMPTY, NoteKind, NoteState
from hearback.clock import now
from hearback.people.access import AtDesk, Desk
from hearback.people.rules import Right
from hearback.refusals import Refused
from hearback.web.forms import most, read_form
from hearback.web.pages import show
from hearback.web.typed import Typed, read_typed


@get("/notes/{note_id:uuid}/correction", may=Right.PUBLISH)
async def correction(request: HTMXRequest, desk: AtDesk, note_id: FromPath[UUID]) -> Response[str]:
    return await _page(request, desk, note_id, "correction")


@post("/notes/{note_id:uuid}/correction", may=Right.PUBLISH, status_code=303)
async def correct(request: HTMXRequest, desk: AtDesk, note_id: FromPath[UUID]) -> Response[Any]:
    note = await queries.draft(desk.company.id, note_id)
    typed = await read_typed(request)
    try:
        form = read_form(CorrectionForm, typed)
        await commands.correct_note(desk.company, note_id, form, by=desk.member, now=now())
    except Refused as refusal:
        return await _page(request, desk, note_id, "correction", typed, refusal)
    return _to_public(desk, note)


@get("/notes/{note_id:uuid}/withdrawal", may=Right.PUBLISH)
async def withdrawal(request: HTMXRequest, desk: AtDesk, note_id: FromPath[UUID]) -> Response[str]:
    return await _page(request, desk, note_id, "withdrawal")


@post("/notes/{note_id:uuid}/withdrawal", may=Right.PUBLISH, status_code=303)
async def withdraw(request: HTMXRequest, desk: AtDesk, note_id: FromPath[UUID]) -> Response[Any]:
    note = await queries.draft(desk.company.id, note_id)
    typed = await read_typed(request)
    try:
        form = read_form(WithdrawalForm, typed)
        await commands.withdraw_note(desk.company.id, note_id, form, by=desk.member, now=now())
    except Refused as refusal:
        return await _page(request, desk, note_id, "withdrawal", typed, refusal)
    return _to_public(desk, note)


async def _page(
    request: HTMXRequest,
    desk: Desk,
    note_id: UUID,
    page: str,
    typed: Typed | None = None,
    refusal: Refused | None = None,
) -> Response[str]:
    """After somebody else's correction the form counts from theirs, and shows it beside what was typed."""
    note = await queries.draft(desk.company.id, note_id)
    overtaken = isinstance(refusal, SavedMeanwhile)
    return show(
        request,
        f"changenotes/{page}",
        409 if overtaken else 422 if refusal else 200,
        note=note,
        fields=FIELDS[NoteKind(note.kind)],
        typed=typed or as_typed(note),
        refusal=refusal,
        overtaken=overtaken,
        correctable=note.state == NoteState.PUBLISHED,
        most={name: most(CorrectionForm, name) for name in Said.__struct_fields__},
        may_be_empty=MAY_BE_EMPTY,
    )


def _to_public(desk: Desk, note: Draft) -> Redirect:
    return Redirect(f"/{desk.company.slug}/log/{note.slug}", status_code=303)


HANDLERS = [correction, correct, withdrawal, withdraw]
