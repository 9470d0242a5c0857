"""What runs by the clock: what could tell people apart does not stay."""

from hearback.clock import now
from hearback.database.engine import execute
from hearback.jobs import on_the_clock
from hearback.trust.integrity.traces import forget_salts


@on_the_clock("integrity.forget", "3 * * * *")
async def forget() -> None:
    await forget_salts(now())
    await execute("delete from spent_proof where ends_at <= $1", now())
