"""What fans took back, as a list that outlives the database: after a restore of an older backup it is done again.

Random ids and days only: the list tells nothing of what was said, nor by whom.
"""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from itertools import groupby
from operator import attrgetter
from uuid import UUID

import asyncpg
from msgspec import Struct

from hearback.answering import erasing, recording
from hearback.database.engine import connection_config, execute, fetch_column, transaction
from hearback.people.audit import note_down


class What(StrEnum):
    """In the order in which they are done again."""

    ERASED = "erased"
    WITHDRAWN = "withdrawn"
    UNQUOTED = "unquoted"


class TakenBack(Struct, frozen=True):
    company: UUID
    what: What
    on: date
    response: UUID


# A database from before these columns, or with none of our tables, is asked as well: it is what a restore replaces.
TAKEN_BACK = """
select company, what, coalesce((told->>(case what when 'unquoted' then 'consent_on' else 'ended_on' end))::date,
                               current_date) as "on", id as response
from (select company, id, to_jsonb(r) as told,
             case when state in ('erased', 'withdrawn') then state
                  when quoting = 'no' and to_jsonb(r)->>'consent_on' is not null then 'unquoted' end as what
      from response r) as of
where what is not null order by company, what, "on", id"""


async def taken_back(owner_url: str) -> list[TakenBack]:
    """Everything that fans of all companies erased, withdrew, or no longer let us quote."""
    connection = await asyncpg.connect(**connection_config(owner_url, role=None))
    try:
        if await connection.fetchval("select to_regclass('public.response')") is None:
            return []
        rows = await connection.fetch(TAKEN_BACK)
    finally:
        await connection.close()
    return [TakenBack(row["company"], What(row["what"]), row["on"], row["response"]) for row in rows]


async def take_back_again(taken: Sequence[TakenBack], *, now: datetime) -> int:
    """Gives how many had come back. Doing it twice changes nothing."""
    done = 0
    for (company_id, what, on), group in groupby(sorted(set(taken), key=KEY), key=KEY):
        async with transaction():
            ids = await fetch_column(
                """select id from response where company = $1 and id = any($2)
                   and case $3 when 'unquoted' then quoting <> 'no' and state <> 'erased'
                               when 'withdrawn' then state not in ('withdrawn', 'erased')
                               else state <> 'erased' end""",
                company_id,
                [one.response for one in group],
                what.value,
            )
            if ids:
                await _again(company_id, what, ids, on=on)
                await note_down(
                    company_id, "answers.taken-back-again", by=None, now=now, after={"n": len(ids)}
                )
        done += len(ids)
    return done


KEY = attrgetter("company", "what", "on")


async def _again(company_id: UUID, what: What, ids: list[UUID], *, on: date) -> None:
    if what is What.ERASED:
        await erasing.erase(company_id, ids, today=on)
        return
    await execute(
        """update response set quoting = 'no', first_name = '', place = '',
                  state = case $3 when 'withdrawn' then 'withdrawn' else state end,
                  ended_on = case $3 when 'withdrawn' then $4 else ended_on end,
                  consent_on = case $3 when 'unquoted' then $4 else consent_on end
           where company = $1 and id = any($2)""",
        company_id,
        ids,
        what.value,
        on,
    )
    if what is What.WITHDRAWN:
        await recording.withdrawn(company_id, ids, day=on)
