"""Everything gets its number and is signed: what is public anyway at once, the rest within a minute.

By the worker alone, for only there the keys must lie.
"""

import asyncio

import structlog

from hearback.jobs import on_the_clock
from hearback.ledger import laying, signing
from hearback.ledger.commands import UNSIGNED
from hearback.web.live import CONNECTION_LOST, Live

BREATH_S = 1.0
log = structlog.get_logger()


@on_the_clock("ledger.sign", "* * * * *")
async def sign() -> None:
    await signing.sign_all()
    await laying.lay_all()


async def sign_what_is_public() -> None:
    await signing.sign_all(public_only=True)
    await laying.lay_all()


async def sign_when_told(breath_s: float = BREATH_S) -> None:
    """Until cancelled: whatever is public is signed as soon as it is committed; what came in one breath, together.

    Whoever begins to listen, or does so again, may have missed news, and looks once; and the clock signs as well.
    """
    told, ear = asyncio.Event(), Live()

    def hear(company: str | None, what: str) -> None:
        if company is None or what == UNSIGNED:
            told.set()

    ear.when_told(hear)
    await ear.start()
    try:
        while True:
            await told.wait()
            told.clear()
            try:
                await sign_what_is_public()
            except CONNECTION_LOST as error:
                log.warning("ledger.not_signed_yet", error=type(error).__name__)
            await asyncio.sleep(breath_s)
    finally:
        await ear.stop()
