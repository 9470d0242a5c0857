"""What a response is, and whether what was filled in fits what was asked. No database, no web."""

from enum import StrEnum
from uuid import UUID

from msgspec import Struct


class Channel(StrEnum):
    """How an answer came. What was said or written elsewhere is entered by a member."""

    WEB = "web"
    FILE = "file"
    PAPER = "paper"
    COUNTER = "counter"
    PHONE = "phone"
    MAIL = "mail"
    FEDIVERSE = "fediverse"


class ResponseState(StrEnum):
    """Nothing is dropped: every public total adds up to all that was received."""

    COUNTED = "counted"
    HELD = "held"
    SET_ASIDE = "set_aside"
    WITHDRAWN = "withdrawn"
    ERASED = "erased"


class Quoting(StrEnum):
    NO = "no"
    UNNAMED = "unnamed"
    NAMED = "named"


class Part(StrEnum):
    """What of a prompt was filled in: itself, "something else" in words, or the reason."""

    ANSWER = "answer"
    OTHER = "other"
    WHY = "why"


class Filled(Struct, frozen=True):
    """One part of a prompt as it was filled in: words, or positions of the chosen options, or a number."""

    prompt: UUID
    words: str = ""
    chosen: tuple[int, ...] = ()
    number: int | None = None
    part: Part = Part.ANSWER


LONGEST_ANSWER = 4000
