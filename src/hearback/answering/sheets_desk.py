"""Pages to print: a poster that leads to a question, and sheets to answer it on paper."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, get
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from msgspec import Meta, Struct

from hearback.asking import queries as asking
from hearback.asking.commands import last_day
from hearback.clock import now
from hearback.people.access import AtDesk, Desk
from hearback.people.rules import Right
from hearback.promises.replies import reply
from hearback.refusals import NotFound, Refused
from hearback.settings import settings
from hearback.trust.integrity.rules import Level
from hearback.web.forms import read_form
from hearback.web.pages import show, words_of
from hearback.web.qr import qr_for_paper

MOST_SHEETS = 100


class SheetsForm(Struct, frozen=True):
    """Numbers run on from `first`, so that no two sheets of a question are alike."""

    first: Annotated[int, Meta(ge=1, le=99_999)] = 1
    count: Annotated[int, Meta(ge=1, le=MOST_SHEETS)] = 1


@get("/questions/{question_id:uuid}/poster", may=Right.ENTER)
async def poster(request: HTMXRequest, desk: AtDesk, question_id: FromPath[UUID]) -> Response[str]:
    """`?lang=` for the company's other languages."""
    return show(request, "answering/poster", **await _printed(request, desk, question_id))


@get("/questions/{question_id:uuid}/sheet", may=Right.ENTER)
async def sheet(request: HTMXRequest, desk: AtDesk, question_id: FromPath[UUID]) -> Response[str]:
    """`?first=` and `?count=`: the numbers on the sheets; `?lang=` as above."""
    asked = {
        name: [request.query_params[name]] for name in ("first", "count") if name in request.query_params
    }
    refusal, form = None, SheetsForm()
    try:
        form = read_form(SheetsForm, asked)
    except Refused as caught:
        refusal = caught
    context = await _printed(request, desk, question_id)
    return show(
        request,
        "answering/sheet",
        422 if refusal else 200,
        prompts=await asking.prompts(desk.company.id, question_id),
        numbers=range(form.first, form.first + form.count),
        most_sheets=MOST_SHEETS,
        typed=asked,
        refusal=refusal,
        **context,
    )


async def _printed(request: Request[Any, Any, Any], desk: Desk, question_id: UUID) -> dict[str, Any]:
    """What both pages show. Raises NotFound for a draft, and for a closed group: that one prints its links."""
    question = await asking.question(desk.company.id, question_id)
    if question.is_draft or question.level == Level.INVITED:
        raise NotFound
    request.state.desk = None  # what is printed is for fans, in their language and form of address
    words, base = words_of(request, desk.company), settings().base_url
    lang = f"?lang={words.lang}" if words.lang != desk.company.languages[0] else ""
    address = f"{base}/q/{question.short}{lang}"
    return {
        "company": desk.company,
        "words": words,
        "question": question,
        "closes_on": last_day(desk.company, question.closes_at),
        "reply": await reply(desk.company.id, question.id, now()),
        "address": address,
        "shown_address": address.partition("://")[2],
        "log": f"{base}/{desk.company.slug}/log".partition("://")[2],
        "picture": qr_for_paper(address),
    }


HANDLERS = [poster, sheet]
