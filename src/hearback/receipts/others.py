"""What others said, too: shown after somebody has answered and never before, and what they say of their own words."""

from typing import Literal
from uuid import UUID

from litestar import Response, post
from litestar.enums import MediaType
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from msgspec import Struct

from hearback.answering.code import shown
from hearback.answering.rules import ResponseState
from hearback.clock import day_in, now
from hearback.people.queries import Company
from hearback.receipts.public import (
    BESIDE,
    PIECES,
    PRIVATE,
    Piece,
    code_in,
    company_of,
    receipt_in_hand,
    receipt_page,
)
from hearback.receipts.queries import Receipt
from hearback.refusals import Refused
from hearback.themes.commands import joining
from hearback.themes.queries import others as queries
from hearback.web.forms import read_form
from hearback.web.pages import render, wants_fragment, words_of
from hearback.web.typed import read_typed


class OwnWordForm(Struct, frozen=True):
    """theme: to join or to leave; nothing at all only looks."""

    do: Literal["", "join", "leave", "apart", "look"] = ""
    theme: UUID | None = None


class Others(Struct, frozen=True):
    word: queries.OwnWord
    themes: list[queries.Other]


SAID = {
    "join": "others.joined",
    "leave": "others.left",
    "apart": "others.kept-apart",
    "look": "others.looking",
}


async def said_by_others(company: Company, receipt: Receipt) -> Others | None:
    """None where there is nothing to say: for an answer that does not count, or without words."""
    if receipt.state != ResponseState.COUNTED or receipt.words_gone_on:
        return None
    word = await queries.own_word(company.id, receipt.id)
    if not word.in_words:
        return None
    if word.apart or not word.read:
        return Others(word, [])
    return Others(word, await queries.others(company.id, receipt.id, fewest_voices=company.fewest_voices))


async def on_receipt(company: Company, receipt: Receipt) -> list[Piece]:
    found = await said_by_others(company, receipt)
    if found is None or not (found.themes or found.word.apart or _is_fresh(company, receipt, found)):
        return []
    return [Piece("way", "receipts/_others.html", found)]


@post("/{company_slug:str}/r/others", status_code=200)
async def others(request: HTMXRequest, company_slug: FromPath[str]) -> Response[str]:
    """The receipt with what others said; into a page that is open already, only that part."""
    company, typed = await company_of(request, company_slug), await read_typed(request)
    found = await receipt_in_hand(request, company, typed)
    form, refusal = OwnWordForm(), None
    try:
        form = read_form(OwnWordForm, typed, beside=BESIDE)
        await _say(company, found, form)
    except Refused as caught:
        refusal = caught
    did = SAID.get(form.do) if refusal is None else None
    if not wants_fragment(request):
        return await receipt_page(request, company, found, typed, did=did, refusal=refusal)
    text = render(
        "receipts/_others.html",
        words_of(request, company),
        company=company,
        code=shown(code_in(typed)),
        piece=Piece("way", "", await said_by_others(company, found)),
        others_did=did,
        refusal=refusal,
    )
    return Response(text, media_type=MediaType.HTML, headers=PRIVATE | {"Vary": "HX-Request"})


async def _say(company: Company, receipt: Receipt, form: OwnWordForm) -> None:
    """Raises Refused for a theme that is not offered, and for an answer that does not count."""
    if form.do and receipt.state != ResponseState.COUNTED:
        raise Refused("others.gone")
    fewest, today = company.fewest_voices, day_in(company.timezone, now())
    if form.do == "apart":
        await joining.keep_apart(company.id, receipt.id, fewest_voices=fewest, today=today)
    elif form.do == "look":
        await joining.look_again(company.id, receipt.id)
    elif form.do and form.theme is None:
        raise Refused("others.gone")
    elif form.do == "join" and form.theme:
        await joining.join_in(company.id, receipt.id, form.theme, fewest_voices=fewest, today=today)
    elif form.do == "leave" and form.theme:
        await joining.take_back(company.id, receipt.id, form.theme)


def _is_fresh(company: Company, receipt: Receipt, found: Others) -> bool:
    """Given today and not read yet: looking again soon is worth it."""
    return not found.word.read and receipt.day == day_in(company.timezone, now())


PIECES.append(on_receipt)
HANDLERS = [others]
