"""How hot an answer runs: felt once by the worker, and once more when its words have changed."""

import asyncio
from uuid import UUID

from msgspec import Struct

from hearback.database.engine import execute, fetch, fetch_column, transaction
from hearback.moderation.rules import HOT, heat
from hearback.web.live import tell

AT_ONCE = 500


class _NotFelt(Struct, frozen=True):
    id: UUID
    words: list[str]


async def feel_heat() -> None:
    """Of every answer whose heat nobody knows yet. Doing it twice changes nothing."""
    for company_id in await fetch_column(
        """select distinct company from response
           where heat is null and not test and state in ('counted', 'held', 'set_aside')"""
    ):
        while await _feel_some(company_id) == AT_ONCE:
            pass


async def feel_anew(company_id: UUID, response_id: UUID) -> None:
    """In the caller's transaction, whose words are others now."""
    await execute("update response set heat = null where company = $1 and id = $2", company_id, response_id)


async def _feel_some(company_id: UUID) -> int:
    """Gives how many. Whoever changes the words meanwhile waits that long, so that no heat is of other words."""
    async with transaction():
        found = await fetch(
            _NotFelt,
            """select r.id, array(select a.words from answer a
                                  where a.company = r.company and a.response = r.id and a.words <> '') as words
               from response r
               where r.company = $1 and r.heat is null and not r.test and r.state in ('counted', 'held', 'set_aside')
               limit $2 for update skip locked""",
            company_id,
            AT_ONCE,
        )
        degrees = await asyncio.to_thread(lambda: [heat(one.words).degrees for one in found])
        await execute(
            """update response r set heat = felt.heat from unnest($2::uuid[], $3::smallint[]) as felt (id, heat)
               where r.company = $1 and r.id = felt.id""",
            company_id,
            [one.id for one in found],
            degrees,
        )
        if any(one >= HOT for one in degrees):
            await tell(company_id, "desk")
    return len(found)
