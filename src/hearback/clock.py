"""What time it is, and which day it is for a company."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    return datetime.now(UTC)


def day_in(timezone: str, at: datetime) -> date:
    """The company's calendar day at that moment; days, not server midnights, decide what is late."""
    return at.astimezone(ZoneInfo(timezone)).date()


def midnight_after(timezone: str, at: datetime) -> datetime:
    """The next moment at which the company's day changes, in UTC."""
    return day_begins(timezone, date.fromordinal(day_in(timezone, at).toordinal() + 1))


def day_begins(timezone: str, day: date) -> datetime:
    """In UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(timezone)).astimezone(UTC)
