"""What the worker does with answers: judge the new ones together and count what has closed, once a minute; let go of
old words, once a day."""

from hearback.answering import closing, confirming, expiring, judging, links, saving
from hearback.clock import now
from hearback.jobs import on_the_clock


@on_the_clock("answering.judge", "* * * * *")
async def judge() -> None:
    await judging.judge_new()
    await judging.forget_traces(now())


@on_the_clock("answering.count_closed", "* * * * *")
async def count_closed() -> None:
    await closing.count_closed(now())


@on_the_clock("answering.let_go_of_old", "41 2 * * *")
async def let_go_of_old() -> None:
    await expiring.let_go_of_old(now())


@on_the_clock("answering.let_go_of_unconfirmed", "51 * * * *")
async def let_go_of_unconfirmed() -> None:
    await confirming.let_go_of_unconfirmed(now())


@on_the_clock("answering.let_go_of_saved", "27 * * * *")
async def let_go_of_saved() -> None:
    await saving.let_go_of_saved(now())


@on_the_clock("answering.shuffle_links", "57 * * * *")
async def shuffle_links() -> None:
    await links.shuffle()
