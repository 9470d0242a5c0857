"""What the team has around a theme, at the desk: who looks after it, its rest, questions, remarks, praise passed on."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect

from hearback.clock import now
from hearback.people import queries as people
from hearback.people.access import AtDesk, Desk
from hearback.people.rules import Right
from hearback.refusals import NotFound, Refused
from hearback.themes import commands
from hearback.themes.desk import pages
from hearback.themes.desk.deciding import decided
from hearback.themes.forms import AskForm, AssignForm, PassOnForm, RemarkForm, RestForm
from hearback.themes.queries import excerpts, telling
from hearback.web.forms import read_form
from hearback.web.pages import show
from hearback.web.typed import Typed, read_typed


@post("/themes/{theme_id:uuid}/carer", may=Right.SORT, status_code=303)
async def carer(request: HTMXRequest, desk: AtDesk, theme_id: FromPath[UUID]) -> Response[Any]:
    async def do(typed: Typed) -> None:
        form = read_form(AssignForm, typed)
        await commands.assign(desk.company.id, theme_id, form, by=desk.member.id, now=now())

    return await decided(request, desk, theme_id, "carer", do, done="assigned")


@post("/themes/{theme_id:uuid}/rest", may=Right.SORT, status_code=303)
async def rest(request: HTMXRequest, desk: AtDesk, theme_id: FromPath[UUID]) -> Response[Any]:
    async def do(typed: Typed) -> None:
        form = read_form(RestForm, typed)
        await commands.rest(desk.company.id, theme_id, form, by=desk.member.id, now=now())

    return await decided(request, desk, theme_id, "rest", do, done="rested")


@post("/themes/{theme_id:uuid}/waking", may=Right.SORT, status_code=303)
async def waking(request: HTMXRequest, desk: AtDesk, theme_id: FromPath[UUID]) -> Response[Any]:
    async def do(_typed: Typed) -> None:
        await commands.wake(desk.company.id, theme_id, by=desk.member.id, now=now())

    return await decided(request, desk, theme_id, "wake", do, done="woken")


@post("/themes/{theme_id:uuid}/questions", may=Right.SORT, status_code=303)
async def ask(request: HTMXRequest, desk: AtDesk, theme_id: FromPath[UUID]) -> Response[Any]:
    async def do(typed: Typed) -> None:
        question = read_form(AskForm, typed).question
        await commands.ask_about(desk.company.id, theme_id, question, by=desk.member.id, now=now())

    return await decided(request, desk, theme_id, "ask", do, done="asked")


@post("/themes/{theme_id:uuid}/questions/new", may=Right.ASK, status_code=303)
async def ask_anew(request: HTMXRequest, desk: AtDesk, theme_id: FromPath[UUID]) -> Response[Any]:
    """A draft that is linked to the theme, open in its editor."""
    try:
        question = await commands.ask_anew(desk.company, theme_id, by=desk.member, now=now())
    except Refused as refusal:
        return await pages.show_theme(request, desk, theme_id, faulty=pages.Faulty("ask", refusal, {}))
    return Redirect(f"/desk/{desk.company.slug}/questions/{question}", status_code=303)


@post("/themes/{theme_id:uuid}/questions/{question_id:uuid}/removal", may=Right.SORT, status_code=303)
async def unask(
    request: HTMXRequest, desk: AtDesk, theme_id: FromPath[UUID], question_id: FromPath[UUID]
) -> Response[Any]:
    async def do(_typed: Typed) -> None:
        await commands.unask(desk.company.id, theme_id, question_id, by=desk.member.id, now=now())

    return await decided(request, desk, theme_id, "unask", do, done="unasked")


@post("/themes/{theme_id:uuid}/remarks", may=Right.READ, status_code=303)
async def remark(request: HTMXRequest, desk: AtDesk, theme_id: FromPath[UUID]) -> Response[Any]:
    """Whoever reads here may have something to say about it."""

    async def do(typed: Typed) -> None:
        form = read_form(RemarkForm, typed)
        await commands.remark(desk.company.id, theme_id, form, by=desk.member, now=now())

    return await decided(request, desk, theme_id, "remark", do, done="remarked")


@post("/themes/{theme_id:uuid}/remarks/{theme_remark_id:uuid}/removal", may=Right.READ, status_code=303)
async def unremark(
    request: HTMXRequest, desk: AtDesk, theme_id: FromPath[UUID], theme_remark_id: FromPath[UUID]
) -> Response[Any]:
    async def do(_typed: Typed) -> None:
        await commands.take_remark_back(desk.company.id, theme_id, theme_remark_id, by=desk.member, now=now())

    return await decided(request, desk, theme_id, "unremark", do, done="unremarked")


@get("/themes/excerpts/{excerpt_id:uuid}/thanks", may=Right.READ)
async def whom_to_thank(request: HTMXRequest, desk: AtDesk, excerpt_id: FromPath[UUID]) -> Response[Any]:
    return await _show_thanks(request, desk, excerpt_id)


@post("/themes/excerpts/{excerpt_id:uuid}/thanks", may=Right.READ, status_code=303)
async def pass_on(request: HTMXRequest, desk: AtDesk, excerpt_id: FromPath[UUID]) -> Response[Any]:
    """Praise goes to whom it is meant for."""
    typed = await read_typed(request)
    try:
        form = read_form(PassOnForm, typed)
        await commands.pass_on(desk.company.id, excerpt_id, form, by=desk.member, now=now())
    except Refused as refusal:
        return await _show_thanks(request, desk, excerpt_id, typed=typed, refusal=refusal)
    return Redirect(f"{pages.base(desk)}/excerpts/{excerpt_id}/thanks?done=passed-on#inhalt", status_code=303)


async def _show_thanks(
    request: HTMXRequest,
    desk: Desk,
    excerpt_id: UUID,
    *,
    typed: Typed | None = None,
    refusal: Refused | None = None,
) -> Response[Any]:
    if not await telling.counts(desk.company.id, excerpt_id):
        raise NotFound
    quotes = await excerpts.chosen(desk.company.id, [excerpt_id])
    return show(
        request,
        "themes/thanks",
        422 if refusal else 200,
        quote=quotes[0],
        members=[one for one in await people.members(desk.company.id) if one.id != desk.member.id],
        passed=await telling.passed_to(desk.company.id, excerpt_id),
        most=pages.MOST,
        typed=typed or {},
        refusal=refusal,
    )


HANDLERS = [carer, rest, waking, ask, ask_anew, unask, remark, unremark, whom_to_thank, pass_on]
