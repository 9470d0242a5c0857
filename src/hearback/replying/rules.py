"""What a reply needs before it goes out, who may let it go, and what a fan may say to it. No database, no web."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from uuid import UUID

from msgspec import Struct

from hearback.refusals import Refused

LONGEST_WORD_BACK = 2000
MOST_WORDS_BACK = 5  # to one reply


class ReplyState(StrEnum):
    DRAFT = "draft"
    WAITING = "waiting"
    SENT = "sent"


class StepKind(StrEnum):
    """What comes next: the house does something by a day, or it asks back and waits."""

    DOES = "does"
    ASKS = "asks"


class How(StrEnum):
    """How a fan took a reply."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class MandateState(StrEnum):
    SIGNED = "signed"
    REVOKED = "revoked"


class To(Struct, frozen=True):
    """Whom a reply is to: one answer, or a theme in public."""

    response: UUID | None = None
    theme: UUID | None = None


class Standing(Struct, frozen=True, kw_only=True):
    """All that decides whether a reply may go out.

    in_public: to a theme; then voices are the people behind it, and named whether a person named it.
    unread: what came into the talk since the writer looked.
    """

    feeling: str
    fact: str
    step: StepKind
    next_step: str
    owner_active: bool
    next_by: date | None
    today: date
    corrects: bool
    why: str
    writer_titled: bool
    writer_has_face: bool
    in_public: bool
    voices: int = 0
    fewest_voices: int = 0
    named: bool = True
    unread: int = 0


def why_not_reply(reply: Standing) -> list[Refused]:
    """Every reason against, in the order of the form; empty means go."""
    reasons = []
    if reply.in_public and not reply.named:
        reasons.append(Refused("reply.name-theme-first"))
    if reply.in_public and reply.voices < reply.fewest_voices:
        reasons.append(Refused("reply.too-few-voices", n=reply.voices, least=reply.fewest_voices))
    if reply.unread:
        reasons.append(Refused("reply.word-came", n=reply.unread))
    if reply.corrects and not reply.why.strip():
        reasons.append(Refused("reply.missing.why", field="why"))
    if not reply.feeling.strip() and not reply.fact.strip():
        reasons.append(Refused("reply.missing.words", field="feeling"))
    return [*reasons, *_no_next_step(reply), *_who_writes(reply)]


def _no_next_step(reply: Standing) -> list[Refused]:
    """Nothing ends without somebody who has it. A question back waits for the fan, so it needs no day."""
    reasons = []
    if not reply.next_step.strip():
        reasons.append(Refused("reply.missing.next_step", field="next_step"))
    if not reply.owner_active:
        reasons.append(Refused("reply.missing.next_owner", field="next_owner"))
    if reply.step is StepKind.DOES and reply.next_by is None:
        reasons.append(Refused("reply.missing.next_by", field="next_by"))
    elif reply.step is StepKind.DOES and reply.next_by is not None and reply.next_by < reply.today:
        reasons.append(Refused("reply.day-has-passed", field="next_by"))
    return reasons


def _who_writes(reply: Standing) -> list[Refused]:
    """A person with a role; in public with a face too."""
    reasons = []
    if not reply.writer_titled:
        reasons.append(Refused("reply.writer-untitled"))
    if reply.in_public and not reply.writer_has_face:
        reasons.append(Refused("reply.writer-without-face"))
    return reasons


def why_not_sign_off(*, is_writer: bool, leads: bool, may_publish: bool) -> str | None:
    """Why somebody may not let a reply out that no mandate covers; None means they may."""
    if is_writer:
        return "reply.not-your-own"
    return None if leads or may_publish else "reply.leaders-sign-off"


def why_not_cosign(*, is_writer: bool, leads: bool) -> str | None:
    if is_writer:
        return "reply.not-your-own"
    return None if leads else "reply.leaders-cosign"


def why_not_keep(*, owns: bool, wrote: bool, may_write: bool) -> str | None:
    """Why somebody may not say that a next step is done. Whoever sees to it may, whatever their role."""
    return None if owns or wrote or may_write else "reply.owner-says-done"


def covered_by(topics: Sequence[str], topic: int | None) -> bool:
    """Whether the mandate that holds has the topic that was chosen."""
    return topic is not None and 0 <= topic < len(topics)
