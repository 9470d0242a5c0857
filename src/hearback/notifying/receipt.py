"""What a receipt shows of this room: who is told by mail, and whether it got better since."""

from uuid import UUID

from msgspec import Struct

from hearback.answering.rules import ResponseState
from hearback.clock import now
from hearback.notifying import queries
from hearback.notifying.rules import MOST, What
from hearback.people.queries import Company
from hearback.receipts.public import PIECES, Piece
from hearback.receipts.queries import Receipt
from hearback.settings import settings
from hearback.trust.addresses import masked
from hearback.trust.sealing import OtherKey, unseal


class Told(Struct, frozen=True):
    """Somebody who follows this answer. address: masked; still: mails that may come."""

    address: str
    confirmed: bool
    still: int


class ByMail(Struct, frozen=True):
    """on: whether the company sends mails at all; most: how many it promises; ends: no answer to follow any more."""

    on: bool
    ends: bool
    most: int
    followers: list[Told]


async def by_mail(company_id: UUID, response_id: UUID, *, ends: bool) -> ByMail:
    secret = settings().secret_key
    told = []
    for one in await queries.followers_of_response(company_id, response_id):
        try:
            address = masked(unseal(secret, "address", one.address))
        except OtherKey:
            address = "…"
        told.append(Told(address, one.confirmed_on is not None, one.most - one.sent))
    return ByMail(await queries.mail_is_on(company_id), ends, MOST[What.ANSWER], told)


async def on_receipt(company: Company, receipt: Receipt) -> list[Piece]:
    if receipt.state == ResponseState.ERASED:
        return []
    withdrawn = receipt.state == ResponseState.WITHDRAWN
    pieces = [
        Piece("aside", "notifying/_on_receipt.html", await by_mail(company.id, receipt.id, ends=withdrawn))
    ]
    if notes := await queries.notes_to_check(company.id, receipt.id, now=now()):
        pieces.append(Piece("way", "notifying/_back_on_receipt.html", notes))
    return pieces


PIECES.append(on_receipt)
