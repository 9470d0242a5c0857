"""How a company sends, and what is in trouble."""

from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from hearback.database.engine import fetch, fetch_one, fetch_value


class Setup(Struct, frozen=True):
    """password: sealed; None where there is none."""

    active: bool = False
    host: str = ""
    port: int = 587
    tls: str = "starttls"
    login: str = ""
    password: bytes | None = None
    sender: str = ""
    reply_to: str = ""
    bounces_to: str = ""
    dkim_selector: str = ""
    check_back_weeks: int = 4
    reopen_percent: int = 30


class InTrouble(Struct, frozen=True):
    """A mail that is not on its way as it should be."""

    id: UUID
    kind: str
    state: str
    trouble: str
    tries: int
    on: date


class OutboxSums(Struct, frozen=True):
    followers: int
    waiting: int
    sent: int
    unsure: int
    failed: int
    silenced: int


async def setup(company_id: UUID) -> Setup:
    """Without mail where nobody set it up."""
    found = await fetch_one(
        Setup,
        """select active, host, port, tls, login, password, sender, reply_to, bounces_to, dkim_selector,
                  check_back_weeks, reopen_percent
           from mail_setup where company = $1""",
        company_id,
    )
    return found or Setup()


async def mail_is_on(company_id: UUID) -> bool:
    return bool(await fetch_value("select active from mail_setup where company = $1", company_id))


async def mail_is_needed(company_id: UUID, now: datetime) -> bool:
    """While answers to an open question are confirmed by mail."""
    return bool(
        await fetch_value(
            """select exists (select from question where company = $1 and level = 'confirmed' and state = 'open'
                              and closes_at > $2)""",
            company_id,
            now,
        )
    )


async def in_trouble(company_id: UUID, *, limit: int = 20) -> list[InTrouble]:
    """Newest first: what may or may not have arrived, what failed, and what is being tried again."""
    return await fetch(
        InTrouble,
        """select id, kind, state, trouble, tries, "on" from mail
           where company = $1 and (state in ('unsure', 'failed') or state = 'waiting' and tries > 0)
           order by "on" desc, id limit $2""",
        company_id,
        limit,
    )


async def outbox(company_id: UUID) -> OutboxSums:
    found = await fetch_one(
        OutboxSums,
        """select (select count(*) from follower where company = $1 and confirmed_on is not null) as followers,
                  count(*) filter (where state in ('waiting', 'sending', 'handing')) as waiting,
                  count(*) filter (where state = 'sent') as sent,
                  count(*) filter (where state = 'unsure') as unsure,
                  count(*) filter (where state = 'failed') as failed,
                  (select count(*) from mail_silence where company = $1) as silenced
           from mail where company = $1""",
        company_id,
    )
    return found or OutboxSums(0, 0, 0, 0, 0, 0)
