"""Clocks: what a promise is worth today. Computed from time, never clicked. No database, no web."""

from datetime import date
from enum import StrEnum


class PromiseKind(StrEnum):
    REPLY = "reply"
    REPAIR = "repair"
    LOOK_AGAIN = "look_again"
    NEXT_WORD = "next_word"
    STEP = "step"


class PromiseState(StrEnum):
    OPEN = "open"
    DUE = "due"
    OVERDUE = "overdue"
    KEPT = "kept"
    KEPT_LATE = "kept_late"


DUE_WITHIN_DAYS = 7


def state_of(due_on: date, kept_on: date | None, today: date) -> PromiseState:
    """today: the company's calendar day; the day itself is still in time."""
    if kept_on is not None:
        return PromiseState.KEPT if kept_on <= due_on else PromiseState.KEPT_LATE
    if today > due_on:
        return PromiseState.OVERDUE
    return PromiseState.DUE if (due_on - today).days <= DUE_WITHIN_DAYS else PromiseState.OPEN


def days_late(due_on: date, kept_on: date | None, today: date) -> int:
    return max(0, ((kept_on or today) - due_on).days)
