"""The listening report at the desk: the figures that everybody sees, to be signed by somebody who leads."""

from datetime import date
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect

from hearback.clock import now
from hearback.people.access import AtDesk, Desk
from hearback.people.rules import Right
from hearback.refusals import NotFound, Refused
from hearback.reporting import commands, queries
from hearback.reporting.rules import month_in
from hearback.reporting.shown import shown
from hearback.web.pages import show
from hearback.web.typed import one, read_typed


@get("/report", may=Right.READ)
async def newest_report(request: HTMXRequest, desk: AtDesk) -> Response[str]:
    return await _report(request, desk, None)


@get("/report/{month:str}", may=Right.READ)
async def report(request: HTMXRequest, desk: AtDesk, month: FromPath[str]) -> Response[str]:
    return await _report(request, desk, _month(month))


@post("/report/{month:str}/signature", may=Right.READ, status_code=303)
async def sign(request: HTMXRequest, desk: AtDesk, month: FromPath[str]) -> Response[Any]:
    """Leaders may, whatever their role; the command knows who they are."""
    chosen = _month(month)
    await queries.report(desk.company.id, chosen)  # NotFound comes before what does not fit
    typed = await read_typed(request)
    try:
        await commands.sign(desk.company.id, chosen, seen=one(typed, "seen"), by=desk.member, now=now())
    except Refused as refusal:
        return await _report(request, desk, chosen, 422, refusal)
    return Redirect(f"/desk/{desk.company.slug}/report/{month}", status_code=303)


async def _report(
    request: HTMXRequest, desk: Desk, month: date | None, status: int = 200, refusal: Refused | None = None
) -> Response[str]:
    return show(
        request,
        "reporting/on_desk",
        status,
        refusal=refusal,
        **shown(await queries.reports(desk.company.id), month),
    )


def _month(text: str) -> date:
    month = month_in(text)
    if month is None:
        raise NotFound
    return month


HANDLERS = [newest_report, report, sign]
