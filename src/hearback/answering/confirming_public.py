"""From the mail that asks whether an answer is somebody's: looking changes nothing, pressing the button does."""

from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest

from hearback.answering import confirming
from hearback.answering.confirming import Asked
from hearback.clock import now
from hearback.people.queries import Company, company_by_slug
from hearback.refusals import NotFound
from hearback.settings import settings
from hearback.trust.sealing import read_token
from hearback.web.pages import show
from hearback.web.typed import read_typed

PURPOSE = "voice"
ONCE = {"Cache-Control": "no-store", "Referrer-Policy": "same-origin", "X-Robots-Tag": "noindex"}


@get("/{company_slug:str}/confirm/{token:str}")
async def ask_whether_theirs(
    request: HTMXRequest, company_slug: FromPath[str], token: FromPath[str]
) -> Response[str]:
    company = await company_by_slug(company_slug)
    request.state.company = company
    try:
        unconfirmed_id = _read(token)
        if await confirming.said_before(company.id, unconfirmed_id):
            return _page(request, company, "counts")
        asked = await confirming.asked(company.id, unconfirmed_id)
    except NotFound:
        return _page(request, company, "ended", status=404)
    return _page(request, company, "asks", asked=asked, action=f"/{company.slug}/confirm/{token}")


@post("/{company_slug:str}/confirm/{token:str}", status_code=200)
async def confirm(request: HTMXRequest, company_slug: FromPath[str], token: FromPath[str]) -> Response[str]:
    company = await company_by_slug(company_slug)
    request.state.company = company
    await read_typed(request)
    try:
        said = await confirming.confirm(company.id, _read(token), secret=settings().secret_key, now=now())
    except NotFound:
        return _page(request, company, "ended", status=404)
    return _page(request, company, said.value)


def _page(
    request: HTMXRequest,
    company: Company,
    found: str,
    *,
    status: int = 200,
    asked: Asked | None = None,
    action: str = "",
) -> Response[str]:
    return show(
        request,
        "answering/confirm",
        status,
        company=company,
        headers=ONCE,
        found=found,
        asked=asked,
        action=action,
    )


def _read(token: str) -> UUID:
    return read_token(settings().secret_key, PURPOSE, token)


HANDLERS = [ask_whether_theirs, confirm]
