"""What the worker does for the ledger: within a minute everything has its number, and is signed."""

from uuid import UUID

from hearback.jobs import job, on_the_clock
from hearback.ledger import signing


@job("ledger.sign")
async def sign(company_id: str) -> None:
    await signing.sign_one(UUID(company_id))


@on_the_clock("ledger.sweep", "* * * * *")
async def sweep() -> None:
    await signing.sign_all()
