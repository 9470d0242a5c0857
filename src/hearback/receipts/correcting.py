"""A fan says it better: the form of the question anew, filled in as they had sent it."""

from typing import Any

from litestar import Request, Response, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from msgspec import Struct

from hearback.answering.code import shown
from hearback.answering.forms import as_typed, read_again
from hearback.answering.paging import Page
from hearback.answering.rules import LONGEST_ANSWER
from hearback.asking import queries as asking
from hearback.asking.commands import last_day
from hearback.asking.queries import Prompt
from hearback.asking.rules import Now, PromptKind, QuestionState, what_a_fan_finds
from hearback.clock import now
from hearback.people.queries import Company
from hearback.receipts import commands, queries
from hearback.receipts.public import (
    BESIDE,
    PRIVATE,
    code_in,
    company_of,
    receipt_anew,
    receipt_in_hand,
    today_at,
)
from hearback.refusals import Refused
from hearback.web.pages import show
from hearback.web.typed import Typed, one, read_typed

LARGEST_CORRECTION = 64 * 1024
NAMES = BESIDE | {"sure"}


class ToCorrect(Struct, frozen=True):
    """What was asked, what stands there as the form's fields, and whether the sums of the question are public."""

    receipt: queries.Receipt
    prompts: list[Prompt]
    stands: dict[str, list[str]]
    closed: bool


@post("/{company_slug:str}/r/correction", status_code=200, request_max_body_size=LARGEST_CORRECTION)
async def correct(request: HTMXRequest, company_slug: FromPath[str]) -> Response[str]:
    """Shows what was sent, to be changed; with `sure` what is sent now takes its place."""
    company, typed = await company_of(request, company_slug), await read_typed(request)
    found = await _to_correct(company, await receipt_in_hand(request, company, typed))
    if one(typed, "sure") != "yes":
        return _form(request, company, found, typed)
    try:
        filled = read_again(found.prompts, _whole(found, typed), beside=NAMES)
        await commands.correct(
            company.id, found.receipt.id, filled, closed=found.closed, now=now(), today=today_at(company)
        )
    except Refused as refusal:
        return _form(request, company, found, typed, refusal)
    return await receipt_anew(request, company, typed, "receipt.corrected")


async def _to_correct(company: Company, receipt: queries.Receipt) -> ToCorrect:
    question = await asking.question(company.id, receipt.question)
    prompts = await asking.prompts(company.id, question.id)
    stands = await queries.stands(company.id, receipt.id)
    found = what_a_fan_finds(QuestionState(question.state), question.opens_at, question.closes_at, now())
    return ToCorrect(
        receipt, prompts, as_typed(prompts, [part.filled for part in stands]), found is Now.CLOSED
    )


def _whole(found: ToCorrect, typed: Typed) -> Typed:
    """Once the question is closed its form has no picks: they stay as they stand."""
    if not found.closed:
        return typed
    picked = [prompt for prompt in found.prompts if prompt.kind != PromptKind.OPEN]
    fields = [field for prompt in picked for field in prompt.fields if field != prompt.why_field]
    return {**{field: found.stands[field] for field in fields if field in found.stands}, **typed}


def _form(
    request: Request[Any, Any, Any],
    company: Company,
    found: ToCorrect,
    typed: Typed,
    refusal: Refused | None = None,
) -> Response[str]:
    """Filled in with what stands there, or with what was typed where something of it does not fit."""
    here = [prompt for prompt in found.prompts if prompt.kind == PromptKind.OPEN or not found.closed]
    return show(
        request,
        "receipts/correction",
        422 if refusal else 200,
        company=company,
        headers=PRIVATE,
        receipt=found.receipt,
        code=shown(code_in(typed)),
        prompts=found.prompts,
        form_page=Page(1, 1, here, []),
        stands=found.stands,
        closed_on=last_day(company, found.receipt.closes_at) if found.closed else None,
        longest=LONGEST_ANSWER,
        refusal=refusal,
        typed=_whole(found, typed) if refusal else found.stands,
        posted=True,
    )


HANDLERS = [correct]
