"""Which question takes in answers to notes from anybody."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import Struct

from hearback.changenotes import commands, queries
from hearback.clock import now
from hearback.people.access import AtDesk, Desk
from hearback.people.rules import Right
from hearback.refusals import Refused
from hearback.web.forms import read_form
from hearback.web.pages import show
from hearback.web.typed import Typed, read_typed


class DoorForm(Struct, frozen=True):
    """question: empty for none."""

    question: UUID | None = None


@get("/notes/door", may=Right.MANAGE)
async def door(request: HTMXRequest, desk: AtDesk) -> Response[str]:
    return await _door(request, desk)


@post("/notes/door", may=Right.MANAGE, status_code=303)
async def choose_door(request: HTMXRequest, desk: AtDesk) -> Response[Any]:
    typed = await read_typed(request)
    try:
        form = read_form(DoorForm, {name: texts for name, texts in typed.items() if texts != [""]})
        await commands.choose_door(desk.company.id, form.question, by=desk.member, now=now())
    except Refused as refusal:
        return await _door(request, desk, 422, typed=typed, refusal=refusal)
    return Redirect(f"/desk/{desk.company.slug}/notes/door", status_code=303)


@post("/notes/door/question", may=Right.MANAGE, status_code=303)
async def prepare_door(desk: AtDesk) -> Redirect:
    question = await commands.prepare_door(desk.company, by=desk.member, now=now())
    return Redirect(f"/desk/{desk.company.slug}/questions/{question}", status_code=303)


async def _door(
    request: HTMXRequest,
    desk: Desk,
    status: int = 200,
    *,
    typed: Typed | None = None,
    refusal: Refused | None = None,
) -> Response[str]:
    return show(
        request,
        "changenotes/door",
        status,
        questions=await queries.door_questions(desk.company.id, now=now()),
        typed=typed or {},
        refusal=refusal,
    )


HANDLERS = [door, choose_door, prepare_door]
