"""The channel sheet: what is said of a note in the log, by mail, in social networks and on a sign, side by side."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Meta, Struct

from hearback.changenotes import commands, queries
from hearback.changenotes.channels import BY_HAND, Channel, derived
from hearback.changenotes.facts import Difference, differences
from hearback.changenotes.queries import Draft
from hearback.changenotes.rules import FIELDS, PROMISES, NoteKind
from hearback.clock import now
from hearback.people import queries as people
from hearback.people.access import AtDesk, Desk
from hearback.people.rules import Right
from hearback.refusals import Refused
from hearback.settings import settings
from hearback.web.forms import most, read_form
from hearback.web.pages import show
from hearback.web.typed import Typed, one, read_typed


class SheetForm(Struct, frozen=True):
    channel: Channel
    words: Annotated[str, Meta(max_length=1000)] = ""


class Place(Struct, frozen=True):
    """by_hand: somebody wrote it; may_write: somebody may. differences: what it says and the note does not."""

    channel: str
    words: str
    by_hand: bool
    may_write: bool
    differences: list[Difference]


@get("/notes/{note_id:uuid}/sheet", may=Right.WRITE)
async def sheet(request: HTMXRequest, desk: AtDesk, note_id: FromPath[UUID]) -> Response[str]:
    return await _page(request, desk, note_id)


@post("/notes/{note_id:uuid}/sheet", may=Right.WRITE, status_code=303)
async def write_sheet(request: HTMXRequest, desk: AtDesk, note_id: FromPath[UUID]) -> Response[Any]:
    typed = await read_typed(request)
    try:
        form = read_form(SheetForm, typed)
        await commands.say_elsewhere(
            desk.company.id, note_id, form.channel, form.words, by=desk.member, now=now()
        )
    except Refused as refusal:
        return await _page(request, desk, note_id, typed, refusal)
    return Redirect(f"/desk/{desk.company.slug}/notes/{note_id}/sheet#{form.channel}", status_code=303)


async def _page(
    request: HTMXRequest,
    desk: Desk,
    note_id: UUID,
    typed: Typed | None = None,
    refusal: Refused | None = None,
) -> Response[str]:
    note = await queries.draft(desk.company.id, note_id)
    return show(
        request,
        "changenotes/sheet",
        422 if refusal else 200,
        note=note,
        places=await _places(desk, note),
        most=most(SheetForm, "words"),
        typed=typed or {},
        refused=one(typed or {}, "channel") if refusal else "",
        refusal=refusal,
    )


async def _places(desk: Desk, note: Draft) -> list[Place]:
    by_hand = await queries.said_elsewhere(desk.company.id, note.id)
    path = f"/log/{note.slug}" if not note.is_draft else "/log"
    address = f"{settings().base_url}/{desk.company.slug}{path}"
    places = []
    for channel in Channel:
        words = by_hand.get(channel) or derived(channel, NoteKind(note.kind), note.said.texts, address)
        found = await told_otherwise(desk, note, words)
        places.append(Place(channel, words, channel in by_hand, channel in BY_HAND, found))
    return places


async def told_otherwise(desk: Desk, note: Draft, words: str) -> list[Difference]:
    """Numbers, days, names and promises in the words that the note has not."""
    fields = FIELDS[NoteKind(note.kind)]
    names = [member.name for member in await people.members(desk.company.id, active=False)]
    whole = "\n".join(
        [*(note.said.texts[name] for name in fields if name in note.said.texts), note.signer.name]
    )
    days = {name: day for name, day in note.said.days.items() if name in fields}
    promised = [day for name, day in days.items() if name in PROMISES]
    return differences(whole, days.values(), words, names=names, promised=promised)


HANDLERS = [sheet, write_sheet]
