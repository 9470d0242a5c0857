"""A public note in another language, field by field beside the original."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect

from hearback.changenotes import commands, queries
from hearback.changenotes.commands import SavedMeanwhile
from hearback.changenotes.forms import Said, TranslationForm
from hearback.changenotes.rules import NoteKind, NoteState
from hearback.changenotes.translating import to_translate
from hearback.clock import now
from hearback.people.access import AtDesk, Desk
from hearback.people.rules import Right
from hearback.refusals import NotFound, Refused
from hearback.web.forms import most, read_form
from hearback.web.pages import show
from hearback.web.typed import Typed, one, read_typed


@get("/notes/{note_id:uuid}/translation", may=Right.PUBLISH)
async def translation(request: HTMXRequest, desk: AtDesk, note_id: FromPath[UUID]) -> Response[str]:
    """`?into=` names the language."""
    return await _page(request, desk, note_id, request.query_params.get("into", ""))


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
    """Raises NotFound for a draft, and where there is no language to translate into."""
    note = await queries.draft(desk.company.id, note_id)
    others = [language for language in desk.company.languages if language != note.language]
    if note.is_draft or not others:
        raise NotFound
    into = into if into in others else others[0]
    before = next(
        (one_ for one_ in await queries.translations(desk.company.id, note_id) if one_.language == into), None
    )
    overtaken = isinstance(refusal, SavedMeanwhile)
    return show(
        request,
        "changenotes/translation",
        409 if overtaken else 422 if refusal else 200,
        note=note,
        into=into,
        before=before,
        fields=to_translate(NoteKind(note.kind), note.said.texts),
        typed=typed or ({name: [words] for name, words in before.texts.items()} if before else {}),
        refusal=refusal,
        translatable=note.state == NoteState.PUBLISHED,
        most={name: most(TranslationForm, name) for name in Said.__struct_fields__},
    )


HANDLERS = [translation, translate]
