"""The last notes, in a frame on another page."""

from datetime import datetime

from litestar import Response, get
from litestar.enums import MediaType
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest

from hearback.changenotes import queries
from hearback.clock import midnight_after, now
from hearback.people.queries import Company, company_by_slug
from hearback.web.framing import let_frame
from hearback.web.pages import render, words_of
from hearback.web.remembering import Memory

NEWEST = 5
COMPANIES: Memory[Company] = Memory()
FRAMES: Memory[str] = Memory()


@get("/embed/{company_slug:str}")
async def last_notes(request: HTMXRequest, company_slug: FromPath[str]) -> Response[str]:
    async def find() -> tuple[Company, str, None]:
        company = await company_by_slug(company_slug)
        return company, str(company.id), None

    company, _ = await COMPANIES.get_or_make(company_slug, find)
    request.state.company = company
    let_frame(request, company.embed_hosts)
    words = words_of(request, company)

    async def make() -> tuple[str, str, datetime]:
        at = now()
        page = await queries.log_page(company, now=at, limit=NEWEST)
        text = render(
            "changenotes/framed.html",
            words,
            framed=True,
            company=company,
            request_path=request.scope["path"],
            entries=[queries.ENTRY.decode(entry) for entry in page.entries],
        )
        return text, str(company.id), midnight_after(company.timezone, at)

    text, _ = await FRAMES.get_or_make(f"{company.id} {words.lang}", make)
    return Response(text, media_type=MediaType.HTML, headers={"Cache-Control": "private, no-cache"})


HANDLERS = [last_notes]
