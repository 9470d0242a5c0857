"""After a restore of an older backup: nobody is told twice, and who wanted no more mails since still gets none."""

from collections.abc import Sequence
from uuid import UUID

import asyncpg

from hearback.database.engine import connection_config, execute, fetch_column, transaction
from hearback.notifying.commands.outbox import forget_follower


async def who_follows(owner_url: str) -> list[UUID] | None:
    """Random ids of those whose addresses the database holds now; None where it knows of none, or is new."""
    connection = await asyncpg.connect(**connection_config(owner_url, role=None))
    try:
        if await connection.fetchval("select to_regclass('public.follower')") is None:
            return None
        return [row[0] for row in await connection.fetch("select id from follower")]
    finally:
        await connection.close()


async def make_up_for(following: Sequence[UUID] | None) -> int:
    """What waited in the backup may have been sent since, so it is not sent. Gives how many addresses were forgotten.

    following: those whose addresses we held before the restore; the others stopped it since. None: not known.
    """
    async with transaction():
        await execute(
            """update mail set state = case state when 'handing' then 'unsure' else 'failed' end, due_at = null,
                      trouble = 'restored'
               where state in ('waiting', 'sending', 'handing')"""
        )
        if following is None:
            return 0
        gone = await fetch_column("select company from follower where not id = any($1)", list(following))
        for company in set(gone):
            for follower in await fetch_column(
                "select id from follower where company = $1 and not id = any($2)", company, list(following)
            ):
                await forget_follower(company, follower)
    return len(gone)
