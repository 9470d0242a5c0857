"""Promises on the desk: say that one is kept, or name another day for it."""

import asyncio
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect

from hearback.clock import day_in, now
from hearback.people.access import AtDesk, Desk
from hearback.people.rules import Right
from hearback.promises import commands, queries
from hearback.promises.forms import NewDateForm
from hearback.refusals import Refused
from hearback.web.forms import most, read_form
from hearback.web.pages import show
from hearback.web.typed import Typed, read_typed


@get("/promises", may=Right.READ)
async def promises(request: HTMXRequest, desk: AtDesk) -> Response[str]:
    return await _promises(request, desk)


@post("/promises/{promise_id:uuid}/keeping", may=Right.WRITE, status_code=303)
async def keep(request: HTMXRequest, desk: AtDesk, promise_id: FromPath[UUID]) -> Response[Any]:
    today = day_in(desk.company.timezone, now())
    try:
        await commands.mark_kept(desk.company.id, promise_id, by=desk.member, now=now(), today=today)
    except Refused as refusal:
        return await _promises(request, desk, 422, refusal=refusal)
    return _to_promises(desk)


@get("/promises/{promise_id:uuid}/date", may=Right.WRITE)
async def ask_for_new_date(request: HTMXRequest, desk: AtDesk, promise_id: FromPath[UUID]) -> Response[str]:
    return await _new_date(request, desk, promise_id, {})


@post("/promises/{promise_id:uuid}/date", may=Right.WRITE, status_code=303)
async def set_new_date(request: HTMXRequest, desk: AtDesk, promise_id: FromPath[UUID]) -> Response[Any]:
    await queries.promise(desk.company.id, promise_id)  # NotFound comes before what does not fit
    typed = await read_typed(request)
    today = day_in(desk.company.timezone, now())
    try:
        form = read_form(NewDateForm, typed)
        await commands.set_new_date(desk.company.id, promise_id, form, by=desk.member, now=now(), today=today)
    except Refused as refusal:
        return await _new_date(request, desk, promise_id, typed, 422, refusal)
    return _to_promises(desk)


async def _promises(
    request: HTMXRequest, desk: Desk, status: int = 200, refusal: Refused | None = None
) -> Response[str]:
    today = day_in(desk.company.timezone, now())
    found, sums = await asyncio.gather(
        queries.promises(desk.company.id), queries.sums(desk.company.id, today)
    )
    return show(
        request,
        "promises/on_desk",
        status,
        promises=found,
        sums=sums,
        today=today,
        refusal=refusal,
    )


async def _new_date(
    request: HTMXRequest,
    desk: Desk,
    promise_id: UUID,
    typed: Typed,
    status: int = 200,
    refusal: Refused | None = None,
) -> Response[str]:
    promise = await queries.promise(desk.company.id, promise_id)
    return show(
        request,
        "promises/new_date",
        status,
        promise=promise,
        most=most(NewDateForm, "why"),
        typed=typed,
        refusal=refusal,
    )


def _to_promises(desk: Desk) -> Redirect:
    return Redirect(f"/desk/{desk.company.slug}/promises", status_code=303)


HANDLERS = [promises, keep, ask_for_new_date, set_new_date]
