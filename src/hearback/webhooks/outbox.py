"""What is to be delivered is put in with its cause, taken out by one worker, and tried less and less often."""

from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct

from hearback.database.columns import new_id
from hearback.database.engine import execute, fetch_one
from hearback.webhooks.rules import KEPT, LONGEST_WAIT, MOST_TRIES, Way, wait_after

LEASE = timedelta(minutes=2)


class Taken(Struct, frozen=True):
    """A delivery that this worker alone has in hand. tries: this one included."""

    id: UUID
    company: UUID
    way: str
    webhook: UUID | None
    address: str
    kind: str
    cause: str
    note: UUID | None
    body: str
    tries: int

    @property
    def is_last_try(self) -> bool:
        return self.tries >= MOST_TRIES


async def put_in(
    company_id: UUID,
    way: Way,
    address: str,
    kind: str,
    cause: str,
    *,
    now: datetime,
    webhook: UUID | None = None,
    note: UUID | None = None,
    body: str = "",
) -> None:
    """In the transaction of its cause, which also queues `webhooks.deliver`. A second time the same changes nothing."""
    await execute(
        """insert into delivery (id, company, way, webhook, address, kind, cause, note, body, due_at, "on")
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10,
                   (select ($10 at time zone timezone)::date from company where id = $2))
           on conflict (company, way, address, cause) do nothing""",
        new_id(),
        company_id,
        way.value,
        webhook,
        address,
        kind,
        cause,
        note,
        body,
        now,
    )


async def take_one(now: datetime) -> Taken | None:
    """The one that has waited longest, or that a dead worker held. What a webhook misses while it is off, waits.

    What is due later than we ever wait was put in by a clock that ran ahead: it is due now.
    """
    return await fetch_one(
        Taken,
        """update delivery set state = 'sending', tries = tries + 1, due_at = $2
           where id = (select d.id from delivery d
                       left join webhook w on w.company = d.company and w.id = d.webhook
                       where d.state in ('waiting', 'sending') and (d.due_at <= $1 or d.due_at > $3)
                         and (d.webhook is null or w.active)
                       order by d.due_at, d.id limit 1 for update of d skip locked)
           returning id, company, way, webhook, address, kind, cause, note, body, tries""",
        now,
        now + LEASE,
        now + LONGEST_WAIT + LEASE,
    )


async def was_sent(taken: Taken, status: int) -> None:
    await execute(
        """update delivery set state = 'sent', due_at = null, status = $3, trouble = ''
           where company = $1 and id = $2""",
        taken.company,
        taken.id,
        status,
    )


async def try_again(taken: Taken, status: int | None, trouble: str, now: datetime) -> None:
    """Later, less and less often; everything else for the same address waits as long, so that one dead machine keeps
    nobody else waiting. After the last try it has failed."""
    if taken.is_last_try:
        await has_failed(taken, status, trouble)
        return
    again = now + wait_after(taken.tries)
    await execute(
        """update delivery set state = 'waiting', due_at = $3, status = $4, trouble = $5
           where company = $1 and id = $2""",
        taken.company,
        taken.id,
        again,
        status,
        trouble,
    )
    await execute(
        """update delivery set due_at = greatest(due_at, $4)
           where company = $1 and way = $2 and address = $3 and state = 'waiting'""",
        taken.company,
        taken.way,
        taken.address,
        again,
    )


async def has_failed(taken: Taken, status: int | None, trouble: str) -> None:
    await execute(
        "update delivery set state = 'failed', due_at = null, status = $3, trouble = $4 where company = $1 and id = $2",
        taken.company,
        taken.id,
        status,
        trouble,
    )


async def let_go(now: datetime) -> None:
    """What is over is kept for a month, to be looked up; what nobody took in that time is no news any more.

    That words are gone is no news but owed: as long as a webhook stands, it is to hear of it.
    """
    await execute(
        """delete from delivery
           where "on" < $1 and (webhook is null or kind <> 'note.erased' or state = 'sent' or trouble = 'gone')""",
        (now - KEPT).date(),
    )


async def try_erasures_anew(company_id: UUID, webhook_id: UUID, now: datetime) -> None:
    """Those that were given up before the webhook was switched off."""
    await execute(
        """update delivery set state = 'waiting', due_at = $3, tries = 0
           where company = $1 and webhook = $2 and kind = 'note.erased' and state = 'failed' and trouble <> 'gone'""",
        company_id,
        webhook_id,
        now,
    )
