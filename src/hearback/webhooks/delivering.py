"""Take what is due out of the outbox and carry it to its address."""

from collections.abc import Awaitable, Callable
from datetime import datetime

import structlog
from msgspec import Struct

from hearback.database.engine import execute, fetch_one, transaction
from hearback.people.audit import note_down
from hearback.refusals import NotFound
from hearback.settings import settings
from hearback.trust.sealing import OtherKey, unseal
from hearback.web.live import tell
from hearback.webhooks import outbox, reaching
from hearback.webhooks.outbox import Taken
from hearback.webhooks.reaching import NotReached
from hearback.webhooks.rules import MOST_TRIES, SWITCHED_OFF_AFTER, Way, signature
from hearback.webhooks.telling import body_of

Clock = Callable[[], datetime]
GONE = 410  # the address says that nobody will be there any more
NOBODY_THERE = "gone"
NOT_WRITTEN = "not-written"
log = structlog.get_logger()


class Letter(Struct, frozen=True):
    headers: dict[str, str]
    body: bytes


async def _for_webhook(taken: Taken, now: datetime) -> Letter:
    """Raises NotFound, OtherKey."""
    sealed = await fetch_one(
        _Secret, "select secret from webhook where company = $1 and id = $2", taken.company, taken.webhook
    )
    if sealed is None:
        raise NotFound
    body, timestamp = await body_of(taken), int(now.timestamp())
    secret = unseal(settings().secret_key, "webhook", sealed.secret)
    return Letter(
        {
            "content-type": "application/json",
            "user-agent": "Hearback",
            "webhook-id": str(taken.id),
            "webhook-timestamp": str(timestamp),
            "webhook-signature": signature(secret, str(taken.id), timestamp, body),
        },
        body,
    )


class _Secret(Struct, frozen=True):
    secret: bytes


WRITES: dict[str, Callable[[Taken, datetime], Awaitable[Letter]]] = {Way.WEBHOOK: _for_webhook}
"""Way → how what goes that way is written and signed. Later rooms add theirs."""

AFTERWARDS: dict[str, Callable[[Taken, str, datetime], Awaitable[None]]] = {}
"""Way → what is kept of an address once it was called; trouble: empty where it took what we said. Later rooms add."""


async def deliver_due(clock: Clock) -> int:
    """Everything that is due, one after the other; several workers never take the same. Gives how many were tried."""
    tried = 0
    while (taken := await outbox.take_one(clock())) is not None:
        await _deliver(taken, clock)
        tried += 1
    return tried


async def _deliver(taken: Taken, clock: Clock) -> None:
    status, trouble = None, ""
    if taken.tries > MOST_TRIES:  # each time whoever had it in hand died over it
        await outbox.has_failed(taken, None, NOT_WRITTEN)
        return
    try:
        letter = await WRITES[taken.way](taken, clock())
        reply = await reaching.call(
            "POST",
            taken.address,
            letter.headers,
            letter.body,
            private=settings().deliver_to_private_networks,
        )
        status, trouble = reply.status, "" if reply.taken else "not-taken"
    except NotReached as error:
        trouble = str(error)
    except OtherKey:
        trouble = "other-key"
    except NotFound:
        await outbox.has_failed(taken, None, NOBODY_THERE)
        return
    except Exception:
        # One that nobody foresaw must neither hold up what waits behind it nor be tried for ever.
        log.exception("delivery.not_written", delivery=taken.id, way=taken.way)
        await outbox.try_again(taken, None, NOT_WRITTEN, clock())
        return
    if not trouble and status is not None:
        await outbox.was_sent(taken, status)
    elif status == GONE:
        trouble = NOBODY_THERE
        await outbox.has_failed(taken, status, trouble)
    else:
        await outbox.try_again(taken, status, trouble, clock())
    await AFTERWARDS[taken.way](taken, trouble, clock())
    log.info("delivery.tried", delivery=taken.id, way=taken.way, status=status, trouble=trouble)


async def _mark_webhook(taken: Taken, trouble: str, now: datetime) -> None:
    """After days in which nothing got through it is switched off, and everybody on the desk can see it."""
    await execute(
        """update webhook set failing_since = case when $3 then coalesce(failing_since, $4) end
           where company = $1 and id = $2 and active""",
        taken.company,
        taken.webhook,
        bool(trouble),
        now,
    )
    async with transaction():
        off = await execute(
            """update webhook w set active = false, given_up_on = ($3 at time zone c.timezone)::date from company c
               where w.company = $1 and w.id = $2 and c.id = $1 and w.active and w.failing_since <= $4""",
            taken.company,
            taken.webhook,
            now,
            now - SWITCHED_OFF_AFTER,
        )
        if off:
            await note_down(taken.company, "webhook.given-up", by=None, now=now, subject=taken.webhook)
            await tell(taken.company, "desk")


AFTERWARDS[Way.WEBHOOK] = _mark_webhook
