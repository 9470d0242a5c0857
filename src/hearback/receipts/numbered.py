"""Where in the ledger an answer stands: whoever keeps the number can check that it was never dropped or changed."""

import msgspec
from msgspec import Struct

from hearback.ledger.checkpoints import line_of
from hearback.ledger.proving import Proven
from hearback.ledger.rules import Kind
from hearback.people.queries import Company
from hearback.receipts.proving import proof_of
from hearback.receipts.public import PIECES, Piece
from hearback.receipts.queries import Receipt

WORDS = frozenset({Kind.RECEIVED, Kind.CORRECTED})


class Numbered(Struct, frozen=True):
    """number: of the entry that it came in with, from 1, as people count; None until it is signed.

    fits: whether the newest entry of its words has the hash of what stands here; None where nobody can tell any more,
    for it was erased. line: the signature over it; key: whose; proof: all of that for the browser, as JSON.
    """

    number: int | None
    fits: bool | None
    line: str
    key: str
    proof: str


async def on_receipt(company: Company, receipt: Receipt) -> list[Piece]:
    shown = numbered(await proof_of(company.id, receipt.id))
    return [Piece("received", "receipts/_numbered.html", shown)] if shown else []


def numbered(found: Proven) -> Numbered | None:
    """None where there is no entry: it came before the ledger began."""
    received = next((one for one in found.entries if one.kind == Kind.RECEIVED), None)
    if received is None:
        return None
    newest = [one for one in found.entries if one.kind in WORDS][-1]
    return Numbered(
        number=None if received.number is None else received.number + 1,
        fits=bool(newest.values) if newest.salts else None,
        line=line_of(found.checkpoint) if found.checkpoint else "",
        key=found.key,
        proof=msgspec.json.encode(found).decode(),
    )


PIECES.append(on_receipt)
