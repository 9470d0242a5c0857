"""Whose turn it is to be read anew: a large company takes no time from a small one, nor its own people's from them.

Large companies are read one after the other in a thread of their own, and after each reading a company rests for some
times as long as that took; what people do meanwhile is learnt from together.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import ParamSpec, TypeVar
from uuid import UUID

import structlog
from msgspec import Struct

from hearback.clock import now
from hearback.database.engine import fetch_one, fetch_value
from hearback.jobs import do_after
from hearback.themes.rules import next_turn

LARGE = 5000  # excerpts from which a reading takes more than a second or two
FOR_LARGE = ThreadPoolExecutor(1, "large-readings")
FOR_SMALL = ThreadPoolExecutor(2, "small-readings")
log = structlog.get_logger()

Given = ParamSpec("Given")
Found = TypeVar("Found")


async def read_in_turn(
    excerpts: int, work: Callable[Given, Found], *given: Given.args, **named: Given.kwargs
) -> Found:
    """Do the work of the processor for a company of so many excerpts. New answers are read in other threads still."""
    lane = FOR_LARGE if excerpts >= LARGE else FOR_SMALL
    return await asyncio.wrap_future(lane.submit(work, *given, **named))


async def learn_later(company_id: UUID, by: UUID | None = None) -> None:
    """After an act of a person, within the caller's transaction; many acts in a row are learnt from once."""
    waiting = await fetch_value(
        """select exists (select from pgqueuer where entrypoint = 'themes.learn' and status = 'queued'
                          and convert_from(payload, 'UTF8')::jsonb->>'company_id' = $1)""",
        str(company_id),
    )
    if waiting:
        return
    last = await _last_run(company_id)
    # The clock of the machine, not of the act: it is only about when the processor is free.
    turn = next_turn(
        timedelta(milliseconds=last.took_ms) if last else None, now() - last.at if last else timedelta()
    )
    await do_after(turn.rests, "themes.learn", company_id=str(company_id), by=str(by) if by else None)
    log.info("themes.learn_later", company=str(company_id), why=turn.why, rests_s=turn.rests.total_seconds())


class _Took(Struct, frozen=True):
    at: datetime
    took_ms: int


async def _last_run(company_id: UUID) -> _Took | None:
    return await fetch_one(
        _Took,
        "select at, took_ms from grouping_run where company = $1 order by at desc, id desc limit 1",
        company_id,
    )
