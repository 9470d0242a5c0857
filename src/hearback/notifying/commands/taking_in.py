"""A mail comes in: kept once, for whoever signed what it answers; what came back for good is not written to again."""

import asyncio
from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct

from hearback.database.columns import hidden_id
from hearback.database.engine import execute, fetch_one, fetch_value, transaction
from hearback.notifying.commands import outbox
from hearback.notifying.incoming import Incoming, PostKind, read_mail
from hearback.notifying.postman import NOBODY_THERE
from hearback.notifying.rules import MailKind, Trouble
from hearback.people.audit import note_down
from hearback.people.queries import Member
from hearback.refusals import NotFound, Refused
from hearback.trust.addresses import fan_address
from hearback.trust.sealing import seal
from hearback.web.live import tell

LETTERS_KEPT = timedelta(days=365)
OTHERS_KEPT = timedelta(days=60)


class _Ours(Struct, frozen=True):
    """The mail of ours that one answers or reports. member: who signed it, while they are there."""

    id: UUID
    kind: str
    follower: UUID | None
    member: UUID | None


async def take_in(company_id: UUID, raw: bytes, *, secret: str, now: datetime) -> PostKind | None:
    """Keep it, and do what it asks for, in one transaction. None: it was here before."""
    mail = await asyncio.to_thread(read_mail, raw)
    async with transaction():
        ours = await _ours(company_id, mail.answers)
        if not await _keep(company_id, mail, ours, secret=secret, now=now):
            return None
        if ours is not None and mail.kind in (PostKind.BOUNCE, PostKind.COMPLAINT):
            await _write_no_more(company_id, mail, ours, now=now)
        if mail.kind is PostKind.LETTER:
            await tell(company_id, "desk")
    return mail.kind


async def mark_done(company_id: UUID, post_id: UUID, *, by: Member, now: datetime) -> None:
    """Raises NotFound; twice changes nothing."""
    async with transaction():
        there = await fetch_value(
            "select true from post where company = $1 and id = $2 and kind = 'letter'", company_id, post_id
        )
        if not there:
            raise NotFound
        done = await execute(
            "update post set done_on = $3, done_by = $4 where company = $1 and id = $2 and done_on is null",
            company_id,
            post_id,
            now.date(),
            by.id,
        )
        if done:
            await note_down(company_id, "post.done", by=by.id, now=now, subject=post_id)
            await tell(company_id, "desk")


async def let_go_of_post(now: datetime) -> None:
    """What people wrote is kept for a year, that something came back for sixty days."""
    await execute("delete from post where kind = 'letter' and \"on\" < $1", (now - LETTERS_KEPT).date())
    await execute("delete from post where kind <> 'letter' and \"on\" < $1", (now - OTHERS_KEPT).date())


async def _ours(company_id: UUID, answers: list[UUID]) -> _Ours | None:
    """The nearest that is a mail of this company."""
    return await fetch_one(
        _Ours,
        """select m.id, m.kind, m.follower, s.id as member from mail m
           left join member s on s.company = m.company and s.id = m.signed_by and s.active
           where m.company = $1 and m.id = any($2) order by array_position($2, m.id) limit 1""",
        company_id,
        answers,
    )


async def _keep(company_id: UUID, mail: Incoming, ours: _Ours | None, *, secret: str, now: datetime) -> bool:
    """False: it was here before. A letter about an answer that waits for its yes is tied to nothing: what somebody
    says by mail must not lead to what they said without a name."""
    kept = await execute(
        """insert into post (id, company, key, kind, mail, member, address, name, subject, words, quoted, dropped, cut,
                             "on")
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
           on conflict (company, key) do nothing""",
        hidden_id(),
        company_id,
        mail.key,
        mail.kind.value,
        ours.id if ours and ours.kind != MailKind.VOICE else None,
        ours.member if ours else None,
        _sealed(secret, mail.sender),
        mail.sender_name,
        mail.subject,
        mail.words,
        mail.quoted,
        mail.dropped,
        mail.cut,
        now.date(),
    )
    return bool(kept)


def _sealed(secret: str, sender: str) -> bytes | None:
    """Only what can be written back to."""
    try:
        return seal(secret, "address", fan_address(sender))
    except Refused:
        return None


async def _write_no_more(company_id: UUID, mail: Incoming, ours: _Ours, *, now: datetime) -> None:
    """To nobody's address but that of our own mail. Where nobody is there, or somebody complains, never again; where a
    mailbox is full or strict, nothing more of what was followed."""
    key = await outbox.address_key_of(company_id, ours.id)
    complained = mail.kind is PostKind.COMPLAINT
    if key is not None and (complained or NOBODY_THERE.match(mail.status)):
        why = Trouble.COMPLAINED if complained else Trouble.BOUNCED
        await outbox.silence(company_id, key, why, now=now)
    elif ours.follower is not None:
        await outbox.forget_follower(company_id, ours.follower)
