"""How the company looks and speaks, and what it has to say by law."""

from typing import Any

from litestar import Response, get, post
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect

from hearback.clock import now
from hearback.people import commands, queries
from hearback.people.accent import accent
from hearback.people.access import AtDesk
from hearback.people.forms import SettingsForm, check_settings, timezones
from hearback.people.rules import Right
from hearback.refusals import Refused
from hearback.web.forms import read_form
from hearback.web.pages import show
from hearback.web.typed import Typed, read_typed


@get("/settings", may=Right.MANAGE)
async def settings(request: HTMXRequest, desk: AtDesk) -> Response[str]:
    return await _settings(request, desk)


@post("/settings", may=Right.MANAGE, status_code=303)
async def change_settings(request: HTMXRequest, desk: AtDesk) -> Response[Any]:
    typed = await read_typed(request)
    try:
        form = read_form(SettingsForm, typed)
        check_settings(form)
        await commands.change_settings(desk.company, form, by=desk.member, now=now())
    except Refused as refusal:
        return await _settings(request, desk, 422, typed=typed, refusal=refusal)
    return Redirect(f"/desk/{desk.company.slug}/settings", status_code=303)


async def _settings(
    request: HTMXRequest,
    desk: AtDesk,
    status: int = 200,
    *,
    typed: Typed | None = None,
    refusal: Refused | None = None,
) -> Response[str]:
    return show(
        request,
        "people/settings",
        status,
        texts=await queries.company_texts(desk.company.id),
        timezones=timezones(),
        accent=accent(desk.company.colour),
        typed=typed or {},
        refusal=refusal,
    )


HANDLERS = [settings, change_settings]
