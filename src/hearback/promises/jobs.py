"""What runs by the clock: promises that are near, and those that are late; and who has spoken since."""

from hearback.clock import now
from hearback.jobs import on_the_clock
from hearback.promises.counting import count_all
from hearback.promises.watching import watch


@on_the_clock("promises.watch", "12 * * * *")
async def watch_promises() -> None:
    await watch(now=now())


@on_the_clock("promises.count", "*/10 * * * *")
async def count() -> None:
    await count_all()
