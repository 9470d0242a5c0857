"""Command: tell the owner of a promise before it turns red, and leadership when it has."""

from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from hearback.clock import day_in
from hearback.database.engine import execute, fetch, transaction
from hearback.jobs import do_later
from hearback.promises.rules import DUE_WITHIN_DAYS, Whom, whom_to_tell
from hearback.web.live import tell

MARK = {
    Whom.OWNER: """update promise set owner_told_on = $3
                   where company = $1 and id = $2 and owner_told_on is null""",
    Whom.LEADERS: """update promise set leaders_told_on = $3
                     where company = $1 and id = $2 and leaders_told_on is null""",
}
NEWS = {Whom.OWNER: "notifying.promise_near", Whom.LEADERS: "notifying.promise_late"}
# The day of a company is at most one ahead of the server's.
SOON_DAYS = DUE_WITHIN_DAYS + 1


class _Watched(Struct, frozen=True):
    """A promise that holds and may be near or late. handed: its owner is not who made it."""

    id: UUID
    company: UUID
    timezone: str
    made_at: datetime
    handed: bool
    due_on: date
    owner_told: bool
    leaders_told: bool


async def watch(*, now: datetime) -> None:
    """Each promise by the days of its company. Safe to do twice: who was told once is not told again."""
    await _look_at(await fetch(_Watched, WATCHED, None, None, now.date(), SOON_DAYS), now)


async def watch_these(company_id: UUID, promise_ids: list[UUID], *, now: datetime) -> None:
    """The same for some, without waiting for the hour."""
    await _look_at(await fetch(_Watched, WATCHED, company_id, promise_ids, now.date(), SOON_DAYS), now)


async def _look_at(found: list[_Watched], now: datetime) -> None:
    for one in found:
        today = day_in(one.timezone, now)
        whom = whom_to_tell(
            one.due_on,
            None if one.handed else day_in(one.timezone, one.made_at),
            today,
            owner_told=one.owner_told,
            leaders_told=one.leaders_told,
        )
        if whom is not None:
            await _tell(one, whom, today)


async def _tell(one: _Watched, whom: Whom, today: date) -> None:
    async with transaction():
        if await execute(MARK[whom], one.company, one.id, today):
            await do_later(NEWS[whom], company_id=one.company, promise_id=one.id)
            await tell(one.company, "desk")


# $1, $2: null, null for the promises of all companies.
WATCHED = """
select p.id, p.company, c.timezone, p.made_at, p.owner <> p.made_by as handed, p.due_on,
       p.owner_told_on is not null as owner_told, p.leaders_told_on is not null as leaders_told
from promise p join company c on c.id = p.company
where ($1::uuid is null or p.company = $1) and ($2::uuid[] is null or p.id = any($2))
  and p.kept_on is null and p.broken_on is null and p.leaders_told_on is null
  and p.due_on <= $3::date + $4::int
  and not exists (select from promise n where n.company = p.company and n.instead_of = p.id)
order by p.due_on, p.id
"""
