"""The one switch, and what others ask of our account: following, and taking back what they said."""

import hashlib
import hmac
from datetime import date, datetime, timedelta
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from hearback.answering.copying import note_copies
from hearback.answering.keeping import ImportedRow, keep_imported
from hearback.answering.rules import Channel, Filled, Quoting
from hearback.clock import day_in
from hearback.database.columns import hidden_id, new_id
from hearback.database.engine import execute, fetch_column, fetch_value, lock, transaction
from hearback.fediverse import queries
from hearback.fediverse.queries import Account
from hearback.fediverse.signing import new_keys
from hearback.fediverse.speaking import Thing, accept
from hearback.jobs import do_later
from hearback.people.audit import note_down
from hearback.people.queries import Company, Member
from hearback.receipts.commands import erase
from hearback.refusals import Refused
from hearback.trust.sealing import seal
from hearback.web.live import tell
from hearback.webhooks import outbox
from hearback.webhooks.delivering import NOBODY_THERE
from hearback.webhooks.outbox import Taken
from hearback.webhooks.rules import Way

FORGOTTEN_AFTER = timedelta(days=30)
# Longer than Mastodon tries to deliver. The door's own limit bounds how much of it is kept.
ON_ITS_WAY = timedelta(days=7)


class AccountForm(Struct, frozen=True):
    """question: an id, or empty for nowhere."""

    active: bool = False
    question: Annotated[str, Meta(max_length=36)] = ""


async def set_up(company: Company, form: AccountForm, *, secret: str, by: Member, now: datetime) -> None:
    """Keys are made once and stay: an account that is switched on again is the same. Raises Refused."""
    chosen = {str(one.id): one.id for one in await queries.questions(company.id)}
    if form.question and form.question not in chosen:
        raise Refused("form.not-a-choice", field="question")
    private, public = new_keys()
    async with transaction():
        await execute(
            """insert into fedi_account (id, company, active, public_key, private_key, question, since)
               values ($1, $2, $3, $4, $5, $6, $7)
               on conflict (company) do update set active = excluded.active, question = excluded.question""",
            new_id(),
            company.id,
            form.active,
            public,
            seal(secret, "fediverse", private),
            chosen.get(form.question),
            now,
        )
        await note_down(
            company.id,
            "fediverse.set-up",
            by=by.id,
            now=now,
            subject=company.id,
            after={"active": form.active},
        )
        await tell(company.id, "desk")
        await tell(company.id, "public")  # pages lead to an account, or no longer do


async def follow(account: Account, actor: str, inbox: str, follow_id: str, *, now: datetime) -> None:
    """And say yes. Twice changes nothing."""
    mark = _mark_of(follow_id)
    async with transaction():
        await execute(
            """insert into fedi_follower (id, company, actor, inbox, since, follow_mark) values ($1, $2, $3, $4, $5, $6)
               on conflict (company, actor) do update set inbox = excluded.inbox, follow_mark = excluded.follow_mark,
                   failing_since = null""",
            hidden_id(),
            account.company,
            actor,
            inbox,
            now.date(),
            mark,
        )
        await outbox.put_in(
            account.company,
            Way.FEDIVERSE,
            inbox,
            "accept",
            f"accept/{mark}",
            now=now,
            body=accept(account, actor, follow_id, mark[:16]).decode(),
        )
        await do_later("webhooks.deliver")


async def move_inbox(company_id: UUID, actor: str, inbox: str) -> None:
    """Of a follower; of anybody else nothing is kept."""
    await execute(
        "update fedi_follower set inbox = $3 where company = $1 and actor = $2", company_id, actor, inbox
    )


async def unfollow(company_id: UUID, actor: str, *, follow_id: str | None = None) -> bool:
    """follow_id: only the wish that has this address. Twice changes nothing."""
    ended = await execute(
        """delete from fedi_follower where company = $1 and actor = $2 and ($3::varchar is null or follow_mark = $3)""",
        company_id,
        actor,
        None if follow_id is None else _mark_of(follow_id),
    )
    return bool(ended)


async def mark_followers(taken: Taken, trouble: str, now: datetime) -> None:
    """A follow ends where the server says that nobody is there any more, and where nothing got through for a month and
    what was tried last did not either. Whoever comes back follows again."""
    await execute(
        """update fedi_follower set failing_since = case when $3 then coalesce(failing_since, $4) end
           where company = $1 and inbox = $2""",
        taken.company,
        taken.address,
        bool(trouble),
        now,
    )
    if trouble == NOBODY_THERE or taken.is_last_try:
        await execute(
            "delete from fedi_follower where company = $1 and inbox = $2 and failing_since <= $3",
            taken.company,
            taken.address,
            now if trouble == NOBODY_THERE else now - FORGOTTEN_AFTER,
        )


async def hear(
    company: Company,
    question: UUID,
    words: str,
    *,
    note: UUID | None,
    language: str,
    object_id: str,
    actor: str,
    secret: str,
    now: datetime,
) -> bool:
    """Keep what somebody said to us as an answer like any other, through the same door, with the note it is about, if
    any; nobody may quote it. False: it is here already, or there is nothing to write it into."""
    prompt: UUID | None = await fetch_value(
        """select id from prompt where company = $1 and question = $2 and kind = 'open'
           order by position limit 1""",
        company.id,
        question,
    )
    if prompt is None:
        return False
    known = key_of(secret, company.id, object_id)
    row = ImportedRow(
        external_id=None,
        content_hash=known,
        language=language,
        day=day_in(company.timezone, now),
        quoting=Quoting.NO.value,
        first_name="",
        place="",
        answers=[Filled(prompt, words=words)],
        note=note,
    )
    author = key_of(secret, company.id, actor)
    async with transaction():
        await lock(company.id, f"fediverse/{author.hex()}")
        if await queries.was_taken_back(company.id, [known, author], author):
            return False
        if not await keep_imported(company.id, question, [row], now=now, channel=Channel.FEDIVERSE):
            return False
        heard: UUID = await fetch_value(
            """insert into fedi_heard (id, company, response, object_key, actor_key)
               select $1, company, id, $4, $5 from response
               where company = $2 and question = $3 and content_hash = $4 returning response""",
            hidden_id(),
            company.id,
            question,
            known,
            author,
        )
        await note_copies(company.id, heard, came_at=now)
        await tell(company.id, "desk")
    return True


async def note_of_talk(company_id: UUID, address: str, secret: str) -> UUID | None:
    """Of which note of ours the talk is that goes on here: of the one that was spoken of at this address."""
    note: UUID | None = await fetch_value(
        """select r.note from fedi_heard h join response r on r.company = h.company and r.id = h.response
           where h.company = $1 and h.object_key = $2""",
        company_id,
        key_of(secret, company_id, address),
    )
    return note


async def hear_no_more(
    company: Company, *, actor: str, object_id: str | None, secret: str, now: datetime
) -> int:
    """What this author said, all of it or what stood at an address: also what has not come yet, for queues hold things
    up. Gives how many were taken back."""
    author = key_of(secret, company.id, actor)
    async with transaction():
        await lock(company.id, f"fediverse/{author.hex()}")
        await execute(
            """insert into fedi_taken_back (id, company, object_key, actor_key, "on") values ($1, $2, $3, $4, $5)
               on conflict do nothing""",
            hidden_id(),
            company.id,
            key_of(secret, company.id, object_id or actor),
            author,
            now.date(),
        )
    return await take_back(company, actor=actor, object_id=object_id, secret=secret, now=now)


async def take_back(
    company: Company, *, actor: str, object_id: str | None, secret: str, now: datetime
) -> int:
    """What this author said, all of it or the one that stood at an address: erased as if they had done it by receipt.
    Gives how many. What others said stays, whatever somebody claims."""
    today: date = day_in(company.timezone, now)
    found: list[UUID] = await fetch_column(
        """select response from fedi_heard
           where company = $1 and actor_key = $2 and ($3::bytea is null or object_key = $3)""",
        company.id,
        key_of(secret, company.id, actor),
        key_of(secret, company.id, object_id) if object_id else None,
    )
    for response_id in found:
        await erase(company.id, response_id, now=now, today=today)
    return len(found)


async def let_go(now: datetime) -> None:
    """What was taken back so long ago is on its way no more."""
    await execute('delete from fedi_taken_back where "on" < $1', (now - ON_ITS_WAY).date())


def _mark_of(follow_id: str) -> str:
    return hashlib.sha256(follow_id.encode()).hexdigest()


def key_of(secret: str, company_id: UUID, address: str) -> bytes:
    """Nobody can tell from it whose it is, and nobody can try without the secret."""
    return hmac.digest(secret.encode(), f"fediverse\0{company_id}\0{address}".encode(), hashlib.sha256)


def decoded(body: bytes) -> Thing:
    """Raises ValueError for what is no JSON object."""
    try:
        thing = msgspec.json.decode(body)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise ValueError("not JSON") from error
    if not isinstance(thing, dict):
        raise ValueError("not an object")
    return thing
