"""With the export, a fan gets all that shows what the ledger holds of their answer: nobody has to take our word."""

from uuid import UUID

from msgspec import Struct

from hearback.answering.recording import as_text
from hearback.answering.rules import Filled, Part
from hearback.database.engine import fetch, fetch_column
from hearback.ledger.proving import Proven, proven


class _Filled(Struct, frozen=True):
    prompt: UUID
    words: str
    chosen: list[int]
    number: int | None
    part: str


async def proof_of(company_id: UUID, response_id: UUID) -> Proven:
    """Salts of what was corrected, erased or kept long enough are gone, and so is what they would prove."""
    filled = await fetch(
        _Filled,
        """select prompt, coalesce(own_words, words) as words, chosen, number, part from answer
           where company = $1 and response = $2""",
        company_id,
        response_id,
    )
    stands = as_text(
        Filled(one.prompt, one.words, tuple(one.chosen), one.number, Part(one.part)) for one in filled
    )
    reasons = await fetch_column(
        """select unnest(array[reason, flag]) from response where company = $1 and id = $2
           union select unnest(array[reason, rule::text]) from cover where company = $1 and response = $2""",
        company_id,
        response_id,
    )
    return await proven(company_id, response_id, [stands, *reasons])
