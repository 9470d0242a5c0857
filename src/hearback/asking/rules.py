"""What a question is and when people can answer it. No database, no web."""

from datetime import datetime
from enum import StrEnum


class PromptKind(StrEnum):
    OPEN = "open"
    CHOICE = "choice"
    CHOICES = "choices"
    SCALE = "scale"


class QuestionState(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class Now(StrEnum):
    """What a fan finds at the question's address."""

    NOT_YET = "not_yet"
    OPEN = "open"
    CLOSED = "closed"


def what_a_fan_finds(state: QuestionState, opens_at: datetime, closes_at: datetime, now: datetime) -> Now:
    """A draft is nobody's business and must have been refused before."""
    if state is QuestionState.CLOSED or now >= closes_at:
        return Now.CLOSED
    return Now.OPEN if now >= opens_at else Now.NOT_YET
