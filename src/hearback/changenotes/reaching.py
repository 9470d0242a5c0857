"""Whom a note will reach, by number and way. Later rooms add their ways: each knows its own people."""

from collections.abc import Awaitable, Callable, Mapping
from uuid import UUID

from msgspec import Struct

from hearback.changenotes.rules import NoteKind
from hearback.people.queries import Company
from hearback.themes.queries.thread import languages_behind


class Way(Struct, frozen=True):
    """words: the key of its name; people: how many, None where anybody can read it. languages: how many of them read
    it in which language, where that is known."""

    words: str
    people: int | None
    languages: Mapping[str, int] = {}


WAYS: list[Callable[[Company, UUID, NoteKind], Awaitable[list[Way]]]] = []


async def ways(company: Company, note_id: UUID, kind: NoteKind, theme_ids: list[UUID]) -> list[Way]:
    """Of a note as its draft was saved last, the nearest first."""
    languages = _read(company, await languages_behind(company.id, theme_ids))
    told = [Way("note.receipts-change", sum(languages.values()), languages)]
    for of_room in WAYS:
        told += await of_room(company, note_id, kind)
    return [*told, Way("note.log-and-feed", None)]


def _read(company: Company, answered: Mapping[str, int]) -> dict[str, int]:
    """Whoever answered in a language that the company does not speak reads its pages in its first."""
    told: dict[str, int] = {}
    for language, n in answered.items():
        spoken = language if language in company.languages else company.languages[0]
        told[spoken] = told.get(spoken, 0) + n
    return told
