"""Telling machines, and delivering by the clock what did not get through at once."""

from uuid import UUID

from hearback.clock import now
from hearback.jobs import job, on_the_clock
from hearback.webhooks import outbox
from hearback.webhooks.delivering import deliver_due
from hearback.webhooks.telling import tell_machines, tell_of_erasure


@job("webhooks.note_said")
async def note_said(company_id: str, note_id: str, number: int) -> None:
    await tell_machines(UUID(company_id), UUID(note_id), number, now=now())


@job("webhooks.note_erased")
async def note_erased(company_id: str, note_id: str, number: int, mark: str) -> None:
    await tell_of_erasure(UUID(company_id), UUID(note_id), number, mark, now=now())


@job("webhooks.deliver")
async def deliver() -> None:
    await deliver_due(now)


@on_the_clock("webhooks.deliver_what_waits", "* * * * *")
async def deliver_what_waits() -> None:
    await deliver_due(now)


@on_the_clock("webhooks.purge", "43 3 * * *")
async def purge() -> None:
    await outbox.let_go(now())
