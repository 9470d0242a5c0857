"""A note was published, corrected or taken back, or words were taken out of it: who is told, and what a webhook is."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import Struct

from hearback.changenotes.queries import WholeNote, whole_log
from hearback.database.engine import fetch, fetch_one, fetch_value, transaction
from hearback.jobs import do_later
from hearback.refusals import NotFound
from hearback.settings import settings
from hearback.webhooks import outbox
from hearback.webhooks.rules import Duty, News, Way

NEWS = {"published": News.PUBLISHED, "corrected": News.CORRECTED, "withdrawn": News.WITHDRAWN}


class Said(Struct, frozen=True):
    """What happened to a note, once each. cause: the same however often it is told."""

    company: UUID
    note: UUID
    kind: News | Duty
    cause: str


OTHERS: list[Callable[[Said, datetime], Awaitable[None]]] = []
"""Later rooms that put something in for the same news, in the same transaction."""


class _Hook(Struct, frozen=True):
    id: UUID
    address: str


class _House(Struct, frozen=True):
    slug: str
    name: str


async def tell_machines(company_id: UUID, note_id: UUID, number: int, *, now: datetime) -> None:
    """number: of the revision. Told twice, it is put in once. Raises NotFound."""
    kind: str | None = await fetch_value(
        "select kind from revision where company = $1 and note = $2 and number = $3",
        company_id,
        note_id,
        number,
    )
    if kind is None:
        raise NotFound
    await _tell(Said(company_id, note_id, NEWS[kind], f"{note_id}/{number}"), now)


async def tell_of_erasure(company_id: UUID, note_id: UUID, number: int, mark: str, *, now: datetime) -> None:
    """number: of the newest revision then, with which every cause ends; mark: tells this erasure from the next."""
    await _tell(Said(company_id, note_id, Duty.ERASED, f"{note_id}/{mark}/{number}"), now)


async def _tell(said: Said, now: datetime) -> None:
    """For a webhook that we gave up the news waits until somebody switches it on again. One that a member switched off
    misses what is said meanwhile, but never that words are gone: it may have them from before."""
    async with transaction():
        for hook in await fetch(
            _Hook,
            """select id, address from webhook where company = $1
               and ($3 or ($2 = any(kinds) and (active or given_up_on is not null)))""",
            said.company,
            said.kind.value,
            isinstance(said.kind, Duty),
        ):
            await outbox.put_in(
                said.company,
                Way.WEBHOOK,
                hook.address,
                said.kind,
                said.cause,
                now=now,
                webhook=hook.id,
                note=said.note,
            )
        for also in OTHERS:
            await also(said, now)
        await do_later("webhooks.deliver")


async def whole_note(company_id: UUID, note_id: UUID) -> WholeNote:
    """Raises NotFound."""
    slug: str | None = await fetch_value(
        "select slug from note where company = $1 and id = $2 and state <> 'draft'", company_id, note_id
    )
    found = await whole_log(company_id, slug=slug) if slug else []
    if not found:
        raise NotFound
    return found[0]


async def body_of(taken: outbox.Taken) -> bytes:
    """What a webhook gets: all of it public. Raises NotFound.

    `note.erased` holds the newest version as it reads with its gaps, and comes to whoever is told anything: what was
    kept of the note until then, older versions and translations too, is to be replaced.
    """
    if taken.note is None:
        return taken.body.encode()
    note = await whole_note(taken.company, taken.note)
    house = await fetch_one(_House, "select slug, name from company where id = $1", taken.company)
    if house is None:
        raise NotFound
    erased, number = taken.kind == Duty.ERASED, int(taken.cause.rpartition("/")[2])
    revision = next(one for one in reversed(note.revisions) if erased or one.number == number)
    base = f"{settings().base_url}/{house.slug}"
    return msgspec.json.encode(
        {
            "type": taken.kind,
            "timestamp": note.changed_at if erased else revision.at,
            "data": {
                "company": {"name": house.name, "url": base},
                "id": note.id,
                "url": f"{base}/log/{note.slug}",
                "kind": note.kind,
                "language": note.language,
                "state": note.state,
                "signed_by": note.signer,
                "version": revision.number,
                "reason": revision.reason,
                "fields": {field.name: field.said for field in revision.fields},
            },
        }
    )
