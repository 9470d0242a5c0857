"""Where replies and bounces come to: how a company's mailbox is reached, and reading it by the clock."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from msgspec import Struct

from hearback.database.columns import new_id
from hearback.database.engine import execute, fetch_column, fetch_one, transaction
from hearback.notifying import queries
from hearback.notifying.commands.setting_up import HOST
from hearback.notifying.commands.taking_in import take_in
from hearback.notifying.forms import MailboxForm
from hearback.notifying.imap import NotReached, opened, read_all
from hearback.notifying.postman import Conversation, Line, Server
from hearback.notifying.queries import MailboxSetup
from hearback.notifying.rules import Tls
from hearback.people.audit import note_down
from hearback.people.queries import Company, Member
from hearback.refusals import Faulty, Refused
from hearback.settings import Settings
from hearback.trust.sealing import OtherKey, seal, unseal

MOST_AT_ONCE = 50
LEASE = timedelta(minutes=10)
MOST_S = LEASE.total_seconds() - 60  # who reads knows before anybody else that it takes too long
log = structlog.get_logger()


class Looked(Struct, frozen=True):
    """lines: the conversation, without secrets. why: how it ended, empty when the folder opened; unread: in it."""

    lines: list[Line]
    why: str
    unread: int = 0


async def set_up_mailbox(
    company: Company, form: MailboxForm, *, given: Settings, by: Member, now: datetime
) -> None:
    """Raises Faulty with every reason. A password is kept only for the server and the login it was given for."""
    _check(form, given)
    async with transaction():
        old = await queries.mailbox(company.id)
        same = (old.host, old.port, old.tls, old.login) == (form.host, form.port, form.tls.value, form.login)
        new = seal(given.secret_key, "password", form.password) if form.password else None
        kept = new or (old.password if same else None)
        if form.active and kept is None:
            raise Refused("mail.password-missing", field="password")
        await execute(
            """insert into mailbox (id, company, active, host, port, tls, login, password, folder)
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
               on conflict (company) do update set active = excluded.active, host = excluded.host,
                   port = excluded.port, tls = excluded.tls, login = excluded.login, password = excluded.password,
                   folder = excluded.folder, trouble = '' """,
            new_id(),
            company.id,
            form.active,
            form.host,
            form.port,
            form.tls.value,
            form.login,
            kept,
            form.folder,
        )
        await note_down(company.id, "mail.mailbox-set-up", by=by.id, now=now, subject=company.id)


async def look_into(setup: MailboxSetup, given: Settings) -> Looked:
    """Open the folder and count what is unread; nothing is taken."""
    try:
        server = _server(setup, given)
    except OtherKey:
        return Looked([], "other-key")
    said = Conversation(server)
    try:
        async with asyncio.timeout(MOST_S), opened(server, setup.folder, said) as box:
            unread = len(await box.unread(most=100_000))
    except (NotReached, TimeoutError) as error:
        private = isinstance(error, NotReached) and error.words == "private-network"
        return Looked(said.lines, "private-network" if private else "not-reached")
    return Looked(said.lines, "", unread)


async def read_mailboxes(clock: Callable[[], datetime], given: Settings) -> None:
    """Of every company that has one; several workers never read the same."""
    for company_id in await fetch_column("select company from mailbox where active order by company"):
        setup = await _take(company_id, clock())
        if setup is not None:
            trouble = await _read(company_id, setup, clock, given)
            await execute(
                "update mailbox set busy_until = null, read_at = $2, trouble = $3 where company = $1",
                company_id,
                clock(),
                trouble[:300],
            )


async def _take(company_id: UUID, now: datetime) -> MailboxSetup | None:
    return await fetch_one(
        MailboxSetup,
        """update mailbox set busy_until = $3
           where company = $1 and active and (busy_until is null or busy_until <= $2)
           returning active, host, port, tls, login, password, folder, read_at, trouble""",
        company_id,
        now,
        now + LEASE,
    )


async def _read(company_id: UUID, setup: MailboxSetup, clock: Callable[[], datetime], given: Settings) -> str:
    """Gives why it did not go, or nothing."""

    async def take(raw: bytes) -> None:
        kind = await take_in(company_id, raw, secret=given.secret_key, now=clock())
        log.info("post.taken", kind=kind)

    try:
        server = _server(setup, given)
        async with asyncio.timeout(MOST_S):
            await read_all(server, setup.folder, Conversation(server), take, most=MOST_AT_ONCE)
    except OtherKey:
        return "other-key"
    except TimeoutError:
        return "too-slow"
    except NotReached as error:
        return error.words
    return ""


def _server(setup: MailboxSetup, given: Settings) -> Server:
    """Raises OtherKey."""
    password = unseal(given.secret_key, "password", setup.password) if setup.password else ""
    return Server(setup.host, setup.port, setup.tls, setup.login, password, given.mail_to_private_networks)


def _check(form: MailboxForm, given: Settings) -> None:
    reasons = []
    if form.host and not HOST.fullmatch(form.host):
        reasons.append(Refused("mail.host-odd", field="host"))
    reasons += [
        Refused("form.missing", field=name)
        for name in ("host", "login")
        if form.active and not getattr(form, name)
    ]
    if not 1 <= form.port <= 65535:
        reasons.append(Refused("mail.port-range", field="port"))
    if form.tls is Tls.NONE and not given.mail_to_private_networks:
        reasons.append(Refused("mail.login-needs-tls", field="tls"))
    if not form.folder.isprintable() or not form.folder.isascii():
        reasons.append(Refused("mailbox.folder-odd", field="folder"))
    if not form.login.isprintable():
        reasons.append(Refused("mailbox.login-odd", field="login"))
    if reasons:
        raise Faulty(reasons)
