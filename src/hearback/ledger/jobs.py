"""Within a minute everything has its number, and is signed: by the worker alone, for only there the keys must lie."""

from hearback.jobs import on_the_clock
from hearback.ledger import laying, signing


@on_the_clock("ledger.sign", "* * * * *")
async def sign() -> None:
    await signing.sign_all()
    await laying.lay_all()
