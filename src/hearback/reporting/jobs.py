"""What runs by the clock: a month that is over is counted."""

from hearback.clock import now
from hearback.jobs import on_the_clock
from hearback.reporting import commands


@on_the_clock("reporting.count", "20 * * * *")
async def count() -> None:
    """Hourly, since a month ends at another hour in each zone; where nothing has changed, nothing is written."""
    await commands.count_months(now=now())
