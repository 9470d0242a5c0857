"""What was decided about an answer, for its fan: reason, rule, who; and how to ask for another look, once."""

from litestar import Response, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from msgspec import Struct

from hearback.answering.code import shown
from hearback.answering.rules import ResponseState
from hearback.moderation import commands
from hearback.moderation import queries as moderation
from hearback.moderation.forms import AskingForm
from hearback.moderation.house import all_rules
from hearback.moderation.queries import Cover, Look, Rule
from hearback.people.queries import Company
from hearback.receipts.public import (
    BESIDE,
    PIECES,
    PRIVATE,
    Piece,
    code_in,
    company_of,
    receipt_anew,
    receipt_in_hand,
    receipt_page,
    today_at,
)
from hearback.receipts.queries import Receipt
from hearback.refusals import Refused
from hearback.web.forms import read_form
from hearback.web.pages import show
from hearback.web.typed import one, read_typed


class Decision(Struct, frozen=True):
    """rule: by which it lies aside; rules: by number, of the covers; may_ask: nobody has, and something is hidden.

    alone: whoever asks has to wait until a second person moderates here.
    """

    rule: Rule | None
    rules: dict[int, Rule]
    covers: list[Cover]
    looks: list[Look]
    may_ask: bool
    alone: bool


async def on_receipt(company: Company, receipt: Receipt) -> list[Piece]:
    if receipt.state not in (ResponseState.COUNTED, ResponseState.HELD, ResponseState.SET_ASIDE):
        return []
    decided = await moderation.decided(company.id, receipt.id)
    hidden = receipt.state == ResponseState.SET_ASIDE
    if decided is None or not (hidden or decided.covers or decided.looks):
        return []
    rules = {rule.number: rule for rule in await all_rules(company)}
    decision = Decision(
        rule=rules.get(decided.rule or 0) if hidden else None,
        rules=rules,
        covers=decided.covers,
        looks=decided.looks,
        may_ask=bool(hidden or decided.covers) and all(look.outcome == "restored" for look in decided.looks),
        alone=bool(decided.deciders) and await moderation.moderators(company.id) < 2,
    )
    return [Piece("said", "receipts/_decided.html", decision)]


@post("/{company_slug:str}/r/second-look", status_code=200)
async def ask_for_another_look(request: HTMXRequest, company_slug: FromPath[str]) -> Response[str]:
    """Asks once: without `sure` it shows the question, with it the wish is kept."""
    company, typed = await company_of(request, company_slug), await read_typed(request)
    found = await receipt_in_hand(request, company, typed)
    try:
        form = read_form(AskingForm, typed, beside=BESIDE | {"sure"})
        if one(typed, "sure") != "yes":
            return show(
                request,
                "receipts/ask_again",
                company=company,
                headers=PRIVATE,
                receipt=found,
                code=shown(code_in(typed)),
                wish=form.words,
            )
        await commands.ask_for_another_look(company.id, found.id, form.words, today=today_at(company))
    except Refused as refusal:
        return await receipt_page(request, company, found, typed, refusal=refusal)
    return await receipt_anew(request, company, typed, "second.asked")


PIECES.append(on_receipt)
HANDLERS = [ask_for_another_look]
