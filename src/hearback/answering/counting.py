"""What was counted and what was not, for everybody to see: the sums, and the reasons behind them."""

from litestar import get
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.types import ASGIApp

from hearback.answering import queries
from hearback.answering.rules import ResponseState
from hearback.asking.queries import public_question
from hearback.asking.rules import Now, QuestionState, what_a_fan_finds
from hearback.clock import now
from hearback.people.queries import company_by_slug
from hearback.web.pages import render, words_of
from hearback.web.remembering import remembered


@get("/{company_slug:str}/ask/{question_slug:str}/counting")
async def counting(
    request: HTMXRequest, company_slug: FromPath[str], question_slug: FromPath[str]
) -> ASGIApp:
    """Numbers and reasons only: what people said stays closed while others still answer."""

    async def make() -> tuple[bytes, str, None]:
        company = await company_by_slug(company_slug)
        question = await public_question(company.id, question_slug)
        found = what_a_fan_finds(QuestionState(question.state), question.opens_at, question.closes_at, now())
        flagged = await queries.flagged(company.id, question.id)
        page = render(
            "answering/counting.html",
            words_of(request, company),
            request_path=request.scope["path"],
            company=company,
            question=question,
            sums=await queries.sums(company.id, question.id),
            over=found is Now.CLOSED,
            held=[one for one in flagged if one.state == ResponseState.HELD],
            aside=[one for one in flagged if one.state == ResponseState.SET_ASIDE],
        )
        return page.encode(), str(company.id), None

    return await remembered(request, make)


HANDLERS = [counting]
