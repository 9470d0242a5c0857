"""What a writer is given, and what every kind of mail begins with."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from hearback.notifying import queries
from hearback.notifying.letters import Block
from hearback.notifying.queries import Follower
from hearback.people.queries import Company
from hearback.words.speaking import Words


class Order(Struct, frozen=True):
    """A mail of the outbox that is to be written."""

    id: UUID
    company: UUID
    kind: str
    cause: str
    note: UUID | None
    promise: UUID | None
    signed_by: UUID | None


class Desk(Struct, frozen=True):
    """All that a writer needs beside the order. base: the company's public address."""

    company: Company
    follower: Follower
    words: Words
    base: str
    secret: str
    now: datetime


Body = tuple[str, str, list[Block]]
"""Subject, the subject's language, and what follows."""


class NothingToSay(Exception):
    """What caused the mail no longer holds: it was taken back or erased."""


async def own_words(note_id: UUID | None, desk: Desk) -> list[Block]:
    """Of a fan who follows an answer of their own. Raises NothingToSay for one that does not count any more."""
    response = desk.follower.response
    if response is None:
        return []
    day = await queries.answered_on(desk.company.id, response)
    if day is None:
        raise NothingToSay
    said = await queries.own_words(desk.company.id, response, note_id)
    if not said:
        return []
    words = "\n\n".join(said)
    shown = words if len(words) <= 400 else f"{words[:400].rsplit(' ', 1)[0]} …"
    return [
        Block("words", desk.words.say("mail.you-said", day=day), desk.words.lang),
        Block("quote", shown, desk.words.lang),
    ]


def lang_of(desk: Desk) -> str:
    return "" if desk.words.lang == desk.company.languages[0] else f"?lang={desk.words.lang}"
