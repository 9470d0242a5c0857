"""Webhooks for admins: which there are, adding one, and what was delivered."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect

from hearback.clock import now
from hearback.people.access import AtDesk
from hearback.people.rules import Right
from hearback.refusals import Refused
from hearback.settings import settings
from hearback.web.forms import most, read_form
from hearback.web.pages import show
from hearback.web.typed import Typed, read_typed
from hearback.webhooks import commands, queries
from hearback.webhooks.commands import WebhookForm
from hearback.webhooks.rules import News, Way

ONCE = {"Cache-Control": "no-store"}


@get("/settings/webhooks", may=Right.MANAGE)
async def webhooks(request: HTMXRequest, desk: AtDesk) -> Response[str]:
    return await _webhooks(request, desk)


@post("/settings/webhooks", may=Right.MANAGE, status_code=201)
async def add_webhook(request: HTMXRequest, desk: AtDesk) -> Response[Any]:
    """The secret is on the page that answers, and on no other."""
    typed = await read_typed(request)
    try:
        form = read_form(WebhookForm, typed)
        secret = await commands.add(desk.company.id, form, given=settings(), by=desk.member, now=now())
    except Refused as refusal:
        return await _webhooks(request, desk, 422, typed=typed, refusal=refusal)
    return await _webhooks(request, desk, 201, secret=secret)


@post("/settings/webhooks/{webhook_id:uuid}/on", may=Right.MANAGE, status_code=303)
async def switch_on(desk: AtDesk, webhook_id: FromPath[UUID]) -> Redirect:
    await commands.switch(desk.company.id, webhook_id, on=True, by=desk.member, now=now())
    return _back(desk)


@post("/settings/webhooks/{webhook_id:uuid}/off", may=Right.MANAGE, status_code=303)
async def switch_off(desk: AtDesk, webhook_id: FromPath[UUID]) -> Redirect:
    await commands.switch(desk.company.id, webhook_id, on=False, by=desk.member, now=now())
    return _back(desk)


@post("/settings/webhooks/{webhook_id:uuid}/removal", may=Right.MANAGE, status_code=303)
async def remove_webhook(desk: AtDesk, webhook_id: FromPath[UUID]) -> Redirect:
    await commands.remove(desk.company.id, webhook_id, by=desk.member, now=now())
    return _back(desk)


def _back(desk: AtDesk) -> Redirect:
    return Redirect(f"/desk/{desk.company.slug}/settings/webhooks", status_code=303)


async def _webhooks(
    request: HTMXRequest,
    desk: AtDesk,
    status: int = 200,
    *,
    typed: Typed | None = None,
    refusal: Refused | None = None,
    secret: str = "",
) -> Response[str]:
    return show(
        request,
        "webhooks/webhooks",
        status,
        headers=ONCE,
        hooks=await queries.webhooks(desk.company.id),
        deliveries=await queries.deliveries(desk.company.id, way=Way.WEBHOOK),
        news=list(News),
        longest=most(WebhookForm, "address"),
        secret=secret,
        typed=typed or {},
        refusal=refusal,
    )


HANDLERS = [webhooks, add_webhook, switch_on, switch_off, remove_webhook]
