"""A person's words are forgotten everywhere, in one transaction. Each room says what it forgets; none knows the others.

A room registers at import (its `erasing` module), and the room of the answers asks all of them before it lets go of
the words itself, so that every room can still see them.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from hearback.database.engine import execute, fetch
from hearback.trust import masking
from hearback.trust.quoted import Said, quoted
from hearback.web.live import LIVE, tell
from hearback.web.markdown import forget_cleaned

ERASED = "erased"
AUDIT = """select id, jsonb_build_array(before, after)::text as words from audit
           where company = $1 and length(coalesce(before::text, '') || coalesce(after::text, '')) > 20"""


class Why(StrEnum):
    """ERASED: the fan wants it gone, voice and all. CORRECTED: other words stand there now. EXPIRED: kept as long as
    was said when it was asked; the voice goes on being counted."""

    ERASED = "erased"
    CORRECTED = "corrected"
    EXPIRED = "expired"


class Going(Struct, frozen=True):
    """Whose words go. answers: where they stand; said: what to look for in what others wrote; texts: the answers and
    the points that were cut from them, as they were written."""

    company: UUID
    responses: list[UUID]
    answers: list[UUID]
    why: Why
    said: Said
    texts: list[str]


Forget = Callable[[Going], Awaitable[None]]
ROOMS: dict[str, Forget] = {}
PUBLIC: dict[str, list[str]] = {}
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
MEMORIES: list[Callable[[], None]] = [forget_cleaned, masking.forget_parts]


def forgets(room: str) -> Callable[[Forget], Forget]:
    """Register what the room forgets, within the caller's transaction; safe to do twice."""

    def remember(forget: Forget) -> Forget:
        ROOMS[room] = forget
        return forget

    return remember


def stands_in_public(room: str, *selects: str) -> None:
    """Register what the room tells everybody. Each select takes the company and two moments, and gives as `words`
    what was first told from the one on and before the other, and as `at` since when; literal SQL."""
    PUBLIC[room] = list(selects)


class Told(Struct, frozen=True):
    words: str
    at: datetime


async def told_before(
    company_id: UUID, moment: datetime, *, since: datetime = LONG_AGO
) -> list[tuple[str, datetime]]:
    """What everybody could read before that moment, and since when: whoever writes it then only repeats it. since: only
    what was told from then on."""
    found = [
        one
        for selects in PUBLIC.values()
        for select in selects
        for one in await fetch(Told, select, company_id, since, moment)
    ]
    return [(one.words, one.at) for one in found]


async def forget_everywhere(going: Going) -> None:
    """In the caller's transaction, before the words themselves go."""
    for forget in ROOMS.values():
        await forget(going)
    await take_out_of_history(going, "audit", AUDIT)
    await _forget_failures(going)
    for what in (ERASED, "public", "desk"):
        await tell(going.company, what)


class Written(Struct, frozen=True):
    """A text, or a JSON text, of somebody else that may repeat a fan's words."""

    id: UUID
    words: str


async def take_out(going: Going, select: str, update: str) -> list[UUID]:
    """Put gaps where a member quoted the words. select: id and words of what the company's members wrote;
    update: takes the company, the row, and the parts to take out; both literal SQL.

    Gives the rows that have gaps now.
    """
    quoting = await _quoting(going, select)
    for row, parts in quoting:
        await execute(update, going.company, row.id, parts)
    return [row.id for row, _ in quoting]


async def take_out_of_history(going: Going, place: str, select: str) -> list[UUID]:
    """The same for rows that can only be added: the database itself puts the gaps in, and nothing else.

    Gives the rows that have gaps now.
    """
    quoting = await _quoting(going, select)
    for row, parts in quoting:
        await execute("select erase_from_history($1, $2, $3, $4)", place, going.company, row.id, parts)
    return [row.id for row, _ in quoting]


async def _quoting(going: Going, select: str) -> list[tuple[Written, list[str]]]:
    if not going.said:
        return []
    rows = await fetch(Written, select, going.company)
    return await asyncio.to_thread(lambda: [(row, parts) for row in rows if (parts := _parts(row, going))])


def _parts(row: Written, going: Going) -> list[str]:
    """In JSON only in its texts, never across them."""
    if not row.words.startswith(("{", "[")):
        return quoted(row.words, going.said)
    try:
        told = msgspec.json.decode(row.words)
    except msgspec.DecodeError:
        return quoted(row.words, going.said)
    return sorted(
        {part for text in _texts(told) for part in quoted(text, going.said)}, key=lambda part: -len(part)
    )


def _texts(told: Any) -> Sequence[str]:
    if isinstance(told, str):
        return [told]
    if isinstance(told, dict):
        told = [*told.values()]
    return [text for one in told for text in _texts(one)] if isinstance(told, list) else []


async def _forget_failures(going: Going) -> None:
    """A job that failed may have left in its log what it worked on."""
    await execute(
        """update pgqueuer_log set traceback = null
           where traceback is not null
             and exists (select from unnest($1::text[]) as said where strpos(traceback::text, said) > 0)""",
        [text for text in going.texts if len(text) > 3],
    )


def _news(company: str | None, what: str) -> None:
    """Every process that shows pages clears what it remembers of texts by their words."""
    if company is None or what == ERASED:
        for forget in MEMORIES:
            forget()


LIVE.when_told(_news)
