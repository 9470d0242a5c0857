"""Where one excerpt ends and the next begins, at the desk: a page that needs no script."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest

from hearback.clock import now
from hearback.people.access import AtDesk, Desk
from hearback.people.rules import Right
from hearback.refusals import Refused
from hearback.themes import commands
from hearback.themes.cutting import parts
from hearback.themes.desk.deciding import back_to
from hearback.themes.forms import CutForm, JoinForm
from hearback.themes.queries import cutting as queries
from hearback.themes.queries import life
from hearback.web.forms import read_form
from hearback.web.pages import show
from hearback.web.typed import Typed, read_typed


@get("/themes/excerpts/{excerpt_id:uuid}/cut", may=Right.SORT)
async def where_to_cut(request: HTMXRequest, desk: AtDesk, excerpt_id: FromPath[UUID]) -> Response[Any]:
    return await _show(request, desk, excerpt_id)


@post("/themes/excerpts/{excerpt_id:uuid}/cut", may=Right.SORT, status_code=303)
async def cut(request: HTMXRequest, desk: AtDesk, excerpt_id: FromPath[UUID]) -> Response[Any]:
    typed = await read_typed(request)
    try:
        at = read_form(CutForm, typed).at
        await commands.cut(desk.company.id, excerpt_id, at, by=desk.member.id, now=now())
    except Refused as refusal:
        return await _show(request, desk, excerpt_id, typed=typed, refusal=refusal)
    return await _where_it_lies(request, desk, excerpt_id, "cut")


@post("/themes/excerpts/{excerpt_id:uuid}/joining", may=Right.SORT, status_code=303)
async def join(request: HTMXRequest, desk: AtDesk, excerpt_id: FromPath[UUID]) -> Response[Any]:
    typed = await read_typed(request)
    try:
        other = read_form(JoinForm, typed).other
        joined = await commands.join(desk.company.id, excerpt_id, other, by=desk.member.id, now=now())
    except Refused as refusal:
        return await _show(request, desk, excerpt_id, typed=typed, refusal=refusal)
    return await _where_it_lies(request, desk, joined, "joined")


async def _where_it_lies(request: HTMXRequest, desk: Desk, excerpt_id: UUID, done: str) -> Response[Any]:
    lies = await life.placement(desk.company.id, excerpt_id)
    return back_to(request, desk, str(lies.heir or "nowhere") if lies else "unsorted", done)


async def _show(
    request: HTMXRequest,
    desk: Desk,
    excerpt_id: UUID,
    *,
    typed: Typed | None = None,
    refusal: Refused | None = None,
) -> Response[Any]:
    """Raises NotFound."""
    pieces = await queries.pieces(desk.company.id, excerpt_id)
    nth = next(n for n, one in enumerate(pieces) if one.id == excerpt_id)
    return show(
        request,
        "themes/cut",
        422 if refusal else 200,
        piece=pieces[nth],
        parts=parts(pieces[nth].words, pieces[nth].starts),
        before=pieces[nth - 1] if nth else None,
        after=pieces[nth + 1] if nth + 1 < len(pieces) else None,
        quoting=await queries.quoting(desk.company.id, [excerpt_id]),
        typed=typed or {},
        refusal=refusal,
    )


HANDLERS = [where_to_cut, cut, join]
