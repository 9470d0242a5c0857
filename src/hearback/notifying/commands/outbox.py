"""The outbox: what is to be sent is put in with its cause, and taken out once.

A mail that a dead worker held is sent again as long as its text had not begun to leave us; after that nobody knows,
so it is marked and stays.
"""

from datetime import datetime, timedelta
from uuid import UUID

from hearback.database.columns import hidden_id
from hearback.database.engine import execute, fetch_one, fetch_value, transaction
from hearback.notifying.rules import LONGEST_WAIT, MOST_TRIES, MailKind, Trouble, wait_after
from hearback.notifying.writing import Order

LEASE = timedelta(minutes=5)
STALE_AFTER = timedelta(days=14)


class Taken(Order, frozen=True):
    """An order that this worker alone has in hand."""

    follower: UUID | None
    tries: int


async def put_in(
    company_id: UUID,
    follower_id: UUID,
    kind: MailKind,
    cause: str,
    *,
    now: datetime,
    mail_id: UUID | None = None,
    note: UUID | None = None,
    promise: UUID | None = None,
    signed_by: UUID | None = None,
) -> None:
    """In the transaction of its cause, which also queues `notifying.send`. A second time the same changes nothing."""
    await execute(
        """insert into mail (id, company, follower, kind, cause, note, promise, signed_by, due_at, "on")
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
           on conflict (company, follower, kind, cause) do nothing""",
        mail_id or hidden_id(),
        company_id,
        follower_id,
        kind.value,
        cause,
        note,
        promise,
        signed_by,
        now,
        now.date(),
    )


async def take_one(now: datetime) -> Taken | None:
    """The mail that has waited longest, of a company that sends mails at all."""
    return await fetch_one(
        Taken,
        """update mail set state = 'sending', tries = tries + 1, due_at = $2, "on" = $3
           where id = (select m.id from mail m
                       join mail_setup s on s.company = m.company and s.active
                       where m.state = 'waiting' and m.due_at <= $1
                         and not exists (select from follower f where f.company = m.company and f.id = m.follower
                                         and m.kind <> 'confirm' and f.sent >= f.most)
                       order by m.due_at, m.id limit 1 for update of m skip locked)
           returning id, company, kind, cause, note, promise, signed_by, follower, tries""",
        now,
        now + LEASE,
        now.date(),
    )


async def begin_handing(mail: Taken, now: datetime) -> bool:
    """From here on it may have arrived. False: somebody else thinks we died."""
    return bool(
        await execute(
            "update mail set state = 'handing', due_at = $2 where id = $1 and state = 'sending'",
            mail.id,
            now + LEASE,
        )
    )


async def was_sent(mail: Taken) -> None:
    """The address is forgotten when it was the last mail that was promised."""
    async with transaction():
        await execute("update mail set state = 'sent', due_at = null, trouble = '' where id = $1", mail.id)
        await _forget_address(mail)


async def is_unsure(mail: Taken, trouble: str) -> None:
    """It may have arrived; sending it again might be one too many."""
    async with transaction():
        await execute(
            "update mail set state = 'unsure', due_at = null, trouble = $2 where id = $1",
            mail.id,
            trouble[:300],
        )
        await _forget_address(mail)


async def try_again(mail: Taken, trouble: str, now: datetime) -> None:
    """Later, less and less often; after the last try it has failed."""
    if mail.tries >= MOST_TRIES:
        await has_failed(mail, trouble)
        return
    await execute(
        "update mail set state = 'waiting', due_at = $2, trouble = $3 where id = $1",
        mail.id,
        now + wait_after(mail.tries),
        trouble[:300],
    )


async def has_failed(mail: Taken, trouble: str) -> None:
    await execute(
        "update mail set state = 'failed', due_at = null, trouble = $2 where id = $1",
        mail.id,
        trouble[:300],
    )
    await _forget_asked(mail)


async def is_void(mail: Taken) -> None:
    """There is nothing to say any more; it does not count as one of those promised."""
    async with transaction():
        await execute("update mail set state = 'waiting' where id = $1", mail.id)
        await execute("delete from mail where id = $1", mail.id)
        await _forget_asked(mail)


async def give_up_on_the_dead(now: datetime) -> None:
    """What a worker held that died is sent by another, or, once its text may have left us, marked.

    What is due later than we ever wait was put in by a clock that ran ahead: it is due now.
    """
    await execute(
        "update mail set due_at = $1 where due_at > $2",
        now - timedelta(seconds=1),
        now + LONGEST_WAIT + LEASE,
    )
    await execute(
        """update mail set state = case when tries >= $2 then 'failed' else 'waiting' end, trouble = 'worker-died'
           where state = 'sending' and due_at < $1""",
        now,
        MOST_TRIES,
    )
    await execute(
        """update mail set state = 'unsure', due_at = null, trouble = 'worker-died'
           where state = 'handing' and due_at < $1""",
        now,
    )
    await execute(
        """update mail set state = 'failed', due_at = null, trouble = 'too-old'
           where state = 'waiting' and "on" < $1""",
        (now - STALE_AFTER).date(),
    )
    await execute(
        """update unconfirmed u set address = null from mail m
           where u.address is not null and m.company = u.company and m.id = u.id and m.state in ('unsure', 'failed')"""
    )


async def silence(company_id: UUID, address_key: bytes, why: Trouble, *, now: datetime) -> None:
    """No mail of this company goes to this address any more, whoever asks for it."""
    await execute(
        """insert into mail_silence (id, company, address_key, why, "on") values ($1, $2, $3, $4, $5)
           on conflict (company, address_key) do nothing""",
        hidden_id(),
        company_id,
        address_key,
        why.value,
        now.date(),
    )
    await execute(
        """delete from mail where company = $1 and state = 'waiting' and follower in (
               select id from follower where company = $1 and address_key = $2)""",
        company_id,
        address_key,
    )
    await execute("delete from follower where company = $1 and address_key = $2", company_id, address_key)


async def forget_follower(company_id: UUID, follower_id: UUID) -> None:
    """The address is deleted, and what still waits for it; doing it twice changes nothing."""
    await execute(
        "delete from mail where company = $1 and follower = $2 and state = 'waiting'", company_id, follower_id
    )
    await execute("delete from follower where company = $1 and id = $2", company_id, follower_id)


async def address_key_of(company_id: UUID, mail_id: UUID) -> bytes | None:
    """The key of the address that it goes to; None once that is deleted."""
    key: bytes | None = await fetch_value(
        """select f.address_key from mail m join follower f on f.company = m.company and f.id = m.follower
           where m.company = $1 and m.id = $2
           union all select address_key from unconfirmed where company = $1 and id = $2""",
        company_id,
        mail_id,
    )
    return key


async def _forget_address(mail: Taken) -> None:
    """Of whoever has heard all that was promised, and of an answer that was asked about."""
    await _forget_asked(mail)
    if mail.follower is not None:
        await execute(
            "delete from follower where company = $1 and id = $2 and sent >= most",
            mail.company,
            mail.follower,
        )


async def _forget_asked(mail: Taken) -> None:
    """It asked whether an answer is somebody's, and will not ask again."""
    await execute(
        "update unconfirmed set address = null where company = $1 and id = $2", mail.company, mail.id
    )
