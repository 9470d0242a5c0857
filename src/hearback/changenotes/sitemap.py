"""What search engines may read: one list a company, and which doors are not for them."""

from datetime import datetime

import msgspec
from litestar import Request, Response, get
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.types import ASGIApp
from msgspec import Struct

from hearback.changenotes.public import Made, company_at
from hearback.clock import midnight_after, now
from hearback.database.engine import fetch_value
from hearback.people import queries as people
from hearback.settings import settings
from hearback.web.pages import render, words_of
from hearback.web.remembering import remembered

XML = "application/xml; charset=utf-8"
PAGES = (
    "",
    "/log",
    "/mistakes",
    "/promises",
    "/replies",
    "/who",
    "/rules",
    "/mandate",
    "/moderation",
    "/report",
    "/ledger",
)
MOST = 40_000  # addresses, one a page and language; the format ends at 50,000
# No page of the desk, of one person or of a search, and none of the machines'.
ROBOTS = """User-agent: *
Disallow: /desk/
Disallow: /api/
Disallow: /in$
Disallow: /out$
Disallow: /invitation/
Disallow: /*/r$
Disallow: /*/r/
Disallow: /*/mail/
Disallow: /*/back/
Disallow: /*/search
Disallow: /*/export/

Sitemap: {base}/sitemap.xml
"""


class Place(Struct, frozen=True):
    """path: below the company's address."""

    path: str
    changed_at: datetime | None = None


@get("/robots.txt")
async def robots(request: Request) -> Response[str]:  # type: ignore[type-arg]
    text = ROBOTS.format(base=settings().base_url)
    return Response(text, media_type="text/plain", headers={"Cache-Control": "max-age=3600"})


@get("/sitemap.xml")
async def of_all(request: HTMXRequest) -> Response[str]:
    """Names the companies that the front page names."""
    text = render(
        "changenotes/sitemaps.xml",
        words_of(request, None),
        companies=await people.companies(),
        base=settings().base_url,
    )
    return Response(text, media_type=XML, headers={"Cache-Control": "max-age=300"})


@get("/{company_slug:str}/sitemap.xml")
async def of_company(request: HTMXRequest, company_slug: FromPath[str]) -> ASGIApp:
    async def make() -> Made:
        company, at = await company_at(request, company_slug), now()
        most = MOST // len(company.languages) - len(PAGES)
        told: str = await fetch_value(PUBLIC, company.id, at, most)
        places = [Place(page) for page in PAGES] + msgspec.json.decode(told, type=list[Place])
        text = render(
            "changenotes/sitemap.xml",
            words_of(request, company),
            company=company,
            places=places,
            base=f"{settings().base_url}/{company.slug}",
        )
        return text.encode(), str(company.id), midnight_after(company.timezone, at)

    return await remembered(request, make, media_type=XML)


# Words that were taken out change a page as much as words that came in.
PUBLIC = """
with changed as (
    select note, max(at) as at from (
        select note, at from revision where company = $1
        union all select note, at from note_translation where company = $1
        union all select note, at from note_erasure where company = $1
    ) t group by note
)
select coalesce(json_agg(p order by p.changed_at desc), '[]') from (
    select '/ask/' || slug as path, opens_at as changed_at from question
    where company = $1 and state <> 'draft' and opens_at <= $2 and level <> 'invited'
    union all
    select '/log/' || n.slug, c.at from note n join changed c on c.note = n.id
    where n.company = $1 and n.published_at is not null
    order by changed_at desc limit $3) p"""
HANDLERS = [robots, of_all, of_company]
