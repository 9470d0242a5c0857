"""What is public is corrected or withdrawn, each with a reason that everybody reads."""

from datetime import date
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest

from hearback.changenotes import commands, queries
from hearback.changenotes.commands import SavedMeanwhile
from hearback.changenotes.desk.editor import as_typed
from hearback.changenotes.desk.landing import to_the_log
from hearback.changenotes.forms import CorrectionForm, Said, WithdrawalForm
from hearback.changenotes.queries import Draft
from hearback.changenotes.rules import (
    DAYS,
    FIELDS,
    MAY_BE_EMPTY,
    NoteKind,
    NoteState,
    in_own_words,
    promised_days,
)
from hearback.clock import now
from hearback.people.access import AtDesk, Desk
from hearback.people.rules import Right
from hearback.plainspeech.reading import remarks_on
from hearback.refusals import Refused
from hearback.web.forms import most, read_form
from hearback.web.pages import show
from hearback.web.typed import Typed, one, read_typed


@get("/notes/{note_id:uuid}/correction", may=Right.PUBLISH)
async def correction(request: HTMXRequest, desk: AtDesk, note_id: FromPath[UUID]) -> Response[str]:
    return await _page(request, desk, note_id, "correction")


@post("/notes/{note_id:uuid}/correction", may=Right.PUBLISH, status_code=303)
async def correct(request: HTMXRequest, desk: AtDesk, note_id: FromPath[UUID]) -> Response[Any]:
    await queries.draft(desk.company.id, note_id)
    typed = await read_typed(request)
    try:
        form = read_form(CorrectionForm, typed)
        await commands.correct_note(desk.company, note_id, form, by=desk.member, now=now())
    except Refused as refusal:
        return await _page(request, desk, note_id, "correction", typed, refusal)
    return await to_the_log(desk, note_id)


@get("/notes/{note_id:uuid}/withdrawal", may=Right.PUBLISH)
async def withdrawal(request: HTMXRequest, desk: AtDesk, note_id: FromPath[UUID]) -> Response[str]:
    return await _page(request, desk, note_id, "withdrawal")


@post("/notes/{note_id:uuid}/withdrawal", may=Right.PUBLISH, status_code=303)
async def withdraw(request: HTMXRequest, desk: AtDesk, note_id: FromPath[UUID]) -> Response[Any]:
    await queries.draft(desk.company.id, note_id)
    typed = await read_typed(request)
    try:
        form = read_form(WithdrawalForm, typed)
        await commands.withdraw_note(desk.company.id, note_id, form, by=desk.member, now=now())
    except Refused as refusal:
        return await _page(request, desk, note_id, "withdrawal", typed, refusal)
    return await to_the_log(desk, note_id)


@post("/notes/{note_id:uuid}/correction/remarks", may=Right.PUBLISH, status_code=200)
async def correction_remarks(request: HTMXRequest, desk: AtDesk, note_id: FromPath[UUID]) -> Response[str]:
    return await _remarks(request, desk, note_id, "correction")


@post("/notes/{note_id:uuid}/withdrawal/remarks", may=Right.PUBLISH, status_code=200)
async def withdrawal_remarks(request: HTMXRequest, desk: AtDesk, note_id: FromPath[UUID]) -> Response[str]:
    return await _remarks(request, desk, note_id, "withdrawal")


async def _remarks(request: HTMXRequest, desk: Desk, note_id: UUID, page: str) -> Response[str]:
    """What is remarked on while it is written; nothing is saved. Without a script: on the page itself."""
    note = await queries.draft(desk.company.id, note_id)
    typed = await read_typed(request)
    if not request.htmx:
        return await _page(request, desk, note_id, page, typed)
    said = _said(note, typed)
    remarks = await remarks_on(desk.company.id, said, note.language)
    return show(request, "changenotes/remarks", note=note, said=said, remarks=remarks)


def _said(note: Draft, typed: Typed) -> dict[str, str]:
    """What stands in the form that everybody will read, the reason among it."""
    names = ["why", *in_own_words(NoteKind(note.kind), {})]
    return {name: one(typed, name) for name in names if name in typed}


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
    typed = typed or as_typed(note)
    return show(
        request,
        f"changenotes/{page}",
        409 if overtaken else 422 if refusal else 200,
        note=note,
        to_leadership=commands.leadership_corrects(note, desk.member),
        fields=FIELDS[NoteKind(note.kind)],
        days=DAYS,
        promised=promised_days(NoteKind(note.kind), note.said.texts, note.said.days),
        typed=typed,
        remarks=await remarks_on(desk.company.id, _said(note, typed), note.language),
        refusal=refusal,
        theirs=_differing(note, typed) if overtaken else [],
        correctable=note.state == NoteState.PUBLISHED,
        most={name: most(CorrectionForm, name) for name in Said.__struct_fields__},
        may_be_empty=MAY_BE_EMPTY,
    )


def _differing(note: Draft, typed: Typed) -> list[tuple[str, str | date]]:
    """What is out in the fields where it is not what was typed; of days, those that the form asks for."""
    texts, days = note.said.texts, note.said.days
    differ: list[tuple[str, str | date]] = []
    for name in FIELDS[NoteKind(note.kind)]:
        if name not in DAYS:
            differ += [(name, texts[name])] if texts[name] != one(typed, name).strip() else []
        elif name in typed and one(typed, name) != (days[name].isoformat() if name in days else ""):
            differ.append((name, days.get(name, "")))
    return differ


HANDLERS = [correction, correct, correction_remarks, withdrawal, withdraw, withdrawal_remarks]
