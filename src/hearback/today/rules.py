"""How long a question has been met with silence, and what time of day it is. No database, no web."""

from datetime import date

from msgspec import Struct


class Silence(Struct, frozen=True):
    """days: since the last public word; promised_after: the day, counted alike, that was promised.

    at, due: shares of the clock, 0 to 100, on one scale that shows both.
    """

    days: int
    promised_after: int
    over: bool
    at: int
    due: int


def silence(since: date, promised: date, today: date) -> Silence:
    """since: the opening, or the last note that spoke of it."""
    days, promised_after = max(0, (today - since).days), max(1, (promised - since).days)
    whole = max(days, promised_after)
    return Silence(
        days=days,
        promised_after=promised_after,
        over=today > promised,
        at=round(100 * days / whole),
        due=round(100 * promised_after / whole),
    )


def part_of_day(hour: int) -> str:
    """A key for the greeting."""
    if hour < 11:
        return "morning"
    return "day" if hour < 18 else "evening"
