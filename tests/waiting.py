"""Waiting for what another task does, such as a page cache hearing the news; never for a length of time."""

import asyncio
from collections.abc import Awaitable, Callable

LONGEST_S = 10


async def until(true: Callable[[], Awaitable[object]]) -> None:
    """Ask again and again until the answer is true; fail after ten seconds of no."""
    async with asyncio.timeout(LONGEST_S):
        while not await true():  # noqa: ASYNC110  (what we wait for has no event to hear)
            await asyncio.sleep(0)
