"""Which voices a member has had before them."""

from datetime import date
from uuid import UUID

from hearback.database.engine import execute


async def voices_shown(company_id: UUID, excerpt_ids: list[UUID], *, to: UUID, on: date) -> None:
    """Remember that these stood on a member's page. Doing it twice is once."""
    await execute(
        """insert into voice_shown (id, company, excerpt, member, "on")
           select gen_random_uuid(), $1, id, $3, $4 from excerpt where company = $1 and id = any($2)
           on conflict (company, member, excerpt) do nothing""",
        company_id,
        excerpt_ids,
        to,
        on,
    )
