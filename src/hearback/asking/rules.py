"""What a question is, and when people can answer it. No database, no web."""

import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from hearback.refusals import Refused


class PromptKind(StrEnum):
    OPEN = "open"
    CHOICE = "choice"
    CHOICES = "choices"
    SCALE = "scale"
    RANKING = "ranking"
    YES_NO = "yes_no"


WRITTEN_OPTIONS = frozenset({PromptKind.CHOICE, PromptKind.CHOICES, PromptKind.RANKING})
WITH_OTHER = frozenset({PromptKind.CHOICE, PromptKind.CHOICES})
DECIDING = frozenset({PromptKind.CHOICE, PromptKind.CHOICES, PromptKind.YES_NO, PromptKind.SCALE})
"""What a condition can look back at."""


class QuestionState(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class Now(StrEnum):
    """What a fan finds at the question's address."""

    NOT_YET = "not_yet"
    OPEN = "open"
    FULL = "full"
    CLOSED = "closed"


class Results(StrEnum):
    """From when people see how others chose; never before they answered."""

    ANSWERED = "answered"
    CLOSED = "closed"
    NEVER = "never"


WEEKS_TO_ANSWER = timedelta(weeks=2)  # of a question that was just begun
WEEKS_TO_REPLY = timedelta(weeks=4)
MOST_PROMPTS = 20
MOST_ANSWERS = 1_000_000  # as a limit that an author sets
MOST_OPTIONS = 20
LONGEST_OPTION = 200
SHORT_SIGNS = "23456789cdfhkmpr"
SHORT = re.compile(f"[{SHORT_SIGNS}]{{8}}", re.IGNORECASE)
TO_SHORT = str.maketrans("0123456789abcdef", SHORT_SIGNS)
FROM_SHORT = str.maketrans(SHORT_SIGNS, "0123456789abcdef")
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def is_asked(if_prompt: int | None, if_picks: Sequence[int], picked: Mapping[int, Collection[int]]) -> bool:
    """picked: for each position of a prompt, what was picked there."""
    return if_prompt is None or any(pick in if_picks for pick in picked.get(if_prompt, ()))


def what_a_fan_finds(state: QuestionState, opens_at: datetime, closes_at: datetime, now: datetime) -> Now:
    """A draft is nobody's business and must have been refused before."""
    if state is QuestionState.CLOSED or now >= closes_at:
        return Now.CLOSED
    return Now.OPEN if now >= opens_at else Now.NOT_YET


def state_at(state: QuestionState, closes_at: datetime, now: datetime) -> QuestionState:
    """An open question whose last day has passed is closed, though nobody closed it."""
    return QuestionState.CLOSED if state is QuestionState.OPEN and now >= closes_at else state


def why_not_open(
    *, prompts: int, required: int, closes_on: date, reply_by: date, today: date, bare_scales: int = 0
) -> list[Refused]:
    """Every reason why a question cannot be opened yet; empty means go.

    required: those that are always asked; bare_scales: scales of which one cannot tell what an end means.
    """
    reasons = []
    if prompts == 0:
        reasons.append(Refused("question.no-prompt", field="prompts"))
    elif required == 0:
        reasons.append(Refused("question.nothing-required", field="prompts"))
    if bare_scales:
        reasons.append(Refused("question.scale-ends", field="prompts"))
    if closes_on < today:
        reasons.append(Refused("question.closes-in-the-past", field="closes_on"))
    if reply_by < closes_on:
        reasons.append(Refused("question.reply-before-closing", field="reply_by"))
    return reasons


def short_of(question_id: UUID) -> str:
    """Eight signs that nobody mixes up when they are read aloud or copied from paper; the index `question_short`
    finds the question by them and keeps them unique."""
    return hashlib.sha256(question_id.bytes).hexdigest()[:8].translate(TO_SHORT)


def from_short(short: str) -> str | None:
    """As the index has it; None for what can be no short address."""
    return short.lower().translate(FROM_SHORT) if SHORT.fullmatch(short) else None


def slug_of(title: str, *, otherwise: str) -> str:
    """`Was stört euch?` → `was-stoert-euch`; at most 60 characters, cut between words. otherwise: where no letter is
    left that an address can hold."""
    plain = re.sub(r"[^a-z0-9]+", "-", title.lower().translate(UMLAUTS)).strip("-")
    if len(plain) > 60:
        plain = plain[:60].rpartition("-")[0] or plain[:60]
    return plain or otherwise
