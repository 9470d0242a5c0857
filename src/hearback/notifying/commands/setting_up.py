"""How a company sends mail, and whether it works.

The password stands in our database, sealed with the installation's secret key, not in the environment: one
installation serves many companies, and their admins have no shell. A backup alone does not open it.
"""

import re
from datetime import datetime

from msgspec import Struct

from hearback.database.columns import hidden_id, new_id
from hearback.database.engine import execute, transaction
from hearback.notifying import queries
from hearback.notifying.commands import outbox
from hearback.notifying.commands.sending import own_host, server_of
from hearback.notifying.forms import SetupForm, SilenceForm
from hearback.notifying.letters import Block, Envelope, Letter, Signer, as_message
from hearback.notifying.postman import Conversation, Line, NotTaken, Unsure, deliver
from hearback.notifying.queries import Setup
from hearback.notifying.rules import Tls
from hearback.people.audit import note_down
from hearback.people.queries import Company, Member
from hearback.refusals import Faulty, Refused
from hearback.settings import Settings
from hearback.trust.addresses import fan_address
from hearback.trust.sealing import OtherKey, address_key, seal
from hearback.words.speaking import Words

HOST = re.compile(r"[A-Za-z0-9:._-]{1,253}")
SELECTOR = re.compile(r"[A-Za-z0-9._-]{0,63}")


class Tried(Struct, frozen=True):
    """lines: the conversation, without secrets. why: how it ended, empty when the server took the mail."""

    lines: list[Line]
    why: str


async def set_up(company: Company, form: SetupForm, *, given: Settings, by: Member, now: datetime) -> None:
    """Raises Faulty with every reason. A password is kept only for the server and the login it was given for."""
    _check(form, given)
    async with transaction():
        if not form.active and await queries.mail_is_needed(company.id, now):
            raise Refused("mail.confirmed-needs-it", field="active")
        old = await queries.setup(company.id)
        same = (old.host, old.port, old.tls, old.login) == (form.host, form.port, form.tls.value, form.login)
        password = seal(given.secret_key, "password", form.password) if form.password else None
        kept = password or (old.password if same and form.login else None)
        if form.active and form.login and kept is None:
            raise Refused("mail.password-missing", field="password")
        await execute(
            """insert into mail_setup (id, company, active, host, port, tls, login, password, sender, reply_to,
                                       bounces_to, dkim_selector, check_back_weeks, reopen_percent)
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
               on conflict (company) do update set active = excluded.active, host = excluded.host,
                   port = excluded.port, tls = excluded.tls, login = excluded.login, password = excluded.password,
                   sender = excluded.sender, reply_to = excluded.reply_to, bounces_to = excluded.bounces_to,
                   dkim_selector = excluded.dkim_selector, check_back_weeks = excluded.check_back_weeks,
                   reopen_percent = excluded.reopen_percent""",
            new_id(),
            company.id,
            form.active,
            form.host,
            form.port,
            form.tls.value,
            form.login,
            kept,
            form.sender,
            form.reply_to,
            form.bounces_to,
            form.dkim_selector,
            form.check_back_weeks,
            form.reopen_percent,
        )
        await note_down(company.id, "mail.set-up", by=by.id, now=now, subject=company.id)


async def try_out(
    company: Company, setup: Setup, to: str, words: Words, *, given: Settings, by: Member, now: datetime
) -> Tried:
    """One mail to the member who asks, right now and past the outbox; what was said is shown."""
    try:
        server = server_of(setup, given)
    except OtherKey:
        return Tried([], "other-key")
    conversation = Conversation(server)
    message = as_message(
        Letter(
            subject=words.say("mail.test.subject"),
            tongue=words.lang,
            house=company.name,
            colour=company.colour,
            blocks=[Block("words", words.say("mail.test.text", name=company.name), words.lang)],
            signer=Signer(by.name, by.role_title),
            foot=[],
            stop=words.say("mail.test.stop"),
            stop_url=f"{given.base_url}/desk/{company.slug}/settings/mail",
        ),
        Envelope(
            to=to,
            sender=setup.sender,
            sender_name=f"{by.name}, {company.name}",
            reply_to=setup.reply_to,
            message_id=f"{hidden_id()}@{own_host(given)}",
            thread="",
            list_id=f"{company.slug}.{own_host(given)}",
            one_click=f"{given.base_url}/desk/{company.slug}/settings/mail",
            at=now,
        ),
        words,
    )
    try:
        await deliver(
            server,
            message,
            conversation,
            sender=setup.bounces_to or setup.sender,
            to=to,
            me=own_host(given),
            handing=_nothing,
        )
    except NotTaken as refusal:
        return Tried(
            conversation.lines, "private-network" if refusal.words == "private-network" else "not-taken"
        )
    except Unsure:
        return Tried(conversation.lines, "unsure")
    return Tried(conversation.lines, "")


async def silence(company: Company, form: SilenceForm, *, secret: str, by: Member, now: datetime) -> None:
    """A mail came back, or somebody complained: this address gets none any more. Raises Refused for no address."""
    key = address_key(secret, company.id, fan_address(form.address))
    async with transaction():
        await outbox.silence(company.id, key, form.why, now=now)
        await note_down(company.id, "mail.silenced", by=by.id, now=now)


def _check(form: SetupForm, given: Settings) -> None:
    reasons = []
    if form.host and not HOST.fullmatch(form.host):
        reasons.append(Refused("mail.host-odd", field="host"))
    if form.active and not form.host:
        reasons.append(Refused("form.missing", field="host"))
    if not 1 <= form.port <= 65535:
        reasons.append(Refused("mail.port-range", field="port"))
    if form.login and form.tls is Tls.NONE and not given.mail_to_private_networks:
        reasons.append(Refused("mail.login-needs-tls", field="tls"))
    if form.active and not form.sender:
        reasons.append(Refused("form.missing", field="sender"))
    for name in ("sender", "reply_to", "bounces_to"):
        reasons += _odd_address(getattr(form, name), name)
    if not SELECTOR.fullmatch(form.dkim_selector):
        reasons.append(Refused("mail.selector-odd", field="dkim_selector"))
    if not 0 <= form.check_back_weeks <= 52:
        reasons.append(Refused("mail.weeks-range", field="check_back_weeks"))
    if not 1 <= form.reopen_percent <= 100:
        reasons.append(Refused("mail.percent-range", field="reopen_percent"))
    if reasons:
        raise Faulty(reasons)


def _odd_address(address: str, field: str) -> list[Refused]:
    try:
        if address:
            fan_address(address)
    except Refused as refusal:
        return [Refused(refusal.reason, field=field)]
    return []


async def _nothing() -> None:
    """A test mail stands in no outbox."""
