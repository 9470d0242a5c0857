"""In and out, and from the doorstep to the right desk."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response, get, post
from litestar.datastructures import Cookie
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect

from hearback.clock import now
from hearback.people import commands, queries
from hearback.people.access import SESSION_ENDS_AFTER, cookie_name
from hearback.people.forms import SignInForm
from hearback.people.rules import local_path, token_hash
from hearback.refusals import Refused, TooMany
from hearback.settings import settings
from hearback.web.forms import read_form
from hearback.web.network import client_network
from hearback.web.pages import show
from hearback.web.typed import one, read_typed

# The server decides when a session ends; the cookie only has to live longer.
COOKIE_LASTS = 3 * SESSION_ENDS_AFTER
HOME = "/desk"


@get("/in")
async def door(request: HTMXRequest) -> Response[str]:
    return _door(request, 200, wanted=local_path(request.query_params.get("next", ""), HOME))


@post("/in", status_code=200)
async def come_in(request: HTMXRequest) -> Response[Any]:
    typed = await read_typed(request)
    wanted = local_path(one(typed, "next"), HOME)
    try:
        form = read_form(SignInForm, typed)
        token = await commands.sign_in(
            form.email,
            form.password,
            network=client_network(request),
            old_token=held_token(request),
            now=now(),
        )
    except Refused as refusal:
        return _door(request, 422, wanted=wanted, email=one(typed, "email"), refusal=refusal)
    except TooMany as error:
        return _door(
            request,
            429,
            wanted=wanted,
            email=one(typed, "email"),
            refusal=too_many_tries(error),
            headers={"Retry-After": str(error.wait_s)},
        )
    return enter(wanted, token)


@post("/out", status_code=303)
async def go_out(request: HTMXRequest) -> Redirect:
    await commands.end_session(held_token(request))
    gone = Cookie(
        key=cookie_name(), value="", max_age=0, path="/", httponly=True, secure=_https(), samesite="lax"
    )
    return Redirect("/in", status_code=303, cookies=[gone])


@get("/desk")
async def which_desk(request: HTMXRequest) -> Response[Any]:
    """To the only desk one has; with several one chooses."""
    account = await queries.account_of_session(
        token_hash(held_token(request)), oldest=now() - SESSION_ENDS_AFTER
    )
    if account is None:
        return Redirect(f"/in?{urlencode({'next': HOME})}", status_code=303)
    places = await queries.places(account.id)
    if len(places) == 1:
        return Redirect(f"/desk/{places[0].slug}/today", status_code=303)
    return show(request, "people/desks", places=places, headers={"Cache-Control": "no-store"})


def held_token(request: Request[Any, Any, Any]) -> str:
    """Of the session that this browser is in; empty outside."""
    return request.cookies.get(cookie_name(), "")


def enter(path: str, token: str) -> Redirect:
    """Go on, signed in."""
    cookie = Cookie(
        key=cookie_name(),
        value=token,
        max_age=int(COOKIE_LASTS.total_seconds()),
        path="/",
        httponly=True,
        secure=_https(),
        samesite="lax",
    )
    return Redirect(path, status_code=303, cookies=[cookie], headers={"Cache-Control": "no-store"})


def too_many_tries(error: TooMany) -> Refused:
    return Refused("in.too-many", at=now() + timedelta(seconds=error.wait_s))


def _https() -> bool:
    return settings().base_url.startswith("https://")


def _door(
    request: HTMXRequest,
    status: int,
    *,
    wanted: str,
    email: str = "",
    refusal: Refused | None = None,
    headers: dict[str, str] | None = None,
) -> Response[str]:
    no_store = {"Cache-Control": "no-store"} | (headers or {})
    return show(request, "people/in", status, headers=no_store, wanted=wanted, email=email, refusal=refusal)


HANDLERS = [door, come_in, go_out, which_desk]
