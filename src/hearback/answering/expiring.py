"""Words that were kept as long as was said are let go of, day by day; what was counted stays counted."""

from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from hearback.answering.erasing import let_expire
from hearback.clock import day_in
from hearback.database.engine import fetch, fetch_column, transaction
from hearback.people.audit import note_down

AT_ONCE = 1000  # responses in one transaction: what members wrote is looked through once for all of them


class _Of(Struct, frozen=True):
    company: UUID
    timezone: str


async def let_go_of_old(now: datetime) -> int:
    """In every company, by its own calendar; gives how many lost their words. Doing it twice changes nothing."""
    done = 0
    for one in await fetch(_Of, "select id as company, timezone from company order by id"):
        today = day_in(one.timezone, now)
        while ids := await _old(one.company, today):
            async with transaction():
                await let_expire(one.company, ids, today=today)
                await note_down(one.company, "answers.expired", by=None, now=now, after={"n": len(ids)})
            done += len(ids)
    return done


async def _old(company_id: UUID, today: date) -> list[UUID]:
    return await fetch_column(
        """select r.id from response r join question q on q.company = r.company and q.id = r.question
           where r.company = $1 and r.words_gone_on is null and r.state <> 'erased' and not r.test
             and r.day + make_interval(months => q.keep_months) <= $2
           order by r.day, r.id limit $3""",
        company_id,
        today,
        AT_ONCE,
    )
