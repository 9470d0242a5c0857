"""The fan's way back. The code is never in an address, a log or a redirect: it is posted, and the reply is the page."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.types import ASGIApp
from msgspec import Struct

from hearback.answering.code import code_hash, read_code, shown
from hearback.answering.going_on import opened_again
from hearback.answering.rules import ResponseState
from hearback.clock import day_in, now
from hearback.limits import bucket_key, count_try
from hearback.people.queries import Company, company_by_slug
from hearback.receipts import commands, queries
from hearback.receipts.forms import HearbackForm, QuotingForm
from hearback.receipts.rules import current, reached
from hearback.refusals import NotFound, Refused
from hearback.settings import settings
from hearback.trust.retention import kept_until
from hearback.web.forms import read_form
from hearback.web.network import client_network
from hearback.web.pages import render, show, words_of
from hearback.web.remembering import remembered
from hearback.web.typed import Typed, one, read_typed


class Piece(Struct, frozen=True):
    """What a later room shows on a receipt. where: `said`, `aside` or `way`; template: finds all of this as `piece`."""

    where: str
    template: str
    shown: object


PIECES: list[Callable[[Company, queries.Receipt], Awaitable[list[Piece]]]] = []
MOST_MISSES = 10
WITHIN = timedelta(minutes=15)
PRIVATE = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
BESIDE = frozenset({"code", "lang"})


@get("/{company_slug:str}/r")
async def find(request: HTMXRequest, company_slug: FromPath[str]) -> ASGIApp:
    """Where a receipt code is typed in; a link's fragment is filled in and sent by a small script."""

    async def make() -> tuple[bytes, str, None]:
        company = await company_by_slug(company_slug)
        words = words_of(request, company)
        page = render(
            "receipts/find.html",
            words,
            company=company,
            request_path=request.scope["path"],
            refusal=None,
            typed={},
        )
        return page.encode(), str(company.id), None

    return await remembered(request, make)


@post("/{company_slug:str}/r", status_code=200)
async def open_receipt(request: HTMXRequest, company_slug: FromPath[str]) -> Response[str]:
    company, typed = await company_of(request, company_slug), await read_typed(request)
    if half_filled := await opened_again(request, company, one(typed, "code"), now=now()):
        return half_filled
    try:
        found = await receipt_in_hand(request, company, typed)
    except Refused as refusal:
        return show(
            request, "receipts/find", 422, company=company, headers=PRIVATE, refusal=refusal, typed=typed
        )
    return await receipt_page(request, company, found, typed)


@post("/{company_slug:str}/r/withdrawal", status_code=200)
async def withdraw(request: HTMXRequest, company_slug: FromPath[str]) -> Response[str]:
    """Asks once: without `sure` it shows the question, with it the answer is withdrawn."""
    company, typed = await company_of(request, company_slug), await read_typed(request)
    found = await receipt_in_hand(request, company, typed)
    if one(typed, "sure") != "yes":
        return _asks(request, company, found, typed, "withdrawal")
    await commands.withdraw(company.id, found.id, today=today_at(company))
    return await receipt_anew(request, company, typed, "receipt.withdrawn")


@post("/{company_slug:str}/r/erasure", status_code=200)
async def erase(request: HTMXRequest, company_slug: FromPath[str]) -> Response[str]:
    """Asks once, as for withdrawing; with `sure` the words are gone everywhere."""
    company, typed = await company_of(request, company_slug), await read_typed(request)
    found = await receipt_in_hand(request, company, typed)
    if one(typed, "sure") != "yes":
        return _asks(request, company, found, typed, "erasure")
    await commands.erase(company.id, found.id, now=now(), today=today_at(company))
    return await receipt_anew(request, company, typed, "receipt.erased")


@post("/{company_slug:str}/r/quoting", status_code=200)
async def change_quoting(request: HTMXRequest, company_slug: FromPath[str]) -> Response[str]:
    company, typed = await company_of(request, company_slug), await read_typed(request)
    found = await receipt_in_hand(request, company, typed)
    try:
        await commands.change_quoting(
            company.id,
            found.id,
            read_form(QuotingForm, typed, beside=BESIDE),
            language=words_of(request, company).lang,
            today=today_at(company),
        )
    except Refused as refusal:
        return await receipt_page(request, company, found, typed, refusal=refusal)
    return await receipt_anew(request, company, typed, "receipt.quoting-changed")


@post("/{company_slug:str}/r/hearback", status_code=200)
async def say_back(request: HTMXRequest, company_slug: FromPath[str]) -> Response[str]:
    company, typed = await company_of(request, company_slug), await read_typed(request)
    found = await receipt_in_hand(request, company, typed)
    try:
        form = read_form(HearbackForm, typed, beside=BESIDE)
        await commands.say_back(company.id, found.id, form, today=today_at(company))
    except Refused as refusal:
        return await receipt_page(request, company, found, typed, refusal=refusal)
    return await receipt_anew(request, company, typed, "receipt.said-back")


def _asks(
    request: Request[Any, Any, Any], company: Company, found: queries.Receipt, typed: Typed, what: str
) -> Response[str]:
    """The question before what cannot be undone. what: its address below the receipts', and its page."""
    return show(
        request,
        "receipts/sure",
        company=company,
        headers=PRIVATE,
        receipt=found,
        code=shown(code_in(typed)),
        what=what,
        posted=True,
    )


def today_at(company: Company) -> date:
    return day_in(company.timezone, now())


async def company_of(request: Request[Any, Any, Any], slug: str) -> Company:
    company = await company_by_slug(slug)
    request.state.company = company
    return company


async def receipt_in_hand(request: Request[Any, Any, Any], company: Company, typed: Typed) -> queries.Receipt:
    """Raises Refused for what is no code and for a code that opens nothing: both sound the same, and both count
    against the network; TooMany after ten in a quarter of an hour."""
    try:
        return await queries.receipt(company.id, code_hash(code_in(typed)))
    except NotFound:
        key = bucket_key(settings().secret_key, "receipt", client_network(request), now())
        await count_try(key, most=MOST_MISSES, window=WITHIN, now=now())
        raise Refused("receipt.unknown", field="code") from None


def code_in(typed: Typed) -> str:
    """What is no code at all is looked up like one that is: the reply must not tell them apart."""
    return read_code(one(typed, "code")) or ""


async def receipt_anew(
    request: Request[Any, Any, Any], company: Company, typed: Typed, did: str
) -> Response[str]:
    """The receipt as it is after something was done. did: the sentence that says so."""
    found = await receipt_in_hand(request, company, typed)
    return await receipt_page(request, company, found, typed, did=did)


async def receipt_page(
    request: Request[Any, Any, Any],
    company: Company,
    found: queries.Receipt,
    typed: Typed,
    *,
    did: str | None = None,
    refusal: Refused | None = None,
) -> Response[str]:
    said, themes = await asyncio.gather(
        queries.said(company.id, found.id, words_of(request, company).lang),
        queries.themes(company.id, found.id),
    )
    theme_ids = [theme.id for theme in themes]
    actions = await queries.actions(company.id, theme_ids)
    notes = await queries.notes(company.id, found.id, theme_ids, reader=words_of(request, company).lang)
    behind = reached(
        read=found.read_on is not None,
        themes=len(themes),
        actions=len(actions),
        notes=len(notes),
        said_back=sum(note.verdict is not None for note in notes),
    )
    return show(
        request,
        "receipts/receipt",
        422 if refusal else 200,
        company=company,
        headers=PRIVATE,
        receipt=found,
        code=shown(code_in(typed)),
        said=said,
        themes=themes,
        actions=actions,
        notes=notes,
        behind=behind,
        current=current(behind),
        counted=found.state == ResponseState.COUNTED,
        did=did,
        refusal=refusal,
        typed=typed,
        today=today_at(company),
        kept_until=kept_until(found.day, found.keep_months),
        may_pick=found.closes_at > now(),
        pieces=[piece for more in PIECES for piece in await more(company, found)],
    )


HANDLERS = [find, open_receipt, withdraw, erase, change_quoting, say_back]
