"""How long words are kept: so many months from the day of the answer, by the calendar. No database, no web."""

import calendar
from datetime import date

KEPT_MONTHS = 12
MOST_MONTHS = 120


def kept_until(day: date, months: int) -> date:
    """The day on which they go; where a month is too short, its last. As PostgreSQL adds months to a date."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
