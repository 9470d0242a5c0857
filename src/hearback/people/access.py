"""Who may enter the desk: one guard for every desk route. No session, no right, no token: no entry."""

import hashlib
import hmac
from datetime import timedelta
from typing import Any

from litestar.connection import ASGIConnection, Request
from litestar.di import NamedDependency
from litestar.handlers.base import BaseRouteHandler
from msgspec import Struct

from hearback.clock import now
from hearback.people import queries
from hearback.people.queries import Company, Member
from hearback.people.rules import Right, Role, may, token_hash
from hearback.refusals import NotFound
from hearback.settings import settings
from hearback.web.errors import ForeignForm, NotYours, SignInFirst
from hearback.web.origin import SAFE, from_our_own_page, method_of
from hearback.web.typed import one, read_typed
from hearback.words.speaking import Words, words_for

SESSION_ENDS_AFTER = timedelta(days=14)
SEEN_AT_MOST_EVERY = timedelta(minutes=5)


class Desk(Struct, frozen=True):
    """Who is at the desk of which company, and the words spoken there."""

    company: Company
    member: Member
    words: Words
    csrf: str

    def may(self, right: str) -> bool:
        return may(Role(self.member.role), Right(right))


def cookie_name() -> str:
    """`__Host-` binds the cookie to this host and https; plain where one tries it out without https."""
    return "__Host-hearback" if settings().base_url.startswith("https://") else "hearback"


def csrf_token(account: queries.Account) -> str:
    """Bound to the account, so that a form survives signing in again; dies with the password."""
    key = settings().secret_key.encode()
    return hmac.new(key, f"csrf {account.id} {account.password_hash}".encode(), hashlib.sha256).hexdigest()


AtDesk = NamedDependency[Desk]
"""What a desk handler asks for: `desk: AtDesk`."""


async def may_enter(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Guard of the whole desk. Raises NotFound for a company one is not a member of, as if it were missing."""
    token = connection.cookies.get(cookie_name(), "")
    oldest = now() - SESSION_ENDS_AFTER
    account = await queries.account_of_session(token_hash(token), oldest=oldest) if token else None
    if account is None:
        if isinstance(connection, Request) and connection.method not in SAFE:
            await read_typed(connection)  # so that the page can give back what was typed
        raise SignInFirst
    company = await queries.company_by_slug(connection.path_params["company_slug"])
    member = await queries.member_of_session(company.id, token_hash(token), oldest=oldest)
    if member is None:
        raise NotFound
    csrf = csrf_token(account)
    # Before anything is refused: whoever is turned away is told so in their own language.
    connection.state.desk = Desk(
        company, member, words_for(member.language, company.address, company.timezone), csrf
    )
    await _must_be_our_form(connection, handler, csrf)
    if not member.may(handler.opt["may"]):
        raise NotYours
    await queries.session_seen(token_hash(token), now=now(), unless_since=now() - SEEN_AT_MOST_EVERY)


def desk_of(request: Request[Any, Any, Any]) -> Desk:
    """What the guard found; every desk handler may ask for `desk`."""
    desk: Desk = request.state.desk
    return desk


async def _must_be_our_form(
    connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler, csrf: str
) -> None:
    if method_of(connection) in SAFE:
        return
    await from_our_own_page(connection)
    if not isinstance(connection, Request):
        raise ForeignForm
    given = connection.headers.get("x-csrf-token") or one(await read_typed(connection), "_csrf")
    if not hmac.compare_digest(given.encode(), csrf.encode()):
        raise ForeignForm
