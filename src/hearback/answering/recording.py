"""What an answer leaves in the ledger: that it came, changed, was put aside or taken back. Hashes only, no words."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from uuid import UUID

from hearback.answering.rules import Filled
from hearback.ledger.commands import forget_salts, record, record_each
from hearback.ledger.rules import Kind, canonical, entry

SAID = "answer"


def received_leaf(
    question_id: UUID, response_id: UUID, filled: Iterable[Filled], day: date
) -> tuple[bytes, bytes]:
    """The entry and its salt, for a statement that writes them itself."""
    leaf, salts = entry(Kind.RECEIVED, response_id, {SAID: as_text(filled)}, now=day, of=question_id)
    return leaf, salts[SAID]


async def received(
    company_id: UUID, question_id: UUID, answers: Mapping[UUID, Iterable[Filled]], *, now: datetime | date
) -> None:
    """answers: by response. now: when we took them in."""
    await record_each(
        company_id,
        Kind.RECEIVED,
        {response: {SAID: as_text(filled)} for response, filled in answers.items()},
        now=now,
        of=question_id,
    )


async def corrected(company_id: UUID, response_id: UUID, filled: Iterable[Filled], *, day: date) -> None:
    """The entry of what stood there before stays; nobody can find out any more what it was, also not by trying."""
    await forget_salts(company_id, [response_id])
    await record(company_id, Kind.CORRECTED, response_id, {SAID: as_text(filled)}, now=day)


async def set_aside(company_id: UUID, reasons: Mapping[UUID, str], *, now: datetime | date) -> None:
    """Whatever counts no more. reasons: by response, in a member's words or as the program's flag."""
    said = {response: {"reason": reason} for response, reason in reasons.items()}
    await record_each(company_id, Kind.SET_ASIDE, said, now=now)


async def restored(company_id: UUID, response_ids: Iterable[UUID], *, now: datetime | date) -> None:
    await record_each(company_id, Kind.RESTORED, {response: {} for response in response_ids}, now=now)


async def withdrawn(company_id: UUID, response_ids: Iterable[UUID], *, day: date) -> None:
    await record_each(company_id, Kind.WITHDRAWN, {response: {} for response in response_ids}, now=day)


async def erased(company_id: UUID, response_ids: Iterable[UUID], *, day: date) -> None:
    await record_each(company_id, Kind.ERASED, {response: {} for response in response_ids}, now=day)


def as_text(filled: Iterable[Filled]) -> str:
    """All that was said, in one way of writing it, whatever the order it comes in."""
    return canonical(
        sorted((str(one.prompt), str(one.part), one.words, list(one.chosen), one.number) for one in filled)
    ).decode()
