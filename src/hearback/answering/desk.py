"""Reading answers at the desk, and trying out a draft."""

from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect
from msgspec import structs

from hearback.answering import commands, keeping, paging, queries
from hearback.answering.asked import asked_of
from hearback.answering.forms import CountingForm, read_answer
from hearback.answering.public import LARGEST_ANSWER, context_of
from hearback.answering.queries import Pick
from hearback.answering.rules import ResponseState
from hearback.answering.thanking import thanks
from hearback.asking import queries as asking
from hearback.asking.queries import Prompt
from hearback.asking.rules import Now
from hearback.clock import day_in, now
from hearback.people.access import AtDesk, Desk
from hearback.people.rules import Right
from hearback.refusals import NotFound, Refused
from hearback.web.forms import read_form
from hearback.web.pages import show, words_of
from hearback.web.typed import one, read_typed

A_PAGE = 30
SHOWS = ["all", "unread", "held", "unsorted", "read", "set_aside", "withdrawn"]
WAITING = {"unread", "held", "unsorted"}  # whoever has waited longest stands first, unless one asks otherwise
ORDERS = {"oldest": True, "newest": False}


@get("/inbox", may=Right.READ)
async def inbox(request: HTMXRequest, desk: AtDesk) -> Response[str]:
    """`?question=`, `?show=`, `?order=`, and `?after=` for the next page."""
    query, company_id = request.query_params, desk.company.id
    question = _id_in(query.get("question", ""))
    chosen = query.get("show", "")
    wanted = chosen if chosen in SHOWS else SHOWS[0]
    order = query.get("order", "")
    oldest_first = ORDERS.get(order, wanted in WAITING)
    found = await queries.inbox(
        company_id,
        question=question,
        show=wanted,
        after=_place_in(query.get("after", "")),
        oldest_first=oldest_first,
        limit=A_PAGE + 1,
    )
    page = found[:A_PAGE]
    return show(
        request,
        "answering/inbox",
        responses=page,
        places=await queries.sorted_into(
            company_id, [response.id for response in page], reader=desk.words.lang
        ),
        unread=[one.id for one in page if one.state == ResponseState.COUNTED and one.read_on is None],
        next_page=_page(wanted, question, order, page[-1]) if len(found) > A_PAGE else "",
        order=order if order in ORDERS else "",
        other_order=_page(wanted, question, "newest" if oldest_first else "oldest"),
        sums=await queries.sums(company_id, question),
        waiting=await queries.waiting(company_id, question),
        questions=await asking.questions(company_id),
        question=question,
        figures=await _figures(company_id, question) if question else [],
        wanted=wanted,
        held=[one for one in await queries.flagged(company_id, question) if one.state == ResponseState.HELD]
        if wanted == "held"
        else [],
        shows=SHOWS,
        oldest_first=oldest_first,
        today=_today(desk),
    )


async def _figures(company_id: UUID, question_id: UUID) -> list[tuple[Prompt, list[Pick]]]:
    """For each prompt with something to pick, how often what was; a ranking by its mean places, the best first."""
    picks = await queries.picks(company_id, question_id)
    found = []
    for prompt in await asking.prompts(company_id, question_id):
        of = sorted((pick for pick in picks if pick.prompt == prompt.id), key=lambda pick: pick.place or 0)
        if of:
            found.append((prompt, of))
    return found


@post("/inbox/reading", may=Right.READ)
async def read_all(request: HTMXRequest, desk: AtDesk) -> Redirect:
    """The answers on this page have been read; each fan sees it on the receipt."""
    typed = await read_typed(request)
    read = [found for given in typed.get("response", [])[:A_PAGE] if (found := _id_in(given)) is not None]
    await commands.mark_read(desk.company.id, read, by=desk.member, today=_today(desk))
    back = {name: one(typed, name) for name in ("question", "show", "order") if one(typed, name)}
    return Redirect(f"/desk/{desk.company.slug}/inbox?{urlencode(back)}", status_code=303)


@post("/inbox/counting", may=Right.MODERATE)
async def count_waiting(request: HTMXRequest, desk: AtDesk) -> Redirect:
    """All answers to a question that wait for the same reason."""
    form = read_form(CountingForm, await read_typed(request))
    await commands.count_waiting(desk.company.id, form.question, form.flag, by=desk.member, now=now())
    return Redirect(f"/desk/{desk.company.slug}/inbox?show=held", status_code=303)


@get("/questions/{question_id:uuid}/preview", may=Right.READ)
async def preview(request: HTMXRequest, desk: AtDesk, question_id: FromPath[UUID]) -> Response[str]:
    """Exactly what the fan will see, with a form that works."""
    return await _preview(request, desk, question_id)


@post("/questions/{question_id:uuid}/preview", may=Right.ASK, request_max_body_size=LARGEST_ANSWER)
async def try_out(request: HTMXRequest, desk: AtDesk, question_id: FromPath[UUID]) -> Response[Any]:
    """Keeps a test answer: marked, never counted, thrown away at opening."""
    question = await asking.question(desk.company.id, question_id)
    if not question.is_draft:
        raise NotFound
    asked, _, _ = await asked_of(desk.company, question)
    turn = paging.turn_of(asked.prompts, await read_typed(request))
    if turn.do:
        return await _preview(request, desk, question_id, turn=turn)
    words = words_of(request, desk.company)
    try:
        form, filled = read_answer(asked.prompts, turn.typed)
        await keeping.try_out(desk.company, question_id, form, filled, now=now())
    except Refused as refusal:
        return await _preview(request, desk, question_id, turn=turn, refusal=refusal)
    request.state.desk = None  # what follows is the fan's page, not the desk's
    return await thanks(request, asked, words, filled, form.quoting, None)


async def _preview(
    request: Request[Any, Any, Any],
    desk: Desk,
    question_id: UUID,
    *,
    turn: paging.Turn | None = None,
    refusal: Refused | None = None,
) -> Response[str]:
    question = await asking.question(desk.company.id, question_id)
    if not question.is_draft:
        raise NotFound
    asked, _, _ = await asked_of(desk.company, question)
    words = words_of(request, desk.company)
    context = context_of(structs.replace(asked, now=Now.OPEN), words) | {
        "preview": True,
        "action": f"/desk/{desk.company.slug}/questions/{question_id}/preview",
        "csrf": desk.csrf,
        "typed": turn.typed if turn else {},
    }
    if turn:
        context["form_page"], refusal = paging.opened(asked.prompts, turn, refusal)
    context["refusal"] = refusal
    request.state.desk = None  # what follows is the fan's page, not the desk's
    return show(request, "answering/question", 422 if refusal else 200, words=words, **context)


def _page(wanted: str, question: UUID | None, order: str, last: queries.Listed | None = None) -> str:
    """The inbox in this order, from its beginning or behind a row."""
    after = f"{last.day.isoformat()}_{last.id}" if last else ""
    asked = {"show": wanted, "question": question, "order": order, "after": after}
    return f"?{urlencode({name: value for name, value in asked.items() if value})}"


def _today(desk: Desk) -> date:
    return day_in(desk.company.timezone, now())


def _id_in(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _place_in(text: str) -> tuple[date, UUID] | None:
    """`2026-11-22_<id>`: the last row of the page before; None for anything else."""
    day, _, last = text.partition("_")
    found = _id_in(last)
    try:
        return (date.fromisoformat(day), found) if found else None
    except ValueError:
        return None


HANDLERS = [
    inbox,
    read_all,
    count_waiting,
    preview,
    try_out,
]
