"""A note in another language, field by field beside the original: in work, and out."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from markupsafe import Markup
from msgspec import Struct

from hearback.changenotes import commands, queries
from hearback.changenotes.commands import SavedMeanwhile
from hearback.changenotes.desk.as_seen import as_seen
from hearback.changenotes.desk.sheets import told_otherwise
from hearback.changenotes.forms import Said, TranslationForm
from hearback.changenotes.queries import Draft
from hearback.changenotes.rules import CHOICES, FIELDS, NoteKind, NoteState, word_diff
from hearback.changenotes.translating import changed_since, seen, to_translate
from hearback.clock import now
from hearback.people.access import AtDesk, Desk
from hearback.people.rules import Right
from hearback.refusals import NotFound, Refused
from hearback.web.forms import most, read_form
from hearback.web.pages import show
from hearback.web.typed import Typed, one, read_typed


class Reading(Struct, frozen=True):
    """missing: the fields that are not translated yet."""

    seen: Markup
    language: str
    missing: list[str]


@get("/notes/{note_id:uuid}/translation", may=Right.WRITE)
async def translation(request: HTMXRequest, desk: AtDesk, note_id: FromPath[UUID]) -> Response[str]:
    """`?into=` names the language."""
    return await _page(request, desk, note_id, request.query_params.get("into", ""))


@post("/notes/{note_id:uuid}/translation/preview", may=Right.WRITE, status_code=200)
async def preview(request: HTMXRequest, desk: AtDesk, note_id: FromPath[UUID]) -> Response[str]:
    """What its readers would read; nothing is saved."""
    note = await queries.draft(desk.company.id, note_id)
    typed = await read_typed(request)
    into = _language(desk, note, one(typed, "language"))
    return show(request, "changenotes/reading", reading=_reading(desk, note, into, typed))


@post("/notes/{note_id:uuid}/translation/draft", may=Right.WRITE, status_code=303)
async def save(request: HTMXRequest, desk: AtDesk, note_id: FromPath[UUID]) -> Response[Any]:
    """Nothing of it is out."""
    await queries.draft(desk.company.id, note_id)
    typed = await read_typed(request)
    try:
        form = read_form(TranslationForm, typed)
        await commands.save_translation(desk.company, note_id, form, by=desk.member, now=now())
    except Refused as refusal:
        return await _page(request, desk, note_id, one(typed, "language"), typed, refusal)
    path = f"/desk/{desk.company.slug}/notes/{note_id}/translation?into={form.language.value}"
    return Redirect(path, status_code=303)


@post("/notes/{note_id:uuid}/translation", may=Right.PUBLISH, status_code=303)
async def translate(request: HTMXRequest, desk: AtDesk, note_id: FromPath[UUID]) -> Response[Any]:
    note = await queries.draft(desk.company.id, note_id)
    typed = await read_typed(request)
    try:
        form = read_form(TranslationForm, typed)
        await commands.translate_note(desk.company, note_id, form, by=desk.member, now=now())
    except Refused as refusal:
        return await _page(request, desk, note_id, one(typed, "language"), typed, refusal)
    return Redirect(f"/{desk.company.slug}/log/{note.slug}?lang={form.language.value}", status_code=303)


async def _page(
    request: HTMXRequest,
    desk: Desk,
    note_id: UUID,
    into: str,
    typed: Typed | None = None,
    refusal: Refused | None = None,
) -> Response[str]:
    """Raises NotFound where there is no language to translate into.

    After somebody else's save the form counts from theirs, and shows it beside what was typed.
    """
    note = await queries.draft(desk.company.id, note_id)
    into = _language(desk, note, into)
    out = {one_.language: one_ for one_ in await queries.translations(desk.company.id, note_id)}.get(into)
    work = {one_.language: one_ for one_ in await queries.in_work(desk.company.id, note_id)}.get(into)
    overtaken = isinstance(refusal, SavedMeanwhile)
    kind, original = NoteKind(note.kind), note.said.texts
    told = work.texts if work else out.texts if out else {}
    in_form = typed or {name: [words] for name, words in told.items()}
    fields = to_translate(kind, original)
    behind = changed_since(kind, original, work.then) if work else []
    theirs = [
        (name, told[name]) for name in fields if told.get(name) and told[name] != one(in_form, name).strip()
    ]
    return show(
        request,
        "changenotes/translation",
        409 if overtaken else 422 if refusal else 200,
        note=note,
        into=into,
        before=out,
        work=work,
        theirs=theirs if overtaken else [],
        seen=seen(kind, original),
        fields=fields,
        behind={name: word_diff(work.then[name], original[name]) for name in behind} if work else {},
        otherwise=await told_otherwise(desk, note, "\n".join(one(in_form, name) for name in fields)),
        typed=in_form,
        reading=_reading(desk, note, into, in_form),
        refusal=refusal,
        translatable=note.state != NoteState.WITHDRAWN,
        most={name: most(TranslationForm, name) for name in Said.__struct_fields__},
    )


def _language(desk: Desk, note: Draft, asked: str) -> str:
    """Raises NotFound."""
    others = [language for language in desk.company.languages if language != note.language]
    if not others:
        raise NotFound
    return asked if asked in others else others[0]


def _reading(desk: Desk, note: Draft, into: str, typed: Typed) -> Reading:
    kind, original = NoteKind(note.kind), note.said.texts
    told = {name: one(typed, name).strip() for name in to_translate(kind, original)}
    chosen = {name: original[name] for name in FIELDS[kind] if name in CHOICES and name in original}
    days = {name: day for name, day in note.said.days.items() if name in FIELDS[kind]}
    mail = f"/desk/{desk.company.slug}/notes/{note.id}/mail?into={into}" if note.is_draft else ""
    return Reading(
        as_seen(desk, kind, chosen | told, days, tongue=into, signer=note.signer, mail=mail),
        into,
        [name for name, words in told.items() if not words],
    )


HANDLERS = [translation, preview, save, translate]
