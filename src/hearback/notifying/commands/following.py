"""Somebody wants to be told, says so once more from their mailbox, and stops it with one click."""

from datetime import date, datetime, timedelta
from uuid import UUID

from hearback.database.columns import hidden_id
from hearback.database.engine import execute, fetch_value, transaction
from hearback.jobs import do_later
from hearback.limits import bucket_key, count_try
from hearback.notifying import queries
from hearback.notifying.commands import outbox
from hearback.notifying.rules import CONFIRM_WITHIN, LONGEST_KEPT, MOST, MailKind, What
from hearback.refusals import NotFound, TooMany
from hearback.trust.sealing import address_key, seal

MOST_OF_NETWORK = (20, timedelta(hours=1))
STAYS_ON_PAGE = timedelta(days=60)
MOST_OF_ADDRESS = (3, timedelta(days=1))


async def ask_to_follow(
    company_id: UUID,
    address: str,
    *,
    secret: str,
    network: str,
    language: str,
    now: datetime,
    response: UUID | None = None,
    question: UUID | None = None,
    theme: UUID | None = None,
    digest: bool = False,
    corrections: bool = False,
) -> None:
    """One mail that asks whether it was they. Whatever we know of the address, nobody can tell from here.

    address: as fan_address gives it. Raises TooMany, for the network only.
    """
    most, window = MOST_OF_NETWORK
    await count_try(bucket_key(secret, "follow", network, now), most=most, window=window, now=now)
    key = address_key(secret, company_id, address)
    if await queries.silenced(company_id, key) or not await _may_be_asked(company_id, key, secret, now):
        return
    what = What.ANSWER if response else What.QUESTION if question else What.THEME if theme else What.LOG
    async with transaction():
        follower_id: UUID | None = await fetch_value(
            """insert into follower (id, company, what, response, question, theme, language, address, address_key,
                                     digest, corrections, most, asked_on)
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
               on conflict do nothing returning id""",
            hidden_id(),
            company_id,
            what.value,
            response,
            question,
            theme,
            language,
            seal(secret, "address", address),
            key,
            digest and what is not What.ANSWER,
            corrections,
            MOST[what],
            now.date(),
        )
        if follower_id is not None:
            signer = await queries.who_signs(company_id, follower_id)
            await outbox.put_in(
                company_id,
                follower_id,
                MailKind.CONFIRM,
                "asked",
                now=now,
                mail_id=follower_id,  # the root of the thread of all mails to this follower
                signed_by=signer,
            )
            await do_later("notifying.send")


async def confirm(company_id: UUID, follower_id: UUID, *, today: date) -> None:
    """Raises NotFound when the request ended, or the address is deleted. Twice changes nothing."""
    if not await execute(
        """update follower set confirmed_on = coalesce(confirmed_on, $3)
           where company = $1 and id = $2 and (confirmed_on is not null or asked_on >= $4)""",
        company_id,
        follower_id,
        today,
        today - CONFIRM_WITHIN,
    ):
        raise NotFound


async def stop(company_id: UUID, follower_id: UUID) -> None:
    """The address is deleted and nothing is sent to it; twice changes nothing."""
    async with transaction():
        await outbox.forget_follower(company_id, follower_id)


async def stop_for_response(company_id: UUID, response_id: UUID) -> None:
    """In the fan's hand, or because the answer is erased: whoever was told of it is told no more."""
    async with transaction():
        for follower in await queries.followers_of_response(company_id, response_id):
            await outbox.forget_follower(company_id, follower.id)


async def purge(*, today: date) -> None:
    """Who did not confirm is forgotten, and who was kept for a year; so is what was sent long ago."""
    unconfirmed, oldest = today - CONFIRM_WITHIN, today - LONGEST_KEPT
    async with transaction():
        await execute(
            """delete from mail where state = 'waiting' and follower in (
                   select id from follower
                   where confirmed_on is null and asked_on < $1 or confirmed_on < $2)""",
            unconfirmed,
            oldest,
        )
        await execute(
            "delete from follower where confirmed_on is null and asked_on < $1 or confirmed_on < $2",
            unconfirmed,
            oldest,
        )
        await execute(
            """delete from mail where state in ('sent', 'failed', 'unsure') and "on" < $1
               and (follower is null or kind = 'digest')""",
            today - STAYS_ON_PAGE,
        )


async def _may_be_asked(company_id: UUID, key: bytes, secret: str, now: datetime) -> bool:
    """An address gets few such mails a day, whoever asks; a company has no other way to bother somebody."""
    most, window = MOST_OF_ADDRESS
    try:
        await count_try(
            bucket_key(secret, "follow address", f"{company_id}/{key.hex()}", now),
            most=most,
            window=window,
            now=now,
        )
    except TooMany:
        return False
    return True
