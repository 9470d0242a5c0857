"""All that a company promised, kept or not, and where it is silent; nothing falls off this page."""

import asyncio
from datetime import datetime

from litestar import get
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.types import ASGIApp

from hearback.clock import day_in, midnight_after, now
from hearback.people.queries import company_by_slug
from hearback.promises import queries
from hearback.promises.waiting import questions_waiting, themes_waiting
from hearback.web.pages import render, words_of
from hearback.web.paging import last_seen
from hearback.web.remembering import remembered

MOST_THEMES = 20


@get("/{company_slug:str}/promises")
async def promises(request: HTMXRequest, company_slug: FromPath[str]) -> ASGIApp:
    async def make() -> tuple[bytes, str, datetime]:
        company = await company_by_slug(company_slug)
        request.state.company = company
        at, words = now(), words_of(request, company)
        today = day_in(company.timezone, at)
        before = last_seen(request)
        found, sums, questions, themes = await asyncio.gather(
            queries.promises(company.id, before=before),
            queries.sums(company.id, today),
            questions_waiting(company.id, at, reader=words.lang),
            themes_waiting(company.id, limit=MOST_THEMES),
        )
        text = render(
            "promises/promises.html",
            words,
            company=company,
            request_path=request.scope["path"],
            promises=found.promises,
            older=found.older,
            begins=before,
            sums=sums,
            questions=questions,
            themes=themes,
            most_themes=MOST_THEMES,
            today=today,
        )
        return text.encode(), str(company.id), midnight_after(company.timezone, at)

    return await remembered(request, make)


HANDLERS = [promises]
