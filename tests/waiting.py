"""Waiting for what another task does, such as a page cache hearing the news; never for a length of time."""

import asyncio
from collections.abc import Awaitable, Callable

LONGEST_S = 10


async def until(true: Callable[[], Awaitable[object]], longest_s: float = LONGEST_S) -> None:
    """Ask again and again until the answer is true; fail after so many seconds of no."""
    async with asyncio.timeout(longest_s):
        while not await true():  # noqa: ASYNC110  (what we wait for has no event to hear)
            await asyncio.sleep(0)
