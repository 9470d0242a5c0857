"""Following by mail: asked for, confirmed and stopped. A link alone changes nothing, for mail scanners open links."""

import contextlib
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest

from hearback.asking import queries as asking
from hearback.changenotes.queries.account import has_account
from hearback.changenotes.queries.choices import ToldTheme, public_theme
from hearback.clock import day_in, now
from hearback.notifying import commands, erasing, queries, receipt  # noqa: F401  (erasing, receipt: register)
from hearback.notifying.forms import FollowForm, VerdictForm
from hearback.notifying.rules import MOST, What
from hearback.people.queries import Company
from hearback.receipts.public import BESIDE, PRIVATE, company_of, receipt_in_hand, receipt_page
from hearback.refusals import NotFound, Refused
from hearback.settings import settings
from hearback.trust.addresses import fan_address
from hearback.trust.sealing import read_token
from hearback.web.forms import read_form
from hearback.web.network import client_network
from hearback.web.pages import show, words_of
from hearback.web.typed import Typed, read_typed


@get("/{company_slug:str}/follow")
async def follow(request: HTMXRequest, company_slug: FromPath[str]) -> Response[str]:
    """Of the whole log; `?question=` of one question, `?theme=` of one public theme."""
    company = await company_of(request, company_slug)
    theme = request.query_params.get("theme", "")
    return await _follow(
        request, company, {"question": [request.query_params.get("question", "")], "theme": [theme]}
    )


@post("/{company_slug:str}/follow", status_code=200)
async def ask_to_follow(request: HTMXRequest, company_slug: FromPath[str]) -> Response[str]:
    company, typed = await company_of(request, company_slug), await read_typed(request)
    try:
        form = read_form(FollowForm, typed, beside=frozenset({"lang"}))
        question, theme = await _what(company, form.question, str(form.theme or ""))
        await _ask(
            request,
            company,
            form,
            question=question.id if question else None,
            theme=theme.id if theme else None,
        )
    except Refused as refusal:
        return await _follow(request, company, typed, refusal)
    return _said(request, company, "asked")


@post("/{company_slug:str}/r/mail", status_code=200)
async def ask_for_answer(request: HTMXRequest, company_slug: FromPath[str]) -> Response[str]:
    company, typed = await company_of(request, company_slug), await read_typed(request)
    found = await receipt_in_hand(request, company, typed)
    try:
        form = read_form(FollowForm, typed, beside=BESIDE)
        await _ask(request, company, form, response=found.id)
    except Refused as refusal:
        return await receipt_page(request, company, found, typed, refusal=refusal)
    return await receipt_page(request, company, found, typed, did="follow.asked")


@post("/{company_slug:str}/r/mail/stop", status_code=200)
async def stop_for_answer(request: HTMXRequest, company_slug: FromPath[str]) -> Response[str]:
    company, typed = await company_of(request, company_slug), await read_typed(request)
    found = await receipt_in_hand(request, company, typed)
    await commands.stop_for_response(company.id, found.id)
    return await receipt_page(request, company, found, typed, did="follow.stopped")


@get("/{company_slug:str}/mail/yes/{token:str}")
async def ask_whether_yes(
    request: HTMXRequest, company_slug: FromPath[str], token: FromPath[str]
) -> Response[str]:
    company = await company_of(request, company_slug)
    try:
        found = await queries.follower(company.id, _read(token, "yes"))
    except NotFound:
        return _said(request, company, "ended", status=404)
    return _asks(request, company, "yes", f"/{company.slug}/mail/yes/{token}", most=found.most)


@post("/{company_slug:str}/mail/yes/{token:str}", status_code=200)
async def yes(request: HTMXRequest, company_slug: FromPath[str], token: FromPath[str]) -> Response[str]:
    company = await company_of(request, company_slug)
    await read_typed(request)
    try:
        await commands.confirm(company.id, _read(token, "yes"), today=day_in(company.timezone, now()))
    except NotFound:
        return _said(request, company, "ended", status=404)
    return _said(request, company, "confirmed")


@get("/{company_slug:str}/mail/{token:str}")
async def ask_whether_to_stop(
    request: HTMXRequest, company_slug: FromPath[str], token: FromPath[str]
) -> Response[str]:
    company = await company_of(request, company_slug)
    try:
        await queries.follower(company.id, _read(token, "stop"))
    except NotFound:
        return _said(request, company, "stopped")
    return _asks(request, company, "stop", f"/{company.slug}/mail/{token}")


@post("/{company_slug:str}/mail/{token:str}", status_code=200)
async def stop(request: HTMXRequest, company_slug: FromPath[str], token: FromPath[str]) -> Response[str]:
    """From the page, or from a mail program (RFC 8058). An unknown link gets the same reply."""
    company = await company_of(request, company_slug)
    await read_typed(request)
    with contextlib.suppress(NotFound):
        await commands.stop(company.id, _read(token, "stop"))
    return _said(request, company, "stopped")


@get("/{company_slug:str}/back/{token:str}")
async def ask_how_it_is(
    request: HTMXRequest, company_slug: FromPath[str], token: FromPath[str]
) -> Response[str]:
    """From the mail: four buttons, and nothing is said by looking."""
    company = await company_of(request, company_slug)
    note = await _note_asked_about(company, token)
    if note is None:
        return _said(request, company, "ended-back", status=404)
    return show(
        request,
        "notifying/back",
        company=company,
        headers=PRIVATE,
        note=note,
        action=f"/{company.slug}/back/{token}",
    )


@post("/{company_slug:str}/back/{token:str}", status_code=200)
async def say_how_it_is(
    request: HTMXRequest, company_slug: FromPath[str], token: FromPath[str]
) -> Response[str]:
    company, typed = await company_of(request, company_slug), await read_typed(request)
    form = read_form(VerdictForm, typed, beside=frozenset({"lang"}))
    try:
        asked = await queries.check_back(company.id, _read(token, "back"))
        await _say(company, asked.note, asked.response, form)
    except NotFound:
        return _said(request, company, "ended-back", status=404)
    return _said(request, company, "said-back")


@post("/{company_slug:str}/r/back", status_code=200)
async def say_on_receipt(request: HTMXRequest, company_slug: FromPath[str]) -> Response[str]:
    company, typed = await company_of(request, company_slug), await read_typed(request)
    found = await receipt_in_hand(request, company, typed)
    try:
        form = read_form(VerdictForm, typed, beside=BESIDE)
    except Refused as refusal:
        return await receipt_page(request, company, found, typed, refusal=refusal)
    if form.note is None:
        raise NotFound
    await _say(company, form.note, found.id, form)
    return await receipt_page(request, company, found, typed, did="back.noted")


async def _say(company: Company, note_id: UUID, response_id: UUID, form: VerdictForm) -> None:
    """Raises NotFound."""
    today = day_in(company.timezone, now())
    await commands.say_how_it_is(company.id, note_id, response_id, form.verdict, today=today, now=now())


async def _note_asked_about(company: Company, token: str) -> queries.ToCheck | None:
    try:
        asked = await queries.check_back(company.id, _read(token, "back"))
    except NotFound:
        return None
    notes = await queries.notes_to_check(company.id, asked.response, now=now())
    return next((note for note in notes if note.note == asked.note), None)


async def _ask(
    request: HTMXRequest,
    company: Company,
    form: FollowForm,
    *,
    response: UUID | None = None,
    question: UUID | None = None,
    theme: UUID | None = None,
) -> None:
    """Raises Refused for what is no address, and where the company sends no mail; TooMany."""
    address = fan_address(form.address)
    if not await queries.mail_is_on(company.id):
        raise Refused("follow.no-mail", field="address")
    await commands.ask_to_follow(
        company.id,
        address,
        secret=settings().secret_key,
        network=client_network(request),
        language=words_of(request, company).lang,
        now=now(),
        response=response,
        question=question,
        theme=theme,
        digest=form.digest,
        corrections=form.corrections,
    )


async def _what(
    company: Company, question: str, theme: str
) -> tuple[asking.Question | None, ToldTheme | None]:
    """Raises NotFound for a question or a theme that is not public."""
    if question:
        return await asking.public_question(company.id, question), None
    if not theme:
        return None, None
    try:
        theme_id = UUID(theme)
    except ValueError as error:
        raise NotFound from error
    return None, await public_theme(company.id, theme_id, fewest_voices=company.fewest_voices)


async def _follow(
    request: HTMXRequest, company: Company, typed: Typed, refusal: Refused | None = None
) -> Response[str]:
    given = {name: values[-1] for name, values in typed.items() if values}
    question, theme = await _what(company, given.get("question", ""), given.get("theme", ""))
    return show(
        request,
        "notifying/follow",
        422 if refusal else 200,
        company=company,
        on=await queries.mail_is_on(company.id),
        question=question,
        theme=theme,
        most=MOST[What.QUESTION if question else What.THEME if theme else What.LOG],
        account=await has_account(company.id),
        typed=typed,
        refusal=refusal,
    )


def _read(token: str, purpose: str) -> UUID:
    return read_token(settings().secret_key, purpose, token)


def _said(
    request: HTMXRequest, company: Company, title: str, *, status: int = 200, **values: Any
) -> Response[str]:
    return show(
        request, "notifying/said", status, company=company, headers=PRIVATE, title=title, values=values
    )


def _asks(request: HTMXRequest, company: Company, title: str, action: str, **values: Any) -> Response[str]:
    return show(
        request, "notifying/asks", company=company, headers=PRIVATE, title=title, action=action, values=values
    )


HANDLERS = [
    follow,
    ask_to_follow,
    ask_for_answer,
    stop_for_answer,
    ask_whether_yes,
    yes,
    ask_whether_to_stop,
    stop,
    ask_how_it_is,
    say_how_it_is,
    say_on_receipt,
]
