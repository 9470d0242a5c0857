"""Links that open once: an invitation, and a new password. Looking takes nothing; mail scanners look too."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest

from hearback.clock import now
from hearback.people import commands, queries
from hearback.people.forms import JoiningForm, ResetForm
from hearback.people.public.doors import enter, too_many_tries
from hearback.people.queries import Invitation, Reset
from hearback.people.rules import token_hash
from hearback.refusals import Refused, TooMany
from hearback.web.forms import read_form
from hearback.web.network import client_network
from hearback.web.pages import show
from hearback.web.typed import one, read_typed

GONE = ("invitation.gone", "reset.gone")


@get("/invitation/{token:str}")
async def invitation(request: HTMXRequest, token: FromPath[str]) -> Response[str]:
    invited = await queries.invitation(token_hash(token))
    if not invited.stands(now()):
        return await _invitation(request, invited, Refused("invitation.gone"))
    return await _invitation(request, invited)


@post("/invitation/{token:str}", status_code=200)
async def join(request: HTMXRequest, token: FromPath[str]) -> Response[Any]:
    invited = await queries.invitation(token_hash(token))
    try:
        if not invited.stands(now()):
            raise Refused("invitation.gone")
        typed = await read_typed(request)
        form = read_form(JoiningForm, typed)
        session = await commands.accept_invitation(
            invited, name=form.name, password=form.password, network=client_network(request), now=now()
        )
    except Refused as refusal:
        return await _invitation(request, invited, refusal)
    except TooMany as error:
        return await _invitation(request, invited, too_many_tries(error), wait_s=error.wait_s)
    return enter(f"/desk/{invited.company_slug}/people/me", session)


@get("/reset/{token:str}")
async def reset(request: HTMXRequest, token: FromPath[str]) -> Response[str]:
    link = await queries.reset(token_hash(token))
    return await _reset(request, link, None if link.stands(now()) else Refused("reset.gone"))


@post("/reset/{token:str}", status_code=200)
async def set_password(request: HTMXRequest, token: FromPath[str]) -> Response[Any]:
    link = await queries.reset(token_hash(token))
    try:
        if not link.stands(now()):
            raise Refused("reset.gone")
        form = read_form(ResetForm, await read_typed(request))
        session = await commands.use_reset(link, password=form.password, now=now())
    except Refused as refusal:
        return await _reset(request, link, refusal)
    return enter(f"/desk/{link.company_slug}/today", session)


async def _invitation(
    request: HTMXRequest, invited: Invitation, refusal: Refused | None = None, *, wait_s: int | None = None
) -> Response[str]:
    company = request.state.company = await queries.company_by_slug(invited.company_slug)
    if refusal is not None and refusal.reason in GONE:
        return show(request, "people/gone", 410, company=company, refusal=refusal)
    inviter = await queries.member(company.id, invited.inviter) if invited.inviter else None
    status = 200 if refusal is None else 422 if wait_s is None else 429
    return show(
        request,
        "people/invitation",
        status,
        company=company,
        headers={"Cache-Control": "no-store"} | ({"Retry-After": str(wait_s)} if wait_s else {}),
        invited=invited,
        inviter=inviter,
        name=one(getattr(request.state, "typed", None) or {}, "name"),
        refusal=refusal,
    )


async def _reset(request: HTMXRequest, link: Reset, refusal: Refused | None) -> Response[str]:
    company = request.state.company = await queries.company_by_slug(link.company_slug)
    if refusal is not None and refusal.reason in GONE:
        return show(request, "people/gone", 410, company=company, refusal=refusal)
    status = 422 if refusal else 200
    no_store = {"Cache-Control": "no-store"}
    return show(
        request, "people/reset", status, company=company, headers=no_store, link=link, refusal=refusal
    )


HANDLERS = [invitation, join, reset, set_password]
