"""One answer at the desk: reading it, and all that can be decided about it."""

from collections.abc import Awaitable
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.response import Redirect

from hearback.answering import commands as answering
from hearback.answering import queries as answers
from hearback.answering.rules import ResponseState
from hearback.clock import day_in, now
from hearback.moderation import commands, queries
from hearback.moderation.forms import AsideForm, CoverForm, HandOverForm, HeardForm, LookForm, TrustForm
from hearback.moderation.house import all_rules
from hearback.moderation.rules import Outcome, heat, may_look_again
from hearback.people.access import AtDesk, Desk
from hearback.people.rules import Right
from hearback.refusals import NotFound, Refused
from hearback.trust.covering import Heard
from hearback.trust.masking import holds_personal_data
from hearback.web.forms import read_form
from hearback.web.pages import show
from hearback.web.typed import Typed, read_typed

# One form with a button for each deed: a button's own fields are beside those of the others.
BESIDE = frozenset({"_csrf", "reason", "rule", "heard_as", "part"})


@get("/inbox/{response_id:uuid}", may=Right.READ)
async def response(request: HTMXRequest, desk: AtDesk, response_id: FromPath[UUID]) -> Response[str]:
    return await _response(request, desk, response_id)


@post("/inbox/{response_id:uuid}/reading", may=Right.READ)
async def read_one(request: HTMXRequest, desk: AtDesk, response_id: FromPath[UUID]) -> Redirect:
    await answers.response(desk.company.id, response_id)
    today = day_in(desk.company.timezone, now())
    await answering.mark_read(desk.company.id, [response_id], by=desk.member, today=today)
    return _to(desk, response_id)


@post("/inbox/{response_id:uuid}/personal-data", may=Right.MODERATE, status_code=200)
async def personal_data(request: HTMXRequest, desk: AtDesk, response_id: FromPath[UUID]) -> Response[str]:
    """Also what is covered. Shown on this one page, and written down; whoever looks again asks again."""
    await answering.open_personal_data(desk.company.id, response_id, by=desk.member, now=now())
    return await _response(request, desk, response_id, opened=True)


@post("/inbox/{response_id:uuid}/setting-aside", may=Right.MODERATE)
async def set_aside(request: HTMXRequest, desk: AtDesk, response_id: FromPath[UUID]) -> Response[Any]:
    typed = await _typed(request, desk, response_id)
    try:
        form = read_form(AsideForm, typed, beside=BESIDE)
        await commands.set_aside(desk.company, response_id, form, by=desk.member, now=now())
    except Refused as refusal:
        return await _response(request, desk, response_id, typed=typed, refusal=refusal)
    return _to(desk, response_id)


@post("/inbox/{response_id:uuid}/counting", may=Right.MODERATE)
async def count_again(request: HTMXRequest, desk: AtDesk, response_id: FromPath[UUID]) -> Response[Any]:
    return await _done(
        request, desk, response_id, commands.count_again(desk.company, response_id, by=desk.member, now=now())
    )


@post("/inbox/{response_id:uuid}/standing", may=Right.MODERATE)
async def let_stand(request: HTMXRequest, desk: AtDesk, response_id: FromPath[UUID]) -> Response[Any]:
    await answers.response(desk.company.id, response_id)
    await commands.let_stand(desk.company, [response_id], by=desk.member, now=now())
    return _to(desk, response_id)


@post("/inbox/{response_id:uuid}/hearing", may=Right.MODERATE)
async def hear_as(request: HTMXRequest, desk: AtDesk, response_id: FromPath[UUID]) -> Response[Any]:
    typed = await _typed(request, desk, response_id)
    try:
        heard = read_form(HeardForm, typed, beside=BESIDE).heard_as
        await commands.hear_as(desk.company, response_id, heard, by=desk.member, now=now())
    except Refused as refusal:
        return await _response(request, desk, response_id, typed=typed, refusal=refusal)
    return _to(desk, response_id)


@post("/inbox/{response_id:uuid}/covering", may=Right.MODERATE)
async def cover(request: HTMXRequest, desk: AtDesk, response_id: FromPath[UUID]) -> Response[Any]:
    typed = await _typed(request, desk, response_id)
    try:
        form = read_form(CoverForm, typed, beside=BESIDE)
        await commands.cover(desk.company, response_id, form, by=desk.member, now=now())
    except Refused as refusal:
        return await _response(request, desk, response_id, typed=typed, refusal=refusal)
    return _to(desk, response_id)


@post("/inbox/{response_id:uuid}/uncovering", may=Right.MODERATE)
async def uncover(request: HTMXRequest, desk: AtDesk, response_id: FromPath[UUID]) -> Response[Any]:
    return await _done(
        request, desk, response_id, commands.uncover(desk.company, response_id, by=desk.member, now=now())
    )


@post("/inbox/{response_id:uuid}/handing-over", may=Right.MODERATE)
async def hand_over(request: HTMXRequest, desk: AtDesk, response_id: FromPath[UUID]) -> Response[Any]:
    typed = await _typed(request, desk, response_id)
    try:
        form = read_form(HandOverForm, typed)
        await commands.hand_over(desk.company, response_id, form.words, by=desk.member, now=now())
    except Refused as refusal:
        return await _response(request, desk, response_id, typed=typed, refusal=refusal)
    return Redirect(f"/desk/{desk.company.slug}/moderation?done=handed-over", status_code=303)


@post("/inbox/{response_id:uuid}/trusting", may=Right.MODERATE)
async def trust(request: HTMXRequest, desk: AtDesk, response_id: FromPath[UUID]) -> Response[Any]:
    typed = await _typed(request, desk, response_id)
    try:
        form = read_form(TrustForm, typed)
        change = commands.trust if form.trust == "yes" else commands.trust_no_more
        await change(desk.company, response_id, by=desk.member, now=now())
    except Refused as refusal:
        return await _response(request, desk, response_id, typed=typed, refusal=refusal)
    return _to(desk, response_id)


@post("/inbox/{response_id:uuid}/second-look", may=Right.MODERATE)
async def look_again(request: HTMXRequest, desk: AtDesk, response_id: FromPath[UUID]) -> Response[Any]:
    typed = await _typed(request, desk, response_id)
    try:
        form = read_form(LookForm, typed)
        await commands.look_again(
            desk.company, response_id, Outcome(form.outcome), form.answer, by=desk.member, now=now()
        )
    except Refused as refusal:
        return await _response(request, desk, response_id, typed=typed, refusal=refusal)
    return _to(desk, response_id)


async def _typed(request: Request[Any, Any, Any], desk: Desk, response_id: UUID) -> Typed:
    """Raises NotFound first: whether the answer is there comes before what was typed."""
    await answers.response(desk.company.id, response_id)
    return await read_typed(request)


async def _done(
    request: Request[Any, Any, Any], desk: Desk, response_id: UUID, deed: Awaitable[None]
) -> Response[Any]:
    try:
        await deed
    except Refused as refusal:
        return await _response(request, desk, response_id, refusal=refusal)
    return _to(desk, response_id)


async def _response(
    request: Request[Any, Any, Any],
    desk: Desk,
    response_id: UUID,
    *,
    typed: Typed | None = None,
    refusal: Refused | None = None,
    opened: bool = False,
) -> Response[str]:
    company_id = desk.company.id
    found = await answers.response(company_id, response_id)
    decided = await queries.decided(company_id, response_id)
    if decided is None:
        raise NotFound
    places = await answers.sorted_into(company_id, [response_id], reader=desk.words.lang)
    rules = await all_rules(desk.company)
    return show(
        request,
        "answering/response",
        422 if refusal else 200,
        headers={"Cache-Control": "no-store"} if opened else None,
        response=found,
        said=await queries.own_words(company_id, response_id) if opened else found.words,
        opened=opened,
        hides=bool(decided.covers) or any(holds_personal_data(words) for words in found.words),
        lies=places.get(response_id),
        same_wording=await answers.others_with_the_same_wording(company_id, response_id),
        can_be_set_aside=found.state in (ResponseState.COUNTED, ResponseState.HELD),
        decided=decided,
        heat=heat(found.words, found.flag),
        rules=[rule for rule in rules if rule.gone_on is None],
        rule={rule.number: rule for rule in rules},
        classes=list(Heard),
        may_look=may_look_again(desk.member.id, decided.deciders),
        moderators=await queries.moderators(company_id),
        typed=typed or {},
        refusal=refusal,
    )


def _to(desk: Desk, response_id: UUID) -> Redirect:
    return Redirect(f"/desk/{desk.company.slug}/inbox/{response_id}", status_code=303)


HANDLERS = [
    response,
    read_one,
    personal_data,
    set_aside,
    count_again,
    let_stand,
    hear_as,
    cover,
    uncover,
    hand_over,
    trust,
    look_again,
]
