"""When something cannot be done: what is wrong, what became of the words, and what to do now."""

import traceback
import uuid
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import asyncpg
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, NotFoundException
from litestar.response import Redirect
from litestar.types import ExceptionHandlersMap

from hearback.clock import now
from hearback.refusals import NotFound, Refused, TooMany
from hearback.web.pages import show, words_of
from hearback.words.speaking import Words, words_for

log = structlog.get_logger()
SECRET_FIELDS = frozenset({"password", "new_password", "code"})
NO_DATABASE = (
    OSError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # an idle connection that was cut
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.DiskFullError,
)


class SignInFirst(Exception):
    """Nobody is signed in, or the session has ended."""


class NotYours(Exception):
    """Signed in, but the role does not hold the right."""


class ForeignForm(Exception):
    """The form was not sent from our own page."""


def error_page(
    request: Request[Any, Any, Any],
    status: int,
    what: str,
    headers: dict[str, str] | None = None,
    refusal: Refused | None = None,
    **values: object,
) -> Response[str]:
    """`error.<what>.title` and `.text` say it; what was typed is given back, ready to be sent again."""
    typed = getattr(request.state, "typed", None) or {}
    kept = {name: texts for name, texts in typed.items() if name not in SECRET_FIELDS}
    desk = getattr(request.state, "desk", None)
    request.state.desk = None  # it is nobody's desk, only in their language: perhaps nobody is signed in
    company = getattr(request.state, "company", None)
    if desk is not None:
        words = desk.words
    elif company or "lang" in request.query_params:
        words = words_of(request, company)
    else:
        words = _guessed(request)
    shown = {
        name: words.time(value) if isinstance(value, datetime) else value for name, value in values.items()
    }
    return show(
        request,
        "errors/error",
        status,
        company=company,
        words=words,
        headers={"Cache-Control": "no-store"} | (headers or {}),
        what=what,
        values=shown,
        refusal=refusal,
        kept=kept,
        again=str(request.url.path) + (f"?lang={words.lang}" if "lang" in request.query_params else "")
        if request.method == "POST"
        else None,
    )


def _guessed(request: Request[Any, Any, Any]) -> Words:
    """Where nobody knows whose page it was, the browser's first language says more than nothing; no cache keeps it."""
    first = request.headers.get("accept-language", "")[:2].lower()
    return words_for("en" if first == "en" else "de")


def not_found(request: Request[Any, Any, Any], error: Exception) -> Response[str]:
    """The desk tells nobody what it is that is not there."""
    known = isinstance(error, NotFound) and not request.url.path.startswith("/desk/")
    return error_page(request, 404, error.what if known else "not-found")  # type: ignore[attr-defined]


def refused(request: Request[Any, Any, Any], error: Refused) -> Response[str]:
    return error_page(request, 422, "refused", refusal=error)


def too_many(request: Request[Any, Any, Any], error: TooMany) -> Response[str]:
    again_at = now() + timedelta(seconds=error.wait_s)
    headers = {"Retry-After": str(error.wait_s)}
    return error_page(request, 429, "too-many", headers, at=again_at, wait_s=error.wait_s)


def sign_in_first(request: Request[Any, Any, Any], _error: SignInFirst) -> Response[Any]:
    """Reading: to the sign-in page and back. Writing: nothing that was typed is lost."""
    if request.method in ("GET", "HEAD"):
        return Redirect(f"/in?{urlencode({'next': request.url.path})}", status_code=303)
    return error_page(request, 401, "sign-in-first")


def not_yours(request: Request[Any, Any, Any], _error: NotYours) -> Response[str]:
    return error_page(request, 403, "not-yours")


def foreign_form(request: Request[Any, Any, Any], _error: ForeignForm) -> Response[str]:
    return error_page(request, 403, "foreign-form")


def no_database(request: Request[Any, Any, Any], error: Exception) -> Response[str]:
    log.error("database.away", error=type(error).__name__)
    return error_page(request, 503, "no-database", {"Retry-After": "5"})


def http_error(request: Request[Any, Any, Any], error: HTTPException) -> Response[str]:
    """What the framework itself refuses: wrong method, too large a body, a path that does not parse."""
    known = {405: "wrong-method", 413: "too-large", 400: "not-found"}
    return error_page(request, error.status_code, known.get(error.status_code, "refused-plainly"))


def broken(request: Request[Any, Any, Any], error: Exception) -> Response[str]:
    """Something of ours broke. The log gets places, never messages: they may quote people."""
    number = uuid.uuid4().hex[:6].upper()
    frames = traceback.extract_tb(error.__traceback__)
    where = [f"{frame.filename.rpartition('/hearback/')[2]}:{frame.lineno}" for frame in frames[-6:]]
    log.error("broken", number=number, error=type(error).__name__, where=where)
    return error_page(request, 500, "broken", number=number)


HANDLERS: ExceptionHandlersMap = {
    NotFound: not_found,
    NotFoundException: not_found,
    Refused: refused,
    TooMany: too_many,
    SignInFirst: sign_in_first,
    NotYours: not_yours,
    ForeignForm: foreign_form,
    HTTPException: http_error,
    **dict.fromkeys(NO_DATABASE, no_database),
    Exception: broken,
}
