"""What a company says about itself: who speaks, imprint, privacy, accessibility; its faces and colour."""

import re
from typing import Any

from litestar import Response, get
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from litestar.types import ASGIApp, Receive, Scope, Send

from hearback.people import queries
from hearback.people.accent import accent_css
from hearback.people.queries import Company
from hearback.people.rules import RESERVED
from hearback.refusals import NotFound
from hearback.settings import settings
from hearback.web.pages import render, show, words_of
from hearback.web.remembering import remembered
from hearback.web.static_files import look as look_of
from hearback.web.static_files import send_file

FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}
FACE = re.compile(r"([0-9a-f]{16})\.webp")
SHEET = re.compile(r"look-([0-9a-f]{6})-[0-9a-f]{12}\.css")


@get("/")
async def front(request: HTMXRequest) -> Response[Any]:
    """What Hearback is, and who asks here; where one company is the whole house, to that company."""
    if slug := settings().company:
        return Redirect(f"/{slug}", status_code=303)
    return show(request, "people/front", companies=await queries.companies())


@get("/{company_slug:str}/who")
async def who(request: HTMXRequest, company_slug: FromPath[str]) -> ASGIApp:
    return await _remembered(request, company_slug, "who")


@get("/{company_slug:str}/imprint")
async def imprint(request: HTMXRequest, company_slug: FromPath[str]) -> ASGIApp:
    return await _remembered(request, company_slug, "imprint")


@get("/{company_slug:str}/privacy")
async def privacy(request: HTMXRequest, company_slug: FromPath[str]) -> ASGIApp:
    return await _remembered(request, company_slug, "privacy")


@get("/{company_slug:str}/accessibility")
async def accessibility(request: HTMXRequest, company_slug: FromPath[str]) -> ASGIApp:
    return await _remembered(request, company_slug, "accessibility")


@get("/{company_slug:str}/face/{picture:str}")
async def face(company_slug: FromPath[str], picture: FromPath[str]) -> Response[bytes]:
    named = FACE.fullmatch(picture)
    if named is None:
        raise NotFound
    webp = await queries.portrait(company_slug, named[1])
    return Response(webp, media_type="image/webp", headers=FOR_EVER)


@get("/{company_slug:str}/{sheet:str}")
async def look(request: HTMXRequest, company_slug: FromPath[str], sheet: FromPath[str]) -> ASGIApp:
    """The colour stands in the address, so a page from before a change still finds its own."""
    named = SHEET.fullmatch(sheet)
    if named is None:
        if company_slug not in RESERVED:
            request.state.company = await queries.company_by_slug(company_slug)  # so that its 404 is its own
        raise NotFound
    file = look_of(accent_css(f"#{named[1]}"))

    async def reply(scope: Scope, _receive: Receive, send: Send) -> None:
        await send_file(file, scope, send)

    return reply


async def _remembered(request: HTMXRequest, company_slug: str, page: str) -> ASGIApp:
    async def make() -> tuple[bytes, str, None]:
        company = await queries.company_by_slug(company_slug)
        words = words_of(request, company)
        text = render(
            f"people/{page}.html",
            words,
            company=company,
            request_path=request.scope["path"],
            **await _needs(company, page),
        )
        return text.encode(), str(company.id), None

    return await remembered(request, make)


async def _needs(company: Company, page: str) -> dict[str, object]:
    if page == "who":
        return {"members": await queries.members(company.id)}
    if page in ("imprint", "privacy", "accessibility"):
        return {"texts": await queries.company_texts(company.id)}
    return {}


HANDLERS = [front, who, imprint, privacy, accessibility, face, look]
