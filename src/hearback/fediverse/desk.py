"""The one switch of the company's account, for admins."""

from typing import Any
from urllib.parse import urlsplit

from litestar import Response, get, post
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect

from hearback.clock import now
from hearback.fediverse import commands, queries
from hearback.fediverse.commands import AccountForm
from hearback.people.access import AtDesk
from hearback.people.rules import Right
from hearback.refusals import Refused
from hearback.settings import settings
from hearback.web.forms import read_form
from hearback.web.pages import show
from hearback.web.typed import Typed, read_typed
from hearback.webhooks.queries import deliveries
from hearback.webhooks.rules import Way


@get("/settings/fediverse", may=Right.MANAGE)
async def fediverse(request: HTMXRequest, desk: AtDesk) -> Response[str]:
    return await _fediverse(request, desk)


@post("/settings/fediverse", may=Right.MANAGE, status_code=303)
async def set_up_fediverse(request: HTMXRequest, desk: AtDesk) -> Response[Any]:
    typed = await read_typed(request)
    try:
        form = read_form(AccountForm, typed)
        await commands.set_up(desk.company, form, secret=settings().secret_key, by=desk.member, now=now())
    except Refused as refusal:
        return await _fediverse(request, desk, 422, typed=typed, refusal=refusal)
    return Redirect(f"/desk/{desk.company.slug}/settings/fediverse", status_code=303)


async def _fediverse(
    request: HTMXRequest,
    desk: AtDesk,
    status: int = 200,
    *,
    typed: Typed | None = None,
    refusal: Refused | None = None,
) -> Response[str]:
    return show(
        request,
        "fediverse/fediverse",
        status,
        account=await queries.account(desk.company.id),
        name=f"@{desk.company.slug}@{urlsplit(settings().base_url).netloc}",
        questions=await queries.questions(desk.company.id),
        deliveries=await deliveries(desk.company.id, way=Way.FEDIVERSE),
        typed=typed or {},
        refusal=refusal,
    )


HANDLERS = [fediverse, set_up_fediverse]
