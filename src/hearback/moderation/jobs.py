"""What the worker does for whoever moderates: feel how hot new answers run, once a minute."""

from hearback.jobs import on_the_clock
from hearback.moderation import commands


@on_the_clock("moderation.feel_heat", "* * * * *")
async def feel_heat() -> None:
    await commands.feel_heat()
