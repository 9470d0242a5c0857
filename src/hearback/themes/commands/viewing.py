"""Searches that a member keeps, alone or for everybody."""

from datetime import datetime
from uuid import UUID

import asyncpg

from hearback.database.columns import new_id
from hearback.database.engine import execute, fetch_value, transaction
from hearback.people.audit import note_down
from hearback.refusals import NotFound, Refused

MOST_VIEWS = 50  # a member's own; a longer list is no help


async def keep_view(
    company_id: UUID, name: str, query: str, *, for_all: bool, by: UUID, now: datetime
) -> UUID:
    """query: what stands after the `?`. Raises Refused for a name that one's own views have already."""
    view_id = new_id()
    try:
        async with transaction():
            kept = await execute(
                """insert into saved_view (id, company, member, name, query, for_all, created_at)
                   select $1, $2, $3, $4, $5, $6, $7
                   where (select count(*) from saved_view where company = $2 and member = $3) < $8""",
                view_id,
                company_id,
                by,
                name,
                query,
                for_all,
                now,
                MOST_VIEWS,
            )
            if not kept:
                raise Refused("search.view.too-many", most=MOST_VIEWS)
            if for_all:
                after = {"name": name}
                await note_down(company_id, "view.kept", by=by, now=now, subject=view_id, after=after)
    except asyncpg.UniqueViolationError as error:
        raise Refused("search.view.name-taken", field="name") from error
    return view_id


async def drop_view(company_id: UUID, view_id: UUID, *, by: UUID, sorts: bool, now: datetime) -> None:
    """One's own; one for everybody also by whoever may sort. Raises NotFound for all others."""
    async with transaction():
        for_all = await fetch_value(
            """delete from saved_view where company = $1 and id = $2 and (member = $3 or (for_all and $4))
               returning for_all""",
            company_id,
            view_id,
            by,
            sorts,
        )
        if for_all is None:
            raise NotFound
        if for_all:
            await note_down(company_id, "view.dropped", by=by, now=now, subject=view_id)
