"""Promises on the desk: say that one is kept or has held, or is broken; name another day for it, or another owner."""

import asyncio
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect

from hearback.clock import day_in, now
from hearback.people.access import AtDesk, Desk
from hearback.people.queries import members
from hearback.people.rules import Right
from hearback.promises import commands, queries
from hearback.promises.forms import BreakForm, HeldForm, KeptForm, NewDateForm, OwnerForm
from hearback.promises.rules import Held
from hearback.refusals import Refused
from hearback.web.forms import most, read_form
from hearback.web.pages import show
from hearback.web.paging import last_seen
from hearback.web.typed import Typed, read_typed


@get("/promises", may=Right.READ)
async def promises(request: HTMXRequest, desk: AtDesk) -> Response[str]:
    today = day_in(desk.company.timezone, now())
    before = last_seen(request)
    found, sums = await asyncio.gather(
        queries.promises(desk.company.id, before=before), queries.sums(desk.company.id, today)
    )
    return show(
        request,
        "promises/on_desk",
        promises=found.promises,
        older=found.older,
        sums=sums,
        today=today,
    )


@get("/promises/{promise_id:uuid}/keeping", may=Right.WRITE)
async def ask_what_was_done(request: HTMXRequest, desk: AtDesk, promise_id: FromPath[UUID]) -> Response[str]:
    return await _keeping(request, desk, promise_id)


@post("/promises/{promise_id:uuid}/keeping", may=Right.WRITE, status_code=303)
async def keep(request: HTMXRequest, desk: AtDesk, promise_id: FromPath[UUID]) -> Response[Any]:
    await queries.promise(desk.company.id, promise_id)  # NotFound comes before what does not fit
    typed = await read_typed(request)
    today = day_in(desk.company.timezone, now())
    try:
        form = read_form(KeptForm, typed)
        await commands.mark_kept(
            desk.company.id, promise_id, by=desk.member, now=now(), today=today, outcome=form.outcome
        )
    except Refused as refusal:
        return await _keeping(request, desk, promise_id, typed, refusal)
    return _to_promises(desk)


@get("/promises/{promise_id:uuid}/date", may=Right.WRITE)
async def ask_for_new_date(request: HTMXRequest, desk: AtDesk, promise_id: FromPath[UUID]) -> Response[str]:
    return await _new_date(request, desk, promise_id)


@post("/promises/{promise_id:uuid}/date", may=Right.WRITE, status_code=303)
async def set_new_date(request: HTMXRequest, desk: AtDesk, promise_id: FromPath[UUID]) -> Response[Any]:
    await queries.promise(desk.company.id, promise_id)  # NotFound comes before what does not fit
    typed = await read_typed(request)
    today = day_in(desk.company.timezone, now())
    try:
        form = read_form(NewDateForm, typed)
        await commands.set_new_date(desk.company.id, promise_id, form, by=desk.member, now=now(), today=today)
    except Refused as refusal:
        return await _new_date(request, desk, promise_id, typed, refusal)
    return _to_promises(desk)


@get("/promises/{promise_id:uuid}/outcome", may=Right.WRITE)
async def ask_whether_it_held(
    request: HTMXRequest, desk: AtDesk, promise_id: FromPath[UUID]
) -> Response[str]:
    return await _outcome(request, desk, promise_id)


@post("/promises/{promise_id:uuid}/outcome", may=Right.WRITE, status_code=303)
async def say_whether_it_held(
    request: HTMXRequest, desk: AtDesk, promise_id: FromPath[UUID]
) -> Response[Any]:
    await queries.promise(desk.company.id, promise_id)  # NotFound comes before what does not fit
    typed = await read_typed(request)
    at = now()
    today = day_in(desk.company.timezone, at)
    try:
        form = read_form(HeldForm, typed)
        await commands.say_whether_it_held(
            desk.company.id, promise_id, form, by=desk.member, now=at, today=today
        )
    except Refused as refusal:
        return await _outcome(request, desk, promise_id, typed, refusal)
    return _to_promises(desk)


@get("/promises/{promise_id:uuid}/breach", may=Right.WRITE)
async def ask_why_broken(request: HTMXRequest, desk: AtDesk, promise_id: FromPath[UUID]) -> Response[str]:
    return await _breach(request, desk, promise_id)


@post("/promises/{promise_id:uuid}/breach", may=Right.WRITE, status_code=303)
async def say_it_is_broken(request: HTMXRequest, desk: AtDesk, promise_id: FromPath[UUID]) -> Response[Any]:
    await queries.promise(desk.company.id, promise_id)  # NotFound comes before what does not fit
    typed = await read_typed(request)
    at = now()
    today = day_in(desk.company.timezone, at)
    try:
        form = read_form(BreakForm, typed)
        await commands.break_promise(desk.company.id, promise_id, form, by=desk.member, now=at, today=today)
    except Refused as refusal:
        return await _breach(request, desk, promise_id, typed, refusal)
    return _to_promises(desk)


@get("/promises/{promise_id:uuid}/owner", may=Right.WRITE)
async def ask_for_owner(request: HTMXRequest, desk: AtDesk, promise_id: FromPath[UUID]) -> Response[str]:
    return await _owner(request, desk, promise_id)


@post("/promises/{promise_id:uuid}/owner", may=Right.WRITE, status_code=303)
async def hand_over(request: HTMXRequest, desk: AtDesk, promise_id: FromPath[UUID]) -> Response[Any]:
    await queries.promise(desk.company.id, promise_id)  # NotFound comes before what does not fit
    typed = await read_typed(request)
    try:
        form = read_form(OwnerForm, typed)
        await commands.hand_over(desk.company.id, promise_id, form, by=desk.member, now=now())
    except Refused as refusal:
        return await _owner(request, desk, promise_id, typed, refusal)
    return _to_promises(desk)


async def _keeping(
    request: HTMXRequest,
    desk: Desk,
    promise_id: UUID,
    typed: Typed | None = None,
    refusal: Refused | None = None,
) -> Response[str]:
    return await _form(request, desk, "keeping", promise_id, typed, refusal, most=most(KeptForm, "outcome"))


async def _new_date(
    request: HTMXRequest,
    desk: Desk,
    promise_id: UUID,
    typed: Typed | None = None,
    refusal: Refused | None = None,
) -> Response[str]:
    return await _form(request, desk, "new_date", promise_id, typed, refusal, most=most(NewDateForm, "why"))


async def _outcome(
    request: HTMXRequest,
    desk: Desk,
    promise_id: UUID,
    typed: Typed | None = None,
    refusal: Refused | None = None,
) -> Response[str]:
    choices = {"verdicts": [held.value for held in Held], "most": most(HeldForm, "outcome")}
    return await _form(request, desk, "outcome", promise_id, typed, refusal, **choices)


async def _breach(
    request: HTMXRequest,
    desk: Desk,
    promise_id: UUID,
    typed: Typed | None = None,
    refusal: Refused | None = None,
) -> Response[str]:
    return await _form(request, desk, "breach", promise_id, typed, refusal, most=most(BreakForm, "why"))


async def _owner(
    request: HTMXRequest,
    desk: Desk,
    promise_id: UUID,
    typed: Typed | None = None,
    refusal: Refused | None = None,
) -> Response[str]:
    owners = await members(desk.company.id)
    return await _form(request, desk, "owner", promise_id, typed, refusal, owners=owners)


async def _form(
    request: HTMXRequest,
    desk: Desk,
    page: str,
    promise_id: UUID,
    typed: Typed | None,
    refusal: Refused | None,
    **more: Any,
) -> Response[str]:
    return show(
        request,
        f"promises/{page}",
        422 if refusal else 200,
        promise=await queries.promise(desk.company.id, promise_id),
        typed=typed or {},
        refusal=refusal,
        **more,
    )


def _to_promises(desk: Desk) -> Redirect:
    return Redirect(f"/desk/{desk.company.slug}/promises", status_code=303)


HANDLERS = [
    promises,
    ask_what_was_done,
    keep,
    ask_for_new_date,
    set_new_date,
    ask_whether_it_held,
    say_whether_it_held,
    ask_why_broken,
    say_it_is_broken,
    ask_for_owner,
    hand_over,
]
