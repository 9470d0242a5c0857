"""Take what is due out of the outbox and hand it to the company's mail server."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from urllib.parse import urlsplit

import structlog

from hearback.database.engine import transaction
from hearback.notifying import queries
from hearback.notifying.commands import outbox
from hearback.notifying.commands.outbox import Taken
from hearback.notifying.letters import Envelope, Letter, as_message
from hearback.notifying.postman import Conversation, NotTaken, Server, Unsure, deliver
from hearback.notifying.promising import promise_letter
from hearback.notifying.queries import Setup
from hearback.notifying.rules import MailKind, Trouble
from hearback.notifying.voicing import Written, voice_letter
from hearback.notifying.writing import Desk, NothingToSay, letter_for, one_click_url
from hearback.people.queries import company_by_slug
from hearback.refusals import NotFound
from hearback.settings import Settings, settings
from hearback.trust.sealing import OtherKey, unseal
from hearback.words.speaking import Words, words_for

Clock = Callable[[], datetime]
# Shorter than the lease: who sends knows before anybody else that it takes too long.
MOST_S = outbox.LEASE.total_seconds() - 60
NOT_WRITTEN = "not-written"
log = structlog.get_logger()
# Mails of no list and no thread: to a fan about one answer, and to members about their own work.
ALONE: dict[str, Callable[..., Awaitable[Written]]] = {
    MailKind.VOICE: voice_letter,
    MailKind.PROMISE_NEAR: promise_letter,
    MailKind.PROMISE_LATE: promise_letter,
}


async def send_due(clock: Clock) -> int:
    """Everything that is due, one after the other; several workers never take the same. Gives how many were tried."""
    await outbox.give_up_on_the_dead(clock())
    tried = 0
    while (mail := await outbox.take_one(clock())) is not None:
        await _send(mail, clock)
        tried += 1
    return tried


async def _send(mail: Taken, clock: Clock) -> None:
    handed = False

    async def handing() -> None:
        nonlocal handed
        if not await outbox.begin_handing(mail, clock()):
            raise NotTaken("too-slow")
        handed = True

    try:
        async with asyncio.timeout(MOST_S):
            await _deliver(mail, clock(), handing)
    except NothingToSay:
        await outbox.is_void(mail)
    except OtherKey:
        await outbox.has_failed(mail, "other-key")
    except NotTaken as refusal:
        await _not_taken(mail, refusal, clock())
    except (Unsure, TimeoutError) as error:
        if handed:
            await outbox.is_unsure(mail, "dropped" if isinstance(error, Unsure) else "too-slow")
        else:
            await outbox.try_again(mail, "too-slow", clock())
    except Exception:
        # One that nobody foresaw must neither hold up what waits behind it nor be tried for ever.
        log.exception("mail.not_written", mail=mail.id, kind=mail.kind)
        if handed:
            await outbox.is_unsure(mail, NOT_WRITTEN)
        else:
            await outbox.try_again(mail, NOT_WRITTEN, clock())
    else:
        await outbox.was_sent(mail)
    log.info("mail.tried", mail=mail.id, kind=mail.kind)


async def _deliver(mail: Taken, now: datetime, handing: Callable[[], Awaitable[None]]) -> None:
    given = settings()
    setup = await queries.setup(mail.company)
    write = _alone if mail.kind in ALONE else _told
    letter, around, words = await write(mail, setup, given, now)
    message = as_message(letter, around, words)
    server = server_of(setup, given)
    await deliver(
        server,
        message,
        Conversation(server),
        sender=setup.bounces_to or setup.sender,
        to=around.to,
        me=own_host(given),
        handing=handing,
    )


async def _told(mail: Taken, setup: Setup, given: Settings, now: datetime) -> tuple[Letter, Envelope, Words]:
    """What a follower is told of."""
    desk, address = await _desk(mail, given, now)
    letter = await letter_for(mail, desk)
    signer = letter.signer.name if letter.signer else ""
    return letter, envelope(mail, desk, setup, address, signer), desk.words


async def _alone(mail: Taken, setup: Setup, given: Settings, now: datetime) -> tuple[Letter, Envelope, Words]:
    """Of no list and no thread."""
    write = ALONE[mail.kind]
    written = await write(mail.company, mail.id, base_url=given.base_url, secret=given.secret_key)
    letter, company = written.letter, written.company
    around = Envelope(
        to=written.address,
        sender=setup.sender,
        sender_name=f"{letter.signer.name}, {company.name}" if letter.signer else company.name,
        reply_to=setup.reply_to,
        message_id=f"{mail.id}@{own_host(given)}",
        thread="",
        list_id="",
        one_click="",
        at=now,
    )
    return letter, around, written.words


async def _desk(mail: Taken, given: Settings, now: datetime) -> tuple[Desk, str]:
    """Raises NothingToSay when the address was deleted meanwhile, OtherKey."""
    if mail.follower is None:
        raise NothingToSay
    try:
        follower = await queries.follower(mail.company, mail.follower)
    except NotFound as error:
        raise NothingToSay from error
    if follower.confirmed_on is None and mail.kind != MailKind.CONFIRM:
        raise NothingToSay
    company = await company_by_slug(follower.company_slug)
    words = words_for(follower.language, company.address, company.timezone)
    base = f"{given.base_url}/{company.slug}"
    desk = Desk(company, follower, words, base, given.secret_key, now)
    return desk, unseal(given.secret_key, "address", follower.address)


def envelope(mail: Taken, desk: Desk, setup: Setup, address: str, signer: str) -> Envelope:
    """The same mail has the same Message-ID whenever it is written; all mails of one follower form one thread."""
    host = own_host(settings())
    first = desk.follower.id
    return Envelope(
        to=address,
        sender=setup.sender,
        sender_name=f"{signer}, {desk.company.name}" if signer else desk.company.name,
        reply_to=setup.reply_to,
        message_id=f"{mail.id}@{host}",
        thread="" if mail.id == first else f"{first}@{host}",
        list_id=f"{desk.company.slug}.{host}",
        one_click=one_click_url(desk),
        at=desk.now,
    )


def server_of(setup: Setup, given: Settings) -> Server:
    """Raises OtherKey."""
    password = unseal(given.secret_key, "password", setup.password) if setup.password else ""
    return Server(setup.host, setup.port, setup.tls, setup.login, password, given.mail_to_private_networks)


def own_host(given: Settings) -> str:
    return urlsplit(given.base_url).hostname or "localhost"


async def _not_taken(mail: Taken, refusal: NotTaken, now: datetime) -> None:
    """Where nobody has the address, we never write there again."""
    if not refusal.for_good:
        await outbox.try_again(mail, refusal.words, now)
        return
    async with transaction():
        await outbox.has_failed(mail, refusal.words)
        key = await outbox.address_key_of(mail.company, mail.id) if refusal.no_mailbox else None
        if key is not None:
            await outbox.silence(mail.company, key, Trouble.BOUNCED, now=now)
        elif mail.kind == MailKind.CONFIRM and mail.follower is not None:
            await outbox.forget_follower(mail.company, mail.follower)
