"""The company's rules, and what came of them: for everybody to read."""

from collections.abc import Sequence

from litestar import get
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.types import ASGIApp
from msgspec import Struct

from hearback.moderation import figures
from hearback.moderation.figures import ByRule, Month
from hearback.moderation.house import all_rules
from hearback.people.queries import company_by_slug
from hearback.web.pages import render, words_of
from hearback.web.remembering import remembered


class Reported(Struct, frozen=True):
    """A month, and by which rule or for which reason of the program something lies aside or is covered."""

    sums: Month
    aside: list[ByRule]
    covered: list[ByRule]


@get("/{company_slug:str}/rules")
async def rules(request: HTMXRequest, company_slug: FromPath[str]) -> ASGIApp:
    async def make() -> tuple[bytes, str, None]:
        company = await company_by_slug(company_slug)
        page = render(
            "moderation/rules.html",
            words_of(request, company),
            company=company,
            request_path=request.scope["path"],
            rules=await all_rules(company),
        )
        return page.encode(), str(company.id), None

    return await remembered(request, make)


@get("/{company_slug:str}/moderation")
async def transparency(request: HTMXRequest, company_slug: FromPath[str]) -> ASGIApp:
    """Sums by month, and nothing that points at a person: neither who answered nor who decided."""

    async def make() -> tuple[bytes, str, None]:
        company = await company_by_slug(company_slug)
        months = await figures.months(company.id)
        by_rule = await figures.by_rule(company.id, since=months[-1].month) if months else []
        page = render(
            "moderation/transparency.html",
            words_of(request, company),
            company=company,
            request_path=request.scope["path"],
            months=[_reported(month, by_rule) for month in months],
            rule={rule.number: rule for rule in await all_rules(company)},
        )
        return page.encode(), str(company.id), None

    return await remembered(request, make)


def _reported(month: Month, by_rule: Sequence[ByRule]) -> Reported:
    of = [one for one in by_rule if one.month == month.month]
    return Reported(month, [one for one in of if one.aside], [one for one in of if not one.aside])


HANDLERS = [rules, transparency]
