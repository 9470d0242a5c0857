"""Writing questions at the desk: drafts, opening, closing."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect

from hearback.asking import commands, queries
from hearback.asking.forms import YES_NO, ClosingForm, PromptForm, QuestionForm, read_question, split_prompts
from hearback.asking.queries import Prompt, Question
from hearback.asking.rules import (
    DECIDING,
    MOST_PROMPTS,
    WEEKS_TO_ANSWER,
    WEEKS_TO_REPLY,
    PromptKind,
    QuestionState,
    state_at,
)
from hearback.clock import day_in, now
from hearback.people import queries as people
from hearback.people.access import AtDesk, Desk
from hearback.people.rules import Right
from hearback.refusals import Refused
from hearback.settings import settings
from hearback.web.forms import read_form
from hearback.web.pages import show
from hearback.web.qr import qr
from hearback.web.typed import Typed, one, read_typed

FIRST_PROMPT = {"kind.0": [PromptKind.OPEN.value], "required.0": ["yes"]}


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
    return await _editor(request, desk, None, _fresh(desk))


@post("/questions", may=Right.ASK)
async def write_question(request: HTMXRequest, desk: AtDesk) -> Response[Any]:
    return await _written(request, desk, None)


@get("/questions/{question_id:uuid}", may=Right.READ)
async def question(request: HTMXRequest, desk: AtDesk, question_id: FromPath[UUID]) -> Response[str]:
    found = await queries.question(desk.company.id, question_id)
    prompts = await queries.prompts(desk.company.id, question_id)
    if found.is_draft and desk.may(Right.ASK):
        return await _editor(request, desk, found, _typed_of(desk, found, prompts))
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
        return await _editor(request, desk, found, _typed_of(desk, found, prompts), 422, refusal)
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
        return await _editor(request, desk, found, _rearranged(typed, do))
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
        deciding=[_deciding(parts, at) for at in range(len(parts))],
        most_prompts=MOST_PROMPTS,
        kinds=list(PromptKind),
        members=await people.members(desk.company.id),
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
        closes_on=commands.last_day(desk.company, found.closes_at),
        counted=await queries.counted(desk.company.id, found.id),
        address=address,
        qr=qr(address),
        typed=typed or {},
        refusal=refusal,
    )


def _to(desk: Desk, question_id: UUID) -> Redirect:
    return Redirect(f"/desk/{desk.company.slug}/questions/{question_id}", status_code=303)


def _fresh(desk: Desk) -> dict[str, list[str]]:
    """Two weeks to answer, a reply two weeks later, one open field: a start that one may keep."""
    today = day_in(desk.company.timezone, now())
    return {
        "asked_by": [str(desk.member.id)],
        "language": [desk.company.languages[0]],
        "opens_on": [today.isoformat()],
        "closes_on": [(today + WEEKS_TO_ANSWER).isoformat()],
        "reply_by": [(today + WEEKS_TO_REPLY).isoformat()],
        **FIRST_PROMPT,
    }


def _typed_of(desk: Desk, found: Question, prompts: list[Prompt]) -> dict[str, list[str]]:
    """A saved question as its form would send it."""
    typed = {
        name: [str(getattr(found, name))]
        for name in QuestionForm.__struct_fields__
        if name not in ("opens_on", "closes_on")
    }
    typed["opens_on"] = [desk.words.local_day(found.opens_at).isoformat()]
    typed["closes_on"] = [commands.last_day(desk.company, found.closes_at).isoformat()]
    for number, prompt in enumerate(prompts):
        typed |= {
            f"kind.{number}": [prompt.kind],
            f"words.{number}": [prompt.words],
            f"help.{number}": [prompt.help],
            f"required.{number}": ["yes" if prompt.required else ""],
            f"options.{number}": ["\n".join(prompt.options)],
            f"low.{number}": [str(1 if prompt.low is None else prompt.low)],
            f"high.{number}": [str(prompt.high or 5)],
            f"low_label.{number}": [prompt.low_label],
            f"high_label.{number}": [prompt.high_label],
            f"other.{number}": ["yes" if prompt.other else ""],
            f"why.{number}": ["yes" if prompt.why else ""],
            f"new_page.{number}": ["yes" if prompt.new_page else ""],
            f"only_if.{number}": _condition_of(prompts, prompt),
        }
    return typed if prompts else typed | FIRST_PROMPT


def _condition_of(prompts: list[Prompt], prompt: Prompt) -> list[str]:
    """A saved condition as the form would send it."""
    if prompt.if_prompt is None:
        return []
    decides = prompts[prompt.if_prompt]
    names = YES_NO if decides.kind == PromptKind.YES_NO else decides.options
    return [f"{prompt.if_prompt}:{names[pick] if names else pick}" for pick in prompt.if_picks]


def _deciding(parts: list[dict[str, list[str]]], before: int) -> list[tuple[int, str, list[str]]]:
    """What the condition of a prompt can look back at, as far as it is typed: number, words, and picks by name."""
    found = []
    for number, part in enumerate(parts[:before]):
        try:
            prompt = PromptForm(
                kind=PromptKind(one(part, "kind", "open")),
                words=one(part, "words"),
                options=one(part, "options"),
                low=int(one(part, "low", "1")),
                high=int(one(part, "high", "5")),
            )
        except ValueError:
            continue
        if prompt.kind in DECIDING and prompt.picks:
            found.append((number, prompt.words, list(prompt.picks)))
    return found


def _rearranged(typed: Typed, do: str) -> dict[str, list[str]]:
    """do: `add`, `remove.N` or `up.N`; anything else leaves the fields as they are."""
    prompts = split_prompts(typed)
    before = list(prompts)
    what, _, number = do.partition(".")
    at = int(number) if number.isdecimal() and int(number) < len(prompts) else None
    if what == "add" and len(prompts) < MOST_PROMPTS:
        prompts.append({"kind": [PromptKind.OPEN.value]})
    elif what == "remove" and at is not None:
        del prompts[at]
    elif what == "up" and at:
        prompts[at - 1], prompts[at] = prompts[at], prompts[at - 1]
    for now_at, prompt in enumerate(prompts):
        if "only_if" in prompt:
            prompt["only_if"] = _looking_back(prompt["only_if"], before, prompts[:now_at])
    rest = {name: texts for name, texts in typed.items() if "." not in name and name != "do"}
    numbered = {f"{name}.{n}": texts for n, prompt in enumerate(prompts) for name, texts in prompt.items()}
    return rest | numbered


def _looking_back(
    only_if: list[str], before: list[dict[str, list[str]]], earlier: list[dict[str, list[str]]]
) -> list[str]:
    """A condition after prompts were moved or removed: what it looked at has another number, or is not earlier now."""
    found = []
    for number, _, name in (one_.partition(":") for one_ in only_if):
        at = int(number) if number.isdecimal() and int(number) < len(before) else None
        now_at = [at_ for at_, prompt in enumerate(earlier) if at is not None and prompt is before[at]]
        found += [f"{at_}:{name}" for at_ in now_at]
    return found


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
