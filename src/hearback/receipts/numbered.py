"""Where in the ledger an answer stands: whoever keeps the number can check that it was never dropped."""

from hearback.ledger.queries import place_of
from hearback.ledger.rules import Kind
from hearback.people.queries import Company
from hearback.receipts.public import PIECES, Piece
from hearback.receipts.queries import Receipt


async def on_receipt(company: Company, receipt: Receipt) -> list[Piece]:
    place = await place_of(company.id, Kind.RECEIVED, receipt.id)
    return [Piece("received", "receipts/_numbered.html", place)] if place else []


PIECES.append(on_receipt)
