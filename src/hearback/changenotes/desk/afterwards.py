"""What is public is corrected or withdrawn, each with a reason that everybody reads."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect

from hearback.changenotes import commands, queries
from hearback.changenotes.commands import SavedMeanwhile
from hearback.changenotes.desk.writing import as_typed
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
    return await _correction(request, desk, note_id)


@post("/notes/{note_id:uuid}/correction", may=Right.PUBLISH, status_code=303)
async def correct(request: HTMXRequest, desk: AtDesk, note_id: FromPath[UUID]) -> Response[Any]:
    note = await queries.draft(desk.company.id, note_id)
    typed = await read_typed(request)
    try:
        form = read_form(CorrectionForm, typed)
        await commands.correct_note(desk.company.id, note_id, form, by=desk.member, now=now())
    except SavedMeanwhile as refusal:
        return await _correction(request, desk, note_id, 409, typed=typed, refusal=refusal)
    except Refused as refusal:
        return await _correction(request, desk, note_id, 422, typed=typed, refusal=refusal)
    return _to_public(desk, note)


@get("/notes/{note_id:uuid}/withdrawal", may=Right.PUBLISH)
async def withdrawal(request: HTMXRequest, desk: AtDesk, note_id: FromPath[UUID]) -> Response[str]:
    return await _withdrawal(request, desk, note_id)


@post("/notes/{note_id:uuid}/withdrawal", may=Right.PUBLISH, status_code=303)
async def withdraw(request: HTMXRequest, desk: AtDesk, note_id: FromPath[UUID]) -> Response[Any]:
    note = await queries.draft(desk.company.id, note_id)
    typed = await read_typed(request)
    try:
        form = read_form(WithdrawalForm, typed)
        await commands.withdraw_note(desk.company.id, note_id, form, by=desk.member, now=now())
    except Refused as refusal:
        return await _withdrawal(request, desk, note_id, 422, typed=typed, refusal=refusal)
    return _to_public(desk, note)


async def _correction(
    request: HTMXRequest,
    desk: Desk,
    note_id: UUID,
    status: int = 200,
    *,
    typed: Typed | None = None,
    refusal: Refused | None = None,
) -> Response[str]:
    """After somebody else's correction the form counts from theirs, and shows it beside what was typed."""
    note = await queries.draft(desk.company.id, note_id)
    fields = FIELDS[NoteKind(note.kind)]
    return show(
        request,
        "changenotes/correction",
        status,
        note=note,
        fields=fields,
        days=note.said.days,
        theirs=note.said.texts,
        typed=typed or as_typed(note),
        refusal=refusal,
        overtaken=status == 409,
        correctable=note.state == NoteState.PUBLISHED,
        most={name: most(CorrectionForm, name) for name in Said.__struct_fields__},
        may_be_empty=MAY_BE_EMPTY,
    )


async def _withdrawal(
    request: HTMXRequest,
    desk: Desk,
    note_id: UUID,
    status: int = 200,
    *,
    typed: Typed | None = None,
    refusal: Refused | None = None,
) -> Response[str]:
    note = await queries.draft(desk.company.id, note_id)
    return show(
        request,
        "changenotes/withdrawal",
        status,
        note=note,
        typed=typed or {},
        refusal=refusal,
        correctable=note.state == NoteState.PUBLISHED,
    )


def _to_public(desk: Desk, note: Draft) -> Redirect:
    return Redirect(f"/{desk.company.slug}/log/{note.slug}", status_code=303)


HANDLERS = [correction, correct, withdrawal, withdraw]
