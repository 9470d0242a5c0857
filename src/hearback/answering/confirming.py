"""An answer that counts once its fan's mailbox has said yes. What is kept of an address afterwards is a keyed hash for
the question: that it has confirmed an answer, not which one, and not when."""

import hashlib
import hmac
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from msgspec import Struct

from hearback.answering import judging, recording
from hearback.clock import day_in
from hearback.database.columns import hidden_id
from hearback.database.engine import execute, fetch, fetch_column, fetch_one, fetch_value, transaction
from hearback.limits import bucket_key, count_try
from hearback.refusals import NotFound, TooMany
from hearback.trust.addresses import fan_address
from hearback.trust.integrity.rules import Flag
from hearback.trust.sealing import address_key, seal
from hearback.web.live import tell

WITHIN = timedelta(days=7)
MOST_OF_ADDRESS = (3, timedelta(days=1))
VOICES_KEPT = timedelta(days=30)  # after closing; who confirms by then came before it


class ToConfirm(Struct, frozen=True):
    """address: sealed."""

    address: bytes
    key: bytes


class Said(StrEnum):
    """What a mailbox's yes did. AGAIN: an answer from this address has been confirmed before, and one counts."""

    COUNTS = "counts"
    AGAIN = "again"


class Asked(Struct, frozen=True):
    """An answer that waits for its fan. title: of the question, in `language`."""

    question: UUID
    response: UUID
    address_key: bytes
    title: str
    language: str


class _Company(Struct, frozen=True):
    id: UUID
    timezone: str


async def to_confirm(company_id: UUID, typed: str, *, secret: str, now: datetime) -> ToConfirm | None:
    """Where to ask; None where this address was asked often enough today, whoever typed it: nobody outside can tell.

    Raises Refused for what is no address.
    """
    address = fan_address(typed)
    key = address_key(secret, company_id, address)
    most, window = MOST_OF_ADDRESS
    bucket = bucket_key(secret, "confirm address", f"{company_id}/{key.hex()}", now)
    try:
        await count_try(bucket, most=most, window=window, now=now)
    except TooMany:
        return None
    return ToConfirm(seal(secret, "address", address), key)


async def asked(company_id: UUID, unconfirmed_id: UUID) -> Asked:
    """Looking changes nothing: mail scanners open links. Raises NotFound once it is over."""
    found = await fetch_one(
        Asked,
        """select u.question, u.response, u.address_key, q.title, q.language from unconfirmed u
           join question q on q.company = u.company and q.id = u.question
           join response r on r.company = u.company and r.id = u.response
                and r.state in ('counted', 'held', 'set_aside')
           where u.company = $1 and u.id = $2""",
        company_id,
        unconfirmed_id,
    )
    if found is None:
        raise NotFound
    return found


async def confirm(company_id: UUID, unconfirmed_id: UUID, *, secret: str, now: datetime) -> Said:
    """The answer counts, also where the question has closed since: it came before. Twice changes nothing.

    Raises NotFound once it is over: waited too long, withdrawn, erased.
    """
    async with transaction():
        await fetch_value(
            "select id from unconfirmed where company = $1 and id = $2 for update", company_id, unconfirmed_id
        )
        if await said_before(company_id, unconfirmed_id):
            return Said.COUNTS
        found = await asked(company_id, unconfirmed_id)
        new = await execute(
            """insert into confirmed_voice (id, company, question, voice) values ($1, $2, $3, $4)
               on conflict (company, question, voice) do nothing""",
            hidden_id(),
            company_id,
            found.question,
            _voice(secret, found.question, found.address_key),
        )
        if not new:
            return Said.AGAIN
        await forget(company_id, [found.response])
        await execute(
            "update mail set cause = 'yes' where company = $1 and id = $2", company_id, unconfirmed_id
        )
        await _count(company_id, found, now=now)
    return Said.COUNTS


async def has_voice(company_id: UUID, question_id: UUID, key: bytes, *, secret: str) -> bool:
    """Whether an answer from this address has been confirmed. key: as address_key gives it."""
    there: bool = await fetch_value(
        "select exists (select from confirmed_voice where company = $1 and question = $2 and voice = $3)",
        company_id,
        question_id,
        _voice(secret, question_id, key),
    )
    return there


async def forget(company_id: UUID, response_ids: list[UUID]) -> None:
    """In the caller's transaction: nothing leads from these answers to a mailbox any more."""
    await execute(
        "delete from unconfirmed where company = $1 and response = any($2)", company_id, response_ids
    )


async def let_go_of_unconfirmed(now: datetime) -> None:
    """What waited for a week lies aside, for that reason; a member can still count it. Addresses go, and so does who
    confirmed, once nobody can any more. Doing it twice changes nothing."""
    for one in await fetch(_Company, "select id, timezone from company order by id"):
        async with transaction():
            aside = await fetch_column(
                """update response set state = 'set_aside'
                   where company = $1 and state = 'held' and flag = 'unconfirmed' and day < $2 returning id""",
                one.id,
                day_in(one.timezone, now) - WITHIN,
            )
            await execute(
                """delete from unconfirmed u using response r
                   where u.company = $1 and r.company = $1 and r.id = u.response
                     and (r.day < $2 or r.state in ('withdrawn', 'erased'))""",
                one.id,
                day_in(one.timezone, now) - WITHIN,
            )
            await execute(
                """delete from confirmed_voice v using question q
                   where v.company = $1 and q.company = $1 and q.id = v.question and q.closes_at < $2""",
                one.id,
                now - VOICES_KEPT,
            )
            await _shuffle(one.id)
            if aside:
                await recording.set_aside(one.id, dict.fromkeys(aside, Flag.UNCONFIRMED.value), now=now)
                await tell(one.id, "public")
                await tell(one.id, "desk")


async def _shuffle(company_id: UUID) -> None:
    """Voices are written anew in any order: else the database's own marks would tell which row came with which."""
    await execute(
        """with gone as (delete from confirmed_voice where company = $1 returning company, question, voice)
           insert into confirmed_voice (id, company, question, voice)
           select gen_random_uuid(), company, question, voice from gone order by random()""",
        company_id,
    )


async def said_before(company_id: UUID, unconfirmed_id: UUID) -> bool:
    """By the other click of a double click. The mail knows that it was answered, and of no answer."""
    there: bool = await fetch_value(
        """select exists (select from mail where company = $1 and id = $2 and kind = 'voice' and cause = 'yes')""",
        company_id,
        unconfirmed_id,
    )
    return there


async def _count(company_id: UUID, found: Asked, *, now: datetime) -> None:
    """Unless a member decided meanwhile. Now that it counts, it is looked at beside the others; the ledger says first
    that it counts, for a question that has closed has its sums written down there."""
    counted = await execute(
        """update response set state = 'counted', flag = ''
           where company = $1 and id = $2 and state = 'held' and flag = 'unconfirmed'""",
        company_id,
        found.response,
    )
    if counted:
        await recording.restored(company_id, [found.response], now=now)
        await judging.judge_again(company_id, found.question, found.response)
        await tell(company_id, "public")
        await tell(company_id, "desk")


def _voice(secret: str, question_id: UUID, key: bytes) -> bytes:
    """Of two questions nobody can tell whether it is the same."""
    return hmac.digest(secret.encode(), b"confirmed voice\0" + question_id.bytes + key, hashlib.sha256)
