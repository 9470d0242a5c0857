"""A note was published, corrected or taken back: who is told, and what a webhook is told."""

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
from hearback.webhooks.rules import News, Way

NEWS = {"published": News.PUBLISHED, "corrected": News.CORRECTED, "withdrawn": News.WITHDRAWN}


class Said(Struct, frozen=True):
    """What happened to a note, once each. cause: the same however often it is told."""

    company: UUID
    note: UUID
    kind: News
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
    said = Said(company_id, note_id, NEWS[kind], f"{note_id}/{number}")
    async with transaction():
        for hook in await fetch(
            _Hook,
            "select id, address from webhook where company = $1 and active and $2 = any(kinds)",
            company_id,
            said.kind.value,
        ):
            await outbox.put_in(
                company_id,
                Way.WEBHOOK,
                hook.address,
                said.kind,
                said.cause,
                now=now,
                webhook=hook.id,
                note=note_id,
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
    """What a webhook gets: all of it public. Raises NotFound."""
    if taken.note is None:
        return taken.body.encode()
    note = await whole_note(taken.company, taken.note)
    house = await fetch_one(_House, "select slug, name from company where id = $1", taken.company)
    if house is None:
        raise NotFound
    number = int(taken.cause.rpartition("/")[2])
    revision = next(one for one in note.revisions if one.number == number)
    base = f"{settings().base_url}/{house.slug}"
    return msgspec.json.encode(
        {
            "type": taken.kind,
            "timestamp": revision.at,
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
