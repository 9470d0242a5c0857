"""Our notes go to whoever follows: put into the outbox of machines, and written and signed when they are sent."""

from datetime import datetime
from uuid import UUID

from hearback.changenotes.queries import WholeNote
from hearback.database.engine import fetch_value
from hearback.fediverse import queries
from hearback.fediverse.commands import mark_followers
from hearback.fediverse.queries import Account
from hearback.fediverse.rules import LINKED_DATA
from hearback.fediverse.signing import signed_headers
from hearback.fediverse.speaking import encoded, erased_activity, said_activity, words_of_note
from hearback.people.queries import Company, company_by_slug
from hearback.refusals import NotFound
from hearback.webhooks import outbox
from hearback.webhooks.delivering import AFTERWARDS, WRITES, Letter
from hearback.webhooks.outbox import Taken
from hearback.webhooks.rules import Duty, Way
from hearback.webhooks.telling import OTHERS, Said, whole_note


async def put_in_for_followers(said: Said, now: datetime) -> None:
    """In the caller's transaction."""
    account = await queries.account(said.company)
    if account is None or not account.active:
        return
    for inbox in await queries.inboxes(said.company):
        await outbox.put_in(
            said.company, Way.FEDIVERSE, inbox, said.kind, said.cause, now=now, note=said.note
        )


async def write(taken: Taken, now: datetime) -> Letter:
    """Raises NotFound once the account is closed, OtherKey."""
    account = await queries.open_account(taken.company)
    body = taken.body.encode() if taken.note is None else await _activity(account, taken)
    headers = signed_headers("POST", taken.address, account.key_id, account.private_pem(), body=body, now=now)
    return Letter(headers | {"content-type": LINKED_DATA, "user-agent": "Hearback"}, body)


async def _activity(account: Account, taken: Taken) -> bytes:
    if taken.note is None:
        raise NotFound
    note, company = await whole_note(taken.company, taken.note), await company_by_slug(account.slug)
    words = words_of_note(company, note.language)
    *_, mark, number = taken.cause.split("/")
    if taken.kind == Duty.ERASED:
        return encoded(erased_activity(account, note, mark, words))
    return encoded(said_activity(account, note, int(number), words))


async def newest_notes(company: Company, *, limit: int) -> list[WholeNote]:
    """Newest first."""
    newest: list[UUID] = await fetch_value(
        """select coalesce(array_agg(id order by published_at desc, id desc), '{}') from (
               select id, published_at from note where company = $1 and published_at is not null
               order by published_at desc, id desc limit $2) n""",
        company.id,
        limit,
    )
    return [await whole_note(company.id, note_id) for note_id in newest]


OTHERS.append(put_in_for_followers)
WRITES[Way.FEDIVERSE] = write
AFTERWARDS[Way.FEDIVERSE] = mark_followers
