"""What becomes of notes by the clock."""

from hearback.changenotes import commands
from hearback.clock import now
from hearback.jobs import on_the_clock


@on_the_clock("changenotes.send_due", "* * * * *")
async def send_due() -> None:
    await commands.send_due(now())


@on_the_clock("changenotes.look_again", "23 * * * *")
async def look_again() -> None:
    await commands.look_again(now())
