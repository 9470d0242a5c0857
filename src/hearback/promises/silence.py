"""How long something has been met with silence. No database, no web."""

from datetime import date

from msgspec import Struct


class Silence(Struct, frozen=True):
    """days: since the last public word; promised_after: the day, counted alike, that was promised; None where none was,
    or where that word came only after it.

    over: past the promised day. at, due: shares of the clock, 0 to 100, on one scale that shows both; due: None as
    promised_after is.
    """

    days: int
    promised_after: int | None
    over: bool
    at: int
    due: int | None


def silence(since: date, promised: date | None, today: date) -> Silence:
    """since: our last public word, or what came before any: the opening of a question, the day a theme was there."""
    days = max(0, (today - since).days)
    over = promised is not None and today > promised
    if promised is None or promised < since:
        return Silence(days=days, promised_after=None, over=over, at=100 if days or over else 0, due=None)
    promised_after = max(1, (promised - since).days)
    whole = max(days, promised_after)
    return Silence(
        days=days,
        promised_after=promised_after,
        over=over,
        at=round(100 * days / whole),
        due=round(100 * promised_after / whole),
    )
