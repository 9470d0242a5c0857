"""Months by the calendar, as PostgreSQL counts them."""

from datetime import date

import pytest

from hearback.database.engine import fetch_value
from hearback.trust.retention import kept_until

DAYS = [
    (date(2026, 11, 22), 12, date(2027, 11, 22)),
    (date(2026, 1, 31), 1, date(2026, 2, 28)),
    (date(2027, 8, 31), 6, date(2028, 2, 29)),
    (date(2026, 12, 1), 1, date(2027, 1, 1)),
]


@pytest.mark.parametrize(("day", "months", "gone"), DAYS)
def test_so_many_months_later(day, months, gone):
    assert kept_until(day, months) == gone


async def test_the_database_means_the_same_day(pool):
    for day, months, gone in DAYS:
        assert await fetch_value("select ($1::date + make_interval(months => $2))::date", day, months) == gone
