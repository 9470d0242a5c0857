"""Links for a closed group, made at the desk: to send out, or to print and cut. Shown once."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest

from hearback.answering import links
from hearback.answering.forms import LinksForm
from hearback.asking import queries as asking
from hearback.asking.queries import Question
from hearback.clock import now
from hearback.people.access import AtDesk, Desk
from hearback.people.rules import Right
from hearback.refusals import NotFound, Refused
from hearback.settings import settings
from hearback.trust.integrity.rules import Level
from hearback.web.forms import read_form
from hearback.web.pages import show
from hearback.web.typed import Typed, read_typed

ONCE = {"Cache-Control": "no-store"}


@get("/questions/{question_id:uuid}/links", may=Right.ASK)
async def links_of(request: HTMXRequest, desk: AtDesk, question_id: FromPath[UUID]) -> Response[str]:
    return await _shown(request, desk, await _closed(desk, question_id))


@post("/questions/{question_id:uuid}/links", may=Right.ASK, status_code=200)
async def make_links(request: HTMXRequest, desk: AtDesk, question_id: FromPath[UUID]) -> Response[Any]:
    """The reply is the links themselves: nobody can read them again, not even we."""
    question = await _closed(desk, question_id)
    typed = await read_typed(request)
    try:
        form = read_form(LinksForm, typed)
    except Refused as refusal:
        return await _shown(request, desk, question, 422, typed, refusal)
    codes = await links.make_links(desk.company.id, question.id, form.count, by=desk.member, now=now())
    address = f"{settings().base_url}/{desk.company.slug}/ask/{question.slug}?link="
    made = [(links.shown_link(code), address + links.shown_link(code)) for code in codes]
    if form.how == "csv":
        name = f"links-{question.slug}.csv"
        rows = "".join(f"{code},{link}\r\n" for code, link in made)
        return Response(
            f"code,link\r\n{rows}",
            media_type="text/csv",
            headers=ONCE | {"Content-Disposition": f'attachment; filename="{name}"'},
        )
    return show(request, "answering/made_links", headers=ONCE, question=question, made=made)


async def _closed(desk: Desk, question_id: UUID) -> Question:
    """A question for a closed group. Raises NotFound for any other."""
    question = await asking.question(desk.company.id, question_id)
    if question.level != Level.INVITED:
        raise NotFound
    return question


async def _shown(
    request: HTMXRequest,
    desk: Desk,
    question: Question,
    status: int = 200,
    typed: Typed | None = None,
    refusal: Refused | None = None,
) -> Response[str]:
    return show(
        request,
        "answering/links",
        status,
        question=question,
        made=await links.links_of(desk.company.id, question.id),
        typed=typed or {},
        refusal=refusal,
    )


HANDLERS = [links_of, make_links]
