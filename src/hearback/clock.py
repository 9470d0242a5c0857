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
    zone = ZoneInfo(timezone)
    tomorrow = date.fromordinal(at.astimezone(zone).date().toordinal() + 1)
    return datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=zone).astimezone(UTC)
