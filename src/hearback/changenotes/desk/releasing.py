"""Who lets a note out, and when: a second pair of eyes, the mandate, an hour; and for which kinds."""

from datetime import date, datetime, time
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Meta, Struct

from hearback.changenotes import commands, queries
from hearback.changenotes.desk.landing import to_the_log
from hearback.changenotes.desk.writing import must_say_why_it_stays, refused, saved
from hearback.changenotes.rules import NoteKind
from hearback.clock import now
from hearback.people.access import AtDesk, Desk
from hearback.people.rules import Right
from hearback.refusals import Refused
from hearback.web.forms import read_form
from hearback.web.pages import show
from hearback.web.typed import read_typed


class HourForm(Struct, frozen=True):
    """By the company's clocks."""

    goes_out: date
    hour: Annotated[str, Meta(min_length=4, max_length=5)]

    def at(self, timezone: str) -> datetime:
        """Raises Refused for what is no hour."""
        try:
            hour = time.fromisoformat(self.hour.zfill(5))
        except ValueError:
            raise Refused("note.not-an-hour", field="hour") from None
        return datetime.combine(self.goes_out, hour, tzinfo=ZoneInfo(timezone))


class FourEyesForm(Struct, frozen=True):
    kinds: Annotated[list[NoteKind], Meta(max_length=4)] = []


@post("/notes/{note_id:uuid}/release-request", may=Right.WRITE, status_code=303)
async def ask_for_release(request: HTMXRequest, desk: AtDesk, note_id: FromPath[UUID]) -> Response[Any]:
    """What stands in the form is saved first."""
    draft = await queries.draft(desk.company.id, note_id)
    typed = await read_typed(request)
    if "kind" in typed and (no := await saved(request, desk, draft, typed)):
        return no
    try:
        await must_say_why_it_stays(desk.company.id, note_id)
        await commands.ask_for_release(desk.company, note_id, by=desk.member, now=now())
    except Refused as refusal:
        return await refused(request, desk, note_id, refusal)
    return _to(desk, f"/{note_id}")


@post("/notes/{note_id:uuid}/hour", may=Right.PUBLISH, status_code=303)
async def schedule(request: HTMXRequest, desk: AtDesk, note_id: FromPath[UUID]) -> Response[Any]:
    await queries.draft(desk.company.id, note_id)
    typed = await read_typed(request)
    try:
        at = read_form(HourForm, typed).at(desk.company.timezone)
        await must_say_why_it_stays(desk.company.id, note_id)
        await commands.schedule_note(desk.company, note_id, at, by=desk.member, now=now())
    except Refused as refusal:
        return await refused(request, desk, note_id, refusal)
    return _to(desk, f"/{note_id}")


@post("/notes/{note_id:uuid}/no-hour", may=Right.PUBLISH, status_code=303)
async def unschedule(request: HTMXRequest, desk: AtDesk, note_id: FromPath[UUID]) -> Response[Any]:
    try:
        await commands.unschedule_note(desk.company.id, note_id, by=desk.member, now=now())
    except Refused as refusal:
        return await refused(request, desk, note_id, refusal)
    return _to(desk, f"/{note_id}")


@post("/notes/{note_id:uuid}/cosigning", may=Right.READ, status_code=303)
async def cosign(request: HTMXRequest, desk: AtDesk, note_id: FromPath[UUID]) -> Response[Any]:
    await commands.cosign_note(desk.company.id, note_id, by=desk.member, now=now())
    return await to_the_log(desk, note_id)


@get("/notes/four-eyes", may=Right.MANAGE)
async def four_eyes(request: HTMXRequest, desk: AtDesk) -> Response[str]:
    chosen = await queries.kinds_with_four_eyes(desk.company.id)
    return show(
        request, "changenotes/four_eyes", kinds=list(NoteKind), chosen=sorted(chosen), refusal=None, typed={}
    )


@post("/notes/four-eyes", may=Right.MANAGE, status_code=303)
async def choose_four_eyes(request: HTMXRequest, desk: AtDesk) -> Response[Any]:
    typed = await read_typed(request)
    try:
        form = read_form(FourEyesForm, typed)
    except Refused as refusal:
        return show(
            request,
            "changenotes/four_eyes",
            422,
            kinds=list(NoteKind),
            chosen=typed.get("kinds", []),
            refusal=refusal,
            typed=typed,
        )
    await commands.choose_four_eyes(desk.company.id, form.kinds, by=desk.member, now=now())
    return _to(desk, "/four-eyes")


def _to(desk: Desk, path: str) -> Redirect:
    return Redirect(f"/desk/{desk.company.slug}/notes{path}", status_code=303)


HANDLERS = [ask_for_release, schedule, unschedule, cosign, four_eyes, choose_four_eyes]
