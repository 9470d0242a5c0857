"""Clocks: what a promise is worth today. Computed from time, never clicked. No database, no web."""

from datetime import date, timedelta
from enum import StrEnum


class PromiseKind(StrEnum):
    """STEP: the next step of a reply. FOLLOW_UP: the day on which we say whether a repair has held."""

    REPLY = "reply"
    REPAIR = "repair"
    LOOK_AGAIN = "look_again"
    NEXT_WORD = "next_word"
    STEP = "step"
    FOLLOW_UP = "follow_up"
    ACTION = "action"


class PromiseState(StrEnum):
    OPEN = "open"
    DUE = "due"
    OVERDUE = "overdue"
    VERY_OVERDUE = "very_overdue"
    KEPT = "kept"
    KEPT_LATE = "kept_late"
    BROKEN = "broken"


class Held(StrEnum):
    """Whether what we repaired has held since."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class Whom(StrEnum):
    """Who is told of a promise."""

    OWNER = "owner"
    LEADERS = "leaders"


LATE = frozenset({PromiseState.OVERDUE, PromiseState.VERY_OVERDUE})
DUE_WITHIN_DAYS = 7
VERY_OVERDUE_AFTER_DAYS = 30
# Kept where the thing itself is done, so that nobody clicks a promise away. The key says where that is.
KEPT_ELSEWHERE = {
    PromiseKind.REPLY: "promise.reply-needs-a-note",
    PromiseKind.NEXT_WORD: "promise.word-needs-a-note",
    PromiseKind.ACTION: "promise.action-is-done-there",
}
# Handed over where the thing itself is, which names its owner too.
OWNED_ELSEWHERE = {
    PromiseKind.STEP: "promise.step-names-its-owner",
    PromiseKind.ACTION: "promise.action-names-its-owner",
}


def state_of(
    due_on: date, kept_on: date | None, today: date, *, broken_on: date | None = None
) -> PromiseState:
    """today: the company's calendar day; the day itself is still in time. Weekends and holidays are days like others:
    whoever waits, waits on them too."""
    if broken_on is not None:
        return PromiseState.BROKEN
    if kept_on is not None:
        return PromiseState.KEPT if kept_on <= due_on else PromiseState.KEPT_LATE
    late = (today - due_on).days
    if late > VERY_OVERDUE_AFTER_DAYS:
        return PromiseState.VERY_OVERDUE
    if late > 0:
        return PromiseState.OVERDUE
    return PromiseState.DUE if -late <= DUE_WITHIN_DAYS else PromiseState.OPEN


def days_late(due_on: date, kept_on: date | None, today: date) -> int:
    return max(0, ((kept_on or today) - due_on).days)


def whom_to_tell(
    due_on: date, made_on: date | None, today: date, *, owner_told: bool, leaders_told: bool
) -> Whom | None:
    """The owner before it turns red, leadership when it has; each once. Nobody is reminded on the day they promise.

    made_on: None where somebody else promised it. Its owner may not know yet, and is told on the day it is due too.
    """
    if today > due_on:
        return None if leaders_told else Whom.LEADERS
    near = due_on - timedelta(days=DUE_WITHIN_DAYS)
    if made_on is not None:
        near = max(near, made_on + timedelta(days=1))
    return Whom.OWNER if today >= near and not owner_told else None
