"""Replies on a receipt: what was said to this answer, how its fan took it, and how the talk goes on."""

from datetime import timedelta

from litestar import Response, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from msgspec import Struct

from hearback.answering.rules import ResponseState
from hearback.clock import day_in, now
from hearback.limits import bucket_key, count_try
from hearback.people.queries import Company
from hearback.receipts.public import BESIDE, PIECES, Piece, company_of, receipt_in_hand, receipt_page
from hearback.receipts.queries import Receipt
from hearback.refusals import Refused
from hearback.replying import commands, queries
from hearback.replying.forms import BackForm
from hearback.replying.queries import Reply
from hearback.replying.rules import LONGEST_WORD_BACK
from hearback.settings import settings
from hearback.web.forms import read_form
from hearback.web.typed import read_typed

MOST_SAID = (8, timedelta(hours=1))
TALKING = (ResponseState.COUNTED, ResponseState.HELD, ResponseState.SET_ASIDE)


class Told(Struct, frozen=True):
    """open: whether the talk can go on; most: letters of a word back."""

    replies: list[Reply]
    open: bool
    most: int


@post("/{company_slug:str}/r/reply", status_code=200)
async def say_back(request: HTMXRequest, company_slug: FromPath[str]) -> Response[str]:
    company, typed = await company_of(request, company_slug), await read_typed(request)
    found = await receipt_in_hand(request, company, typed)
    most, window = MOST_SAID
    key = bucket_key(settings().secret_key, "word back", str(found.id), now())
    await count_try(key, most=most, window=window, now=now())
    try:
        if found.state not in TALKING:
            raise Refused("reply.talk-ended")
        form = read_form(BackForm, typed, beside=BESIDE)
        told = await queries.told_on_receipt(company.id, found.id)
        today = day_in(company.timezone, now())
        await commands.say_back(company.id, found.id, told, form, today=today)
    except Refused as refusal:
        return await receipt_page(request, company, found, typed, refusal=refusal)
    return await receipt_page(
        request, company, found, typed, did="reply.word-came-in" if form.words else "reply.taken-down"
    )


async def on_receipt(company: Company, receipt: Receipt) -> list[Piece]:
    if receipt.state == ResponseState.ERASED:
        return []
    replies = await queries.told_on_receipt(company.id, receipt.id)
    shown = Told(replies, receipt.state in TALKING, LONGEST_WORD_BACK)
    return [Piece("way", "replying/_on_receipt.html", shown)] if replies else []


PIECES.insert(0, on_receipt)
HANDLERS = [say_back]
