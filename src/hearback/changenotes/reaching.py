"""Whom a note will reach, by number and way. Later rooms add their ways: each knows its own people."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from msgspec import Struct

from hearback.people.queries import Company
from hearback.themes.queries import voices


class Way(Struct, frozen=True):
    """words: the key of its name; people: how many, None where anybody can read it."""

    words: str
    people: int | None


WAYS: list[Callable[[Company, UUID], Awaitable[list[Way]]]] = []


async def ways(company: Company, note_id: UUID, theme_ids: list[UUID]) -> list[Way]:
    """Of a note as its draft was saved last, the nearest first."""
    told = [Way("note.receipts-change", await voices(company.id, theme_ids))]
    for of_room in WAYS:
        told += await of_room(company, note_id)
    return [*told, Way("note.log-and-feed", None)]
