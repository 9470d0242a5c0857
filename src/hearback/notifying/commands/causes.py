"""What happened, and who is told of it. Each cause is told once to each follower, however often the job runs."""

from datetime import date, datetime, timedelta
from uuid import UUID

from msgspec import Struct

from hearback.clock import day_in
from hearback.database.engine import fetch, fetch_one, fetch_value, transaction
from hearback.jobs import do_later
from hearback.notifying import queries
from hearback.notifying.commands import outbox
from hearback.notifying.queries import told_at_once
from hearback.notifying.rules import MailKind
from hearback.notifying.writing import week_before
from hearback.refusals import NotFound
from hearback.replying import queries as replying

PUBLISHED, WITHDRAWN = MailKind.PUBLISHED, MailKind.WITHDRAWN


class Revised(Struct, frozen=True):
    """A note and its newest revision."""

    kind: str
    signed_by: UUID
    revision: int
    revision_kind: str
    state: str


class Outcome(Struct, frozen=True):
    """What was said of a repair: of which note, and by whom."""

    note: UUID
    said_by: UUID


class Digested(Struct, frozen=True):
    id: UUID
    company: UUID
    timezone: str
    confirmed_on: date


async def tell_of_note(company_id: UUID, note_id: UUID, kind: MailKind, *, now: datetime) -> None:
    """Published, corrected or taken back. Raises NotFound. Only who ticked it hears of corrections."""
    note = await fetch_one(
        Revised,
        """select n.kind, n.signed_by, v.number as revision, v.kind as revision_kind, n.state from note n
           join revision v on v.company = n.company and v.note = n.id
           where n.company = $1 and n.id = $2 order by v.number desc limit 1""",
        company_id,
        note_id,
    )
    if note is None:
        raise NotFound
    if (note.state == "withdrawn") is not (kind is WITHDRAWN) or not await queries.mail_is_on(company_id):
        return
    cause = str(note_id) if kind is PUBLISHED else f"{note_id}/{note.revision}"
    async with transaction():
        for one in told_at_once(await queries.audience_of_note(company_id, note_id), kind, note.kind):
            await outbox.put_in(
                company_id, one.id, kind, cause, now=now, note=note_id, signed_by=note.signed_by
            )
        await do_later("notifying.send")


async def tell_of_promise(
    company_id: UUID, promise_id: UUID, kind: MailKind, *, by: UUID, now: datetime
) -> None:
    """A promised day was moved, or we will not keep it: to whoever waits for it."""
    if not await queries.mail_is_on(company_id):
        return
    async with transaction():
        of = await fetch_value(
            "select kind from promise where company = $1 and id = $2", company_id, promise_id
        )
        for one in told_at_once(await queries.audience_of_promise(company_id, promise_id), kind, of):
            await outbox.put_in(
                company_id, one.id, kind, str(promise_id), now=now, promise=promise_id, signed_by=by
            )
        await do_later("notifying.send")


async def tell_of_reply(company_id: UUID, reply_id: UUID, *, now: datetime) -> None:
    """A member replied to one answer, or in public to a theme. What was erased meanwhile is told to nobody."""
    found = await replying.replies(company_id, ids=[reply_id], sent=True)
    if not found or not await queries.mail_is_on(company_id):
        return
    reply = found[0]
    kind = MailKind.REPLY if reply.response else MailKind.THEME_REPLY
    audience = (
        await queries.audience_of_answer(company_id, reply.response)
        if reply.response
        else await queries.audience_of_theme(company_id, reply.theme)
    )
    told = [one for one in audience if one.corrections] if reply.theme and reply.corrects else audience
    async with transaction():
        for one in told_at_once(told, kind):
            await outbox.put_in(company_id, one.id, kind, str(reply_id), now=now, signed_by=reply.writer_id)
        await do_later("notifying.send")


async def tell_whether_it_held(company_id: UUID, promise_id: UUID, *, now: datetime) -> None:
    """We said whether a repair has held: to those whom the note concerns, and to nobody with their last mail."""
    found = await fetch_one(
        Outcome,
        """select note, kept_by as said_by from promise
           where company = $1 and id = $2 and held <> '' and note is not null""",
        company_id,
        promise_id,
    )
    if found is None or not await queries.mail_is_on(company_id):
        return
    about = {"note": found.note, "promise": promise_id, "signed_by": found.said_by}
    async with transaction():
        for one in told_at_once(await queries.audience_of_note(company_id, found.note), MailKind.HELD):
            if one.still > 1:
                await outbox.put_in(company_id, one.id, MailKind.HELD, str(promise_id), now=now, **about)
        await do_later("notifying.send")


async def put_in_digests(*, now: datetime) -> None:
    """Once a week, to those who chose it and only where there is something to tell: the week before the last Monday."""
    for follower in await fetch(
        Digested,
        """select f.id, f.company, c.timezone, f.confirmed_on from follower f
           join company c on c.id = f.company join mail_setup s on s.company = c.id and s.active
           where f.digest and f.confirmed_on is not null and f.sent < f.most""",
    ):
        today = day_in(follower.timezone, now)
        monday = today - timedelta(days=today.weekday())
        start, end = week_before(monday, follower.timezone)
        if follower.confirmed_on >= monday:
            continue
        notes = await queries.notes_between(follower.company, follower.id, start, end)
        replies = await queries.replies_between(follower.company, follower.id, start, end)
        outcomes = await queries.outcomes_between(follower.company, follower.id, start.date(), monday)
        signer = await queries.newest_signer(follower.company, notes, replies, outcomes)
        if signer is None:  # there is nothing
            continue
        async with transaction():
            await outbox.put_in(
                follower.company,
                follower.id,
                MailKind.DIGEST,
                monday.isoformat(),
                now=now,
                signed_by=signer,
            )
            await do_later("notifying.send")
