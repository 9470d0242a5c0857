"""What the desk sends for a reply and for the mandate, and a fan to a reply."""

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from hearback.people.rules import Language
from hearback.plainspeech.reasons import LONGEST_REASONS
from hearback.refusals import Refused
from hearback.replying.rules import LONGEST_WORD_BACK, How, StepKind

MOST_TOPICS = 12
LONGEST_TOPIC = 120


class Do(StrEnum):
    """SEND: at once, under the mandate. ASK: somebody else reads it first."""

    SAVE = "save"
    SEND = "send"
    ASK = "ask"


class ReplyForm(Struct, frozen=True):
    """version: of the draft that the writer had open, 0 for none. seen: entries of the talk on their page.

    topic: of the mandate, from 0. twin: an earlier reply that this one may sound like.
    stays: why words stay that were gravely remarked on.
    """

    version: Annotated[int, Meta(ge=0, le=30000)]
    seen: Annotated[int, Meta(ge=0, le=30000)]
    do: Do
    feeling: Annotated[str, Meta(max_length=2000)] = ""
    fact: Annotated[str, Meta(max_length=3000)] = ""
    step: StepKind = StepKind.DOES
    next_step: Annotated[str, Meta(max_length=600)] = ""
    next_owner: UUID | None = None
    next_by: date | None = None
    topic: Annotated[int, Meta(ge=0, lt=MOST_TOPICS)] | None = None
    language: Language = Language.DE
    why: Annotated[str, Meta(max_length=600)] = ""
    stays: Annotated[str, Meta(max_length=LONGEST_REASONS)] = ""
    twin: UUID | None = None


class SignOffForm(Struct, frozen=True):
    """version: of what was read."""

    version: Annotated[int, Meta(ge=0, le=30000)]


class ReturnForm(Struct, frozen=True):
    returned_why: Annotated[str, Meta(min_length=3, max_length=600)]


class MandateForm(Struct, frozen=True):
    """topics: one a line. number: of the version that was changed, 0 for none."""

    words: Annotated[str, Meta(min_length=20, max_length=3000)]
    topics: Annotated[str, Meta(min_length=3, max_length=MOST_TOPICS * (LONGEST_TOPIC + 2))]
    language: Language = Language.DE
    number: Annotated[int, Meta(ge=0, le=30000)] = 0


class RevocationForm(Struct, frozen=True):
    why: Annotated[str, Meta(min_length=10, max_length=600)]


class BackForm(Struct, frozen=True):
    """What a fan says to a reply."""

    reply: UUID
    heard: How | None = None
    answered: How | None = None
    words: Annotated[str, Meta(max_length=LONGEST_WORD_BACK)] = ""


def topics_in(form: MandateForm) -> list[str]:
    """Raises Refused for too many, and for one that is too long."""
    topics = list(dict.fromkeys(line.strip() for line in form.topics.splitlines() if line.strip()))
    if len(topics) > MOST_TOPICS:
        raise Refused("mandate.too-many", field="topics", most=MOST_TOPICS)
    for topic in topics:
        if len(topic) > LONGEST_TOPIC:
            raise Refused("form.too-long", field="topics", most=LONGEST_TOPIC, have=len(topic))
    return topics
