"""Replying at the desk: what waits, who reads before it goes out, and what is done about what went out."""

import asyncio
from collections.abc import Awaitable
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect

from hearback.clock import day_in, now
from hearback.people.access import AtDesk, Desk
from hearback.people.rules import Right
from hearback.plainspeech.reading import get_ready
from hearback.refusals import Refused
from hearback.replying import commands, queries, queue
from hearback.replying.covering import leave_gaps_in_reply
from hearback.replying.forms import ReturnForm, SignOffForm
from hearback.replying.queries import Reply
from hearback.replying.rules import ReplyState, To
from hearback.replying.talk_desk import may_keep, talk_page, to_talk
from hearback.web.forms import read_form
from hearback.web.pages import show
from hearback.web.typed import read_typed


@get("/replies", may=Right.READ)
async def talks(request: HTMXRequest, desk: AtDesk) -> Response[str]:
    """What waits for a word, for somebody to read it, and for somebody to do it; and how it went, of all together."""
    if desk.may(Right.REPLY):
        get_ready()
    company_id = desk.company.id
    waiting, to_sign, drafts, steps, figures = await asyncio.gather(
        queue.waiting_talks(company_id),
        queue.not_out_yet(company_id, ReplyState.WAITING),
        queue.not_out_yet(company_id, ReplyState.DRAFT),
        queue.steps_to_do(company_id),
        queue.figures(company_id),
    )
    return show(
        request,
        "replying/talks",
        most=queue.MOST,
        waiting=waiting,
        to_sign=to_sign,
        drafts=drafts,
        steps=steps,
        may_keep={one.reply for one in steps if may_keep(desk, one.owner_id, one.writer_id)},
        figures=figures,
        today=day_in(desk.company.timezone, now()),
    )


@post("/replies/{reply_id:uuid}/sign-off", may=Right.READ, status_code=303)
async def sign_off(request: HTMXRequest, desk: AtDesk, reply_id: FromPath[UUID]) -> Response[Any]:
    """Leaders may, whatever their role; the command knows who else."""
    found, typed = await queries.reply(desk.company.id, reply_id), await read_typed(request)
    try:
        form = read_form(SignOffForm, typed)
        await commands.sign_off(desk.company, reply_id, version=form.version, by=desk.member, now=now())
    except Refused as refusal:
        return await talk_page(request, desk, _to(found), refusal=refusal)
    return to_talk(desk, _to(found))


@post("/replies/{reply_id:uuid}/return", may=Right.READ, status_code=303)
async def give_back(request: HTMXRequest, desk: AtDesk, reply_id: FromPath[UUID]) -> Response[Any]:
    found, typed = await queries.reply(desk.company.id, reply_id), await read_typed(request)
    try:
        form = read_form(ReturnForm, typed)
        await commands.give_back(desk.company.id, reply_id, form.returned_why, by=desk.member, now=now())
    except Refused as refusal:
        return await talk_page(request, desk, _to(found), refusal=refusal)
    return to_talk(desk, _to(found))


@post("/replies/{reply_id:uuid}/cosigning", may=Right.READ, status_code=303)
async def cosign(request: HTMXRequest, desk: AtDesk, reply_id: FromPath[UUID]) -> Response[Any]:
    found = await queries.reply(desk.company.id, reply_id)
    deed = commands.cosign(desk.company.id, reply_id, by=desk.member, now=now())
    return await _done(request, desk, found, deed)


@post("/replies/{reply_id:uuid}/correction", may=Right.REPLY, status_code=303)
async def correct(request: HTMXRequest, desk: AtDesk, reply_id: FromPath[UUID]) -> Response[Any]:
    found = await queries.reply(desk.company.id, reply_id)
    deed = commands.start_correction(desk.company.id, reply_id, by=desk.member, now=now())
    return await _done(request, desk, found, deed, "#reply")


@post("/replies/{reply_id:uuid}/discard", may=Right.REPLY, status_code=303)
async def discard(request: HTMXRequest, desk: AtDesk, reply_id: FromPath[UUID]) -> Response[Any]:
    found = await queries.reply(desk.company.id, reply_id)
    deed = commands.discard_reply(desk.company.id, reply_id, by=desk.member, now=now())
    return await _done(request, desk, found, deed)


@post("/replies/words/{word_back_id:uuid}/settling", may=Right.REPLY, status_code=303)
async def settle(desk: AtDesk, word_back_id: FromPath[UUID]) -> Redirect:
    at = now()
    today = day_in(desk.company.timezone, at)
    word = await commands.settle(desk.company.id, word_back_id, by=desk.member, now=at, today=today)
    return to_talk(desk, To(response=word.response))


@post("/replies/words/{word_back_id:uuid}/personal-data", may=Right.MODERATE, status_code=200)
async def personal_data(request: HTMXRequest, desk: AtDesk, word_back_id: FromPath[UUID]) -> Response[str]:
    """Shown on this one page, and written down; whoever looks again asks again."""
    word = await commands.open_personal_data(desk.company.id, word_back_id, by=desk.member, now=now())
    return await talk_page(request, desk, To(response=word.response), opened=word.id)


@post("/replies/{reply_id:uuid}/keeping", may=Right.REPLY, status_code=303)
async def keep_step(request: HTMXRequest, desk: AtDesk, reply_id: FromPath[UUID]) -> Response[Any]:
    found, at = await queries.reply(desk.company.id, reply_id), now()
    today = day_in(desk.company.timezone, at)
    deed = commands.keep_step(desk.company.id, reply_id, by=desk.member, now=at, today=today)
    return await _done(request, desk, found, deed)


async def _done(
    request: HTMXRequest, desk: Desk, found: Reply, deed: Awaitable[object], place: str = ""
) -> Response[Any]:
    try:
        await deed
    except Refused as refusal:
        return await talk_page(request, desk, _to(found), refusal=refusal)
    return to_talk(desk, _to(found), place)


def _to(reply: Reply) -> To:
    return To(reply.response, reply.theme)


@post("/replies/{reply_id:uuid}/gaps", may=Right.PUBLISH)
async def gaps(desk: AtDesk, reply_id: FromPath[UUID]) -> Redirect:
    """Where it says what is covered in an answer; the list stands among the notes."""
    await leave_gaps_in_reply(desk.company.id, reply_id, by=desk.member, now=now())
    return Redirect(f"/desk/{desk.company.slug}/notes/covered?done=gaps", status_code=303)


HANDLERS = [
    talks,
    sign_off,
    give_back,
    cosign,
    correct,
    discard,
    settle,
    personal_data,
    keep_step,
    gaps,
]
