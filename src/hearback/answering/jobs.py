"""What the worker does with answers: judge the new ones together, once a minute."""

from hearback.answering import judging
from hearback.clock import now
from hearback.jobs import on_the_clock


@on_the_clock("answering.judge", "* * * * *")
async def judge() -> None:
    await judging.judge_new()
    await judging.forget_traces(now())
