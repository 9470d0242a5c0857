"""Writing questions at the desk: drafts, opening, closing."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect

from hearback.asking import commands, editing, queries
from hearback.asking.coaching_desk import advice_on, remarked_in
from hearback.asking.forms import (
    ClosingForm,
    read_question,
    split_prompts,
)
from hearback.asking.queries import Prompt, Question
from hearback.asking.rules import (
    MOST_PROMPTS,
    PromptKind,
    QuestionState,
    state_at,
)
from hearback.clock import now
from hearback.people import queries as people
from hearback.people.access import AtDesk, Desk
from hearback.people.rules import Right
from hearback.refusals import Refused
from hearback.settings import settings
from hearback.trust.retention import kept_until
from hearback.web.forms import read_form
from hearback.web.pages import show
from hearback.web.qr import qr_for_paper
from hearback.web.typed import Typed, one, read_typed


@get("/questions", may=Right.READ)
async def questions(request: HTMXRequest, desk: AtDesk) -> Response[str]:
    listed = await queries.questions(desk.company.id)
    return show(
        request,
        "asking/questions",
        questions=[
            (
                one_,
                state_at(QuestionState(one_.state), one_.closes_at, now()),
                commands.last_day(desk.company, one_.closes_at),
            )
            for one_ in listed
        ],
    )


@get("/questions/new", may=Right.ASK)
async def new_question(request: HTMXRequest, desk: AtDesk) -> Response[str]:
    return await _editor(request, desk, None, editing.fresh(desk))


@post("/questions", may=Right.ASK)
async def write_question(request: HTMXRequest, desk: AtDesk) -> Response[Any]:
    return await _written(request, desk, None)


@get("/questions/{question_id:uuid}", may=Right.READ)
async def question(request: HTMXRequest, desk: AtDesk, question_id: FromPath[UUID]) -> Response[str]:
    found = await queries.question(desk.company.id, question_id)
    prompts = await queries.prompts(desk.company.id, question_id)
    if found.is_draft and desk.may(Right.ASK):
        return await _editor(request, desk, found, editing.typed_of(desk, found, prompts))
    return await _shown(request, desk, found, prompts)


@post("/questions/{question_id:uuid}", may=Right.ASK)
async def change_question(request: HTMXRequest, desk: AtDesk, question_id: FromPath[UUID]) -> Response[Any]:
    return await _written(request, desk, await queries.question(desk.company.id, question_id))


@post("/questions/{question_id:uuid}/opening", may=Right.ASK)
async def open_question(request: HTMXRequest, desk: AtDesk, question_id: FromPath[UUID]) -> Response[Any]:
    found = await queries.question(desk.company.id, question_id)
    try:
        await commands.open_question(desk.company, question_id, by=desk.member, now=now())
    except Refused as refusal:
        prompts = await queries.prompts(desk.company.id, question_id)
        return await _editor(request, desk, found, editing.typed_of(desk, found, prompts), 422, refusal)
    return _to(desk, question_id)


@post("/questions/{question_id:uuid}/closing", may=Right.ASK)
async def close_question(request: HTMXRequest, desk: AtDesk, question_id: FromPath[UUID]) -> Response[Any]:
    await commands.close_question(desk.company, question_id, by=desk.member, now=now())
    return _to(desk, question_id)


@post("/questions/{question_id:uuid}/last-day", may=Right.ASK)
async def close_later(request: HTMXRequest, desk: AtDesk, question_id: FromPath[UUID]) -> Response[Any]:
    found = await queries.question(desk.company.id, question_id)
    typed = await read_typed(request)
    try:
        closes_on = read_form(ClosingForm, typed).closes_on
        await commands.close_later(desk.company, question_id, closes_on, by=desk.member, now=now())
    except Refused as refusal:
        prompts = await queries.prompts(desk.company.id, question_id)
        return await _shown(request, desk, found, prompts, 422, typed, refusal)
    return _to(desk, question_id)


async def _written(request: HTMXRequest, desk: Desk, found: Question | None) -> Response[Any]:
    """Save what was typed, or only add, remove or move a field and show the form again: `do` says which."""
    typed = await read_typed(request)
    do = one(typed, "do", "save")
    if do != "save":
        return await _editor(request, desk, found, editing.rearranged(typed, do))
    try:
        form, prompts = read_question(typed)
        saved = await commands.save_question(
            desk.company, found.id if found else None, form, prompts, by=desk.member, now=now()
        )
    except Refused as refusal:
        return await _editor(request, desk, found, typed, 422, refusal)
    return _to(desk, saved)


async def _editor(
    request: HTMXRequest,
    desk: Desk,
    found: Question | None,
    typed: Typed,
    status: int = 200,
    refusal: Refused | None = None,
) -> Response[str]:
    return show(
        request,
        "asking/editor",
        status,
        question=found,
        typed=typed,
        refusal=refusal,
        prompts=(parts := split_prompts(typed)),
        deciding=[editing.deciding(parts, at) for at in range(len(parts))],
        most_prompts=MOST_PROMPTS,
        kinds=list(PromptKind),
        others=[lang for lang in desk.company.languages if lang != one(typed, "language", "de")],
        members=await people.members(desk.company.id),
        mails=await queries.mail_is_on(desk.company.id),
        advice=advice_on(typed),
        remarked=await remarked_in(desk.company.id, typed),
    )


async def _shown(
    request: Request[Any, Any, Any],
    desk: Desk,
    found: Question,
    prompts: list[Prompt],
    status: int = 200,
    typed: Typed | None = None,
    refusal: Refused | None = None,
) -> Response[str]:
    address = f"{settings().base_url}/{desk.company.slug}/ask/{found.slug}"
    return show(
        request,
        "asking/question",
        status,
        question=found,
        state=state_at(QuestionState(found.state), found.closes_at, now()),
        prompts=prompts,
        goes_from=kept_until(desk.words.local_day(found.opens_at), found.keep_months),
        goes_until=kept_until(commands.last_day(desk.company, found.closes_at), found.keep_months),
        closes_on=commands.last_day(desk.company, found.closes_at),
        counted=await queries.counted(desk.company.id, found.id),
        address=address,
        short=f"{settings().base_url}/q/{found.short}",
        qr=qr_for_paper(address),
        typed=typed or {},
        refusal=refusal,
    )


def _to(desk: Desk, question_id: UUID) -> Redirect:
    return Redirect(f"/desk/{desk.company.slug}/questions/{question_id}", status_code=303)


HANDLERS = [
    questions,
    new_question,
    write_question,
    question,
    change_question,
    open_question,
    close_question,
    close_later,
]
