"""Themes in pictures: a map, channels and languages, and what the figures leave out."""

import asyncio
from typing import Any
from uuid import UUID

from litestar import Response, get
from litestar.plugins.htmx import HTMXRequest

from hearback.asking import queries as asking
from hearback.people.access import AtDesk
from hearback.people.rules import Right
from hearback.themes.figures import MARKS, mapped, shares
from hearback.themes.queries import picture as queries
from hearback.themes.rules import MOST_DRAWN
from hearback.web.pages import show


@get("/themes/picture", may=Right.READ)
async def picture(request: HTMXRequest, desk: AtDesk) -> Response[Any]:
    """`?question=`: of one question only."""
    company_id = desk.company.id
    questions = await asking.questions(company_id)
    wanted = request.query_params.get("question", "")
    question: UUID | None = next((one.id for one in questions if str(one.id) == wanted), None)
    covered, shared, dots, drawn, named = await asyncio.gather(
        queries.coverage(company_id, question=question),
        queries.shared(company_id, question=question),
        queries.dots(company_id, question=question),
        queries.drawn(company_id),
        queries.named(company_id, reader=desk.words.lang),
    )
    return show(
        request,
        "themes/picture",
        questions=questions,
        question=question,
        covered=covered,
        shares=shares(shared),
        map=mapped(dots),
        drawn=drawn,
        most_drawn=MOST_DRAWN,
        of_every_theme=queries.OF_EVERY_THEME,
        marks=MARKS,
        themes={one.id: one for one in named},
    )


HANDLERS = [picture]
