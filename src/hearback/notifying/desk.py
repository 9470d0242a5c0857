"""Mail set-up for admins: the server, a test with all that was said, what is in trouble, and who gets none."""

import asyncio
from typing import Any

from litestar import Response, get, post
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect

from hearback.clock import now
from hearback.notifying import commands, queries
from hearback.notifying.commands.setting_up import Tried
from hearback.notifying.domain import Domain, look_up
from hearback.notifying.forms import SetupForm, SilenceForm
from hearback.people import queries as people
from hearback.people.access import AtDesk
from hearback.people.rules import Right
from hearback.refusals import Refused
from hearback.settings import settings
from hearback.web.forms import read_form
from hearback.web.pages import show
from hearback.web.typed import Typed, read_typed


@get("/settings/mail", may=Right.MANAGE)
async def mail_setup(request: HTMXRequest, desk: AtDesk) -> Response[str]:
    return await _setup(request, desk)


@post("/settings/mail", may=Right.MANAGE, status_code=303)
async def set_up_mail(request: HTMXRequest, desk: AtDesk) -> Response[Any]:
    typed = await read_typed(request)
    try:
        form = read_form(SetupForm, typed)
        await commands.set_up(desk.company, form, given=settings(), by=desk.member, now=now())
    except Refused as refusal:
        return await _setup(request, desk, 422, typed=typed, refusal=refusal)
    return Redirect(f"/desk/{desk.company.slug}/settings/mail", status_code=303)


@post("/settings/mail/test", may=Right.MANAGE, status_code=200)
async def try_mail(request: HTMXRequest, desk: AtDesk) -> Response[str]:
    """To the member's own address only, so that nobody is bothered."""
    setup, account = await asyncio.gather(queries.setup(desk.company.id), people.account(desk.member.account))
    if not setup.host or not setup.sender:
        return await _setup(request, desk, 422, refusal=Refused("mail.set-up-first", field="host"))
    tried, domain = await asyncio.gather(
        commands.try_out(
            desk.company, setup, account.email, desk.words, given=settings(), by=desk.member, now=now()
        ),
        look_up(setup.sender, setup.dkim_selector),
    )
    return await _setup(request, desk, tried=tried, domain=domain)


@post("/settings/mail/silence", may=Right.MANAGE, status_code=303)
async def silence(request: HTMXRequest, desk: AtDesk) -> Response[Any]:
    typed = await read_typed(request)
    try:
        form = read_form(SilenceForm, typed)
        await commands.silence(desk.company, form, secret=settings().secret_key, by=desk.member, now=now())
    except Refused as refusal:
        return await _setup(request, desk, 422, typed=typed, refusal=refusal)
    return Redirect(f"/desk/{desk.company.slug}/settings/mail", status_code=303)


async def _setup(
    request: HTMXRequest,
    desk: AtDesk,
    status: int = 200,
    *,
    typed: Typed | None = None,
    refusal: Refused | None = None,
    tried: Tried | None = None,
    domain: Domain | None = None,
) -> Response[str]:
    return show(
        request,
        "notifying/mail",
        status,
        setup=await queries.setup(desk.company.id),
        sums=await queries.outbox(desk.company.id),
        troubled=await queries.in_trouble(desk.company.id),
        typed=typed or {},
        refusal=refusal,
        tried=tried,
        domain=domain,
    )


HANDLERS = [mail_setup, set_up_mail, try_mail, silence]
