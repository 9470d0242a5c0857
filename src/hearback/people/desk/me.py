"""One's own page: what the public sees of oneself, and the password."""

from typing import Any

from litestar import Response, get, post
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect

from hearback.clock import now
from hearback.people import commands
from hearback.people.access import AtDesk
from hearback.people.faces import LARGEST_FILE
from hearback.people.forms import OwnPage, PasswordForm
from hearback.people.public.doors import enter, too_many_tries
from hearback.people.rules import Right
from hearback.refusals import Refused, TooMany
from hearback.web.forms import read_form
from hearback.web.network import client_network
from hearback.web.pages import show
from hearback.web.typed import Typed, read_file, read_typed

ROOM_FOR_THE_FORM = 64 * 1024


@get("/", may=Right.READ)
async def first_page(desk: AtDesk) -> Redirect:
    return Redirect(f"/desk/{desk.company.slug}/today", status_code=303)


@get("/people/me", may=Right.READ)
async def me(request: HTMXRequest, desk: AtDesk) -> Response[str]:
    return _me(request, desk)


@post("/people/me", may=Right.READ, status_code=303)
async def change_me(request: HTMXRequest, desk: AtDesk) -> Response[Any]:
    typed = await read_typed(request)
    try:
        await commands.change_own_page(desk.company.id, read_form(OwnPage, typed), by=desk.member, now=now())
    except Refused as refusal:
        return _me(request, desk, 422, typed=typed, refusal=refusal)
    return _to_me(desk)


@post(
    "/people/me/picture",
    may=Right.READ,
    status_code=303,
    request_max_body_size=LARGEST_FILE + ROOM_FOR_THE_FORM,
)
async def change_picture(request: HTMXRequest, desk: AtDesk) -> Response[Any]:
    try:
        raw = await read_file(request, "picture")
        if not raw:
            raise Refused("people.no-picture", field="picture")
        await commands.change_picture(desk.company.id, raw, by=desk.member, now=now())
    except Refused as refusal:
        return _me(request, desk, 422, refusal=refusal)
    return _to_me(desk)


@post("/people/me/password", may=Right.READ, status_code=303)
async def change_password(request: HTMXRequest, desk: AtDesk) -> Response[Any]:
    try:
        form = read_form(PasswordForm, await read_typed(request))
        token = await commands.change_password(
            desk.company.id,
            form.password,
            form.new_password,
            by=desk.member,
            network=client_network(request),
            now=now(),
        )
    except Refused as refusal:
        return _me(request, desk, 422, refusal=refusal)
    except TooMany as error:
        return _me(request, desk, 429, refusal=too_many_tries(error))
    return enter(f"/desk/{desk.company.slug}/people/me", token)


def _me(
    request: HTMXRequest,
    desk: AtDesk,
    status: int = 200,
    *,
    typed: Typed | None = None,
    refusal: Refused | None = None,
) -> Response[str]:
    return show(request, "people/me", status, who=desk.member, typed=typed or {}, refusal=refusal)


def _to_me(desk: AtDesk) -> Redirect:
    return Redirect(f"/desk/{desk.company.slug}/people/me", status_code=303)


HANDLERS = [first_page, me, change_me, change_picture, change_password]
