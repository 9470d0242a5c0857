"""What members replied to everybody, and what leadership signed for."""

from datetime import datetime

from litestar import get
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.types import ASGIApp

from hearback.clock import day_in, midnight_after, now
from hearback.people.queries import Company, company_by_slug
from hearback.refusals import NotFound
from hearback.replying import queries
from hearback.web.pages import render, words_of
from hearback.web.paging import last_seen
from hearback.web.remembering import remembered

A_PAGE = 100


@get("/{company_slug:str}/replies")
async def replies(request: HTMXRequest, company_slug: FromPath[str]) -> ASGIApp:
    async def make() -> tuple[bytes, str, datetime]:
        company = await _company(request, company_slug)
        before = last_seen(request)
        found = await queries.public_replies(company.id, before=before, limit=A_PAGE + 1)
        if before and not found:
            raise NotFound
        older = found[A_PAGE - 1].id if len(found) > A_PAGE else None
        return _made(
            request, company, "replying/replies.html", replies=found[:A_PAGE], begins=before, older=older
        )

    return await remembered(request, make)


@get("/{company_slug:str}/mandate")
async def mandate(request: HTMXRequest, company_slug: FromPath[str]) -> ASGIApp:
    async def make() -> tuple[bytes, str, datetime]:
        company = await _company(request, company_slug)
        versions = await queries.mandates(company.id)
        return _made(request, company, "replying/mandate.html", versions=versions)

    return await remembered(request, make)


async def _company(request: HTMXRequest, slug: str) -> Company:
    company = await company_by_slug(slug)
    request.state.company = company
    return company


def _made(
    request: HTMXRequest, company: Company, template: str, **context: object
) -> tuple[bytes, str, datetime]:
    at = now()
    text = render(
        template,
        words_of(request, company),
        company=company,
        request_path=request.scope["path"],
        today=day_in(company.timezone, at),
        **context,
    )
    return text.encode(), str(company.id), midnight_after(company.timezone, at)


HANDLERS = [replies, mandate]
