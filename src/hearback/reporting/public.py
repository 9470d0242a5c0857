"""The listening report for everybody: the same row that the desk reads, counted by the worker."""

from litestar import get
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.types import ASGIApp

from hearback.ledger.queries import newest_checkpoint
from hearback.people.queries import company_by_slug
from hearback.refusals import NotFound
from hearback.reporting import queries
from hearback.reporting.rules import month_in
from hearback.reporting.shown import shown
from hearback.web.pages import render, words_of
from hearback.web.remembering import remembered


@get("/{company_slug:str}/report")
async def newest_report(request: HTMXRequest, company_slug: FromPath[str]) -> ASGIApp:
    return await _report(request, company_slug, "")


@get("/{company_slug:str}/report/{month:str}")
async def report(request: HTMXRequest, company_slug: FromPath[str], month: FromPath[str]) -> ASGIApp:
    """month: 2026-11."""
    return await _report(request, company_slug, month)


async def _report(request: HTMXRequest, company_slug: str, month: str) -> ASGIApp:
    async def make() -> tuple[bytes, str, None]:
        company = await company_by_slug(company_slug)
        request.state.company = company
        if month and month_in(month) is None:
            raise NotFound
        text = render(
            "reporting/report.html",
            words_of(request, company),
            company=company,
            request_path=request.scope["path"],
            **shown(await queries.reports(company.id), month_in(month)),
            checkpoint=await newest_checkpoint(company.id),
        )
        return text.encode(), str(company.id), None

    return await remembered(request, make)


HANDLERS = [newest_report, report]
