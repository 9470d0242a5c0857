"""Time says what a promise is worth; nobody clicks it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from hearback.clock import day_in, midnight_after
from hearback.promises.rules import (
    DUE_WITHIN_DAYS,
    VERY_OVERDUE_AFTER_DAYS,
    PromiseState,
    days_late,
    state_of,
)

DAY = date(2026, 12, 20)
OPEN, DUE, OVERDUE, VERY_OVERDUE = (
    PromiseState.OPEN,
    PromiseState.DUE,
    PromiseState.OVERDUE,
    PromiseState.VERY_OVERDUE,
)


@pytest.mark.parametrize(
    ("kept_on", "today", "state", "late"),
    [
        (None, date(2026, 11, 1), OPEN, 0),
        (None, date(2026, 12, 12), OPEN, 0),
        (None, date(2026, 12, 13), DUE, 0),
        (None, DAY, DUE, 0),
        (None, date(2026, 12, 21), OVERDUE, 1),
        (None, date(2027, 1, 19), OVERDUE, 30),
        (None, date(2027, 1, 20), VERY_OVERDUE, 31),
        (None, date(2027, 1, 31), VERY_OVERDUE, 42),
        (DAY, date(2027, 1, 31), PromiseState.KEPT, 0),
        (date(2026, 12, 21), date(2027, 1, 31), PromiseState.KEPT_LATE, 1),
    ],
)
def test_state_follows_from_the_days_alone(kept_on, today, state, late):
    assert state_of(DAY, kept_on, today) == state
    assert days_late(DAY, kept_on, today) == late


@pytest.mark.parametrize("today", [date(2026, 11, 1), DAY, date(2026, 12, 21), date(2027, 6, 1)])
def test_what_we_said_we_will_not_keep_is_broken_whatever_the_day(today):
    assert state_of(DAY, None, today, broken_on=date(2026, 12, 1)) == PromiseState.BROKEN


def test_every_state_is_reached_in_the_order_of_time():
    days = [DAY + timedelta(days=n) for n in range(-60, 61)]
    states = [state_of(DAY, None, day) for day in days]

    assert list(dict.fromkeys(states)) == [OPEN, DUE, OVERDUE, VERY_OVERDUE]
    assert states.count(DUE) == DUE_WITHIN_DAYS + 1
    assert states.count(OVERDUE) == VERY_OVERDUE_AFTER_DAYS


@pytest.mark.parametrize(
    "due_on",
    [
        date(2026, 12, 24),  # Christmas Eve, and the two holidays after it
        date(2026, 12, 26),  # a Saturday and a holiday
        date(2027, 1, 1),
        date(2027, 3, 26),  # Good Friday
        date(2026, 11, 22),  # a Sunday
        date(2026, 10, 3),
    ],
)
def test_neither_weekends_nor_holidays_are_an_excuse(due_on):
    assert state_of(due_on, None, due_on) == DUE
    assert state_of(due_on, None, due_on + timedelta(days=1)) == OVERDUE
    assert state_of(due_on, due_on + timedelta(days=1), due_on + timedelta(days=9)) == PromiseState.KEPT_LATE


@pytest.mark.parametrize(
    ("due_on", "today", "late"),
    [
        (date(2028, 2, 28), date(2028, 2, 29), 1),
        (date(2028, 2, 28), date(2028, 3, 1), 2),
        (date(2027, 2, 28), date(2027, 3, 1), 1),
        (date(2028, 2, 29), date(2028, 2, 29), 0),
        (date(2028, 2, 29), date(2029, 2, 28), 365),
        (date(2100, 2, 28), date(2100, 3, 1), 1),
        (date(2027, 12, 31), date(2028, 1, 1), 1),
    ],
)
def test_leap_days_count_like_others(due_on, today, late):
    assert days_late(due_on, None, today) == late
    assert (state_of(due_on, None, today) == DUE) is (late == 0)


# Last moment of the promised day, as the company's clocks count it, and one second later.
@pytest.mark.parametrize(
    ("timezone", "due_on", "last_moment"),
    [
        ("Europe/Berlin", date(2026, 12, 20), "2026-12-20T22:59:59"),
        ("Europe/Berlin", date(2026, 3, 29), "2026-03-29T21:59:59"),  # this day has 23 hours
        ("Europe/Berlin", date(2026, 10, 25), "2026-10-25T22:59:59"),  # and this one 25
        ("America/Los_Angeles", date(2026, 11, 1), "2026-11-02T07:59:59"),
        ("America/Santiago", date(2026, 9, 5), "2026-09-06T03:59:59"),  # the next day has no midnight
        ("Africa/Cairo", date(2026, 4, 23), "2026-04-23T21:59:59"),  # nor has this one's
        ("Africa/Cairo", date(2026, 10, 29), "2026-10-29T21:59:59"),  # its last hour comes twice
        ("Asia/Beirut", date(2026, 10, 24), "2026-10-24T21:59:59"),
        ("Pacific/Kiritimati", date(2026, 12, 31), "2026-12-31T09:59:59"),
        ("Pacific/Apia", date(2011, 12, 29), "2011-12-30T09:59:59"),  # the 30th never was
        ("Pacific/Pago_Pago", date(2026, 12, 31), "2027-01-01T10:59:59"),
        ("Asia/Kathmandu", date(2028, 2, 29), "2028-02-29T18:14:59"),
        ("Australia/Lord_Howe", date(2026, 4, 4), "2026-04-04T12:59:59"),  # clocks move by half an hour
        ("UTC", date(2026, 12, 31), "2026-12-31T23:59:59"),
    ],
)
def test_the_promised_day_ends_when_it_ends_for_the_company(timezone, due_on, last_moment):
    last = datetime.fromisoformat(last_moment).replace(tzinfo=UTC)

    assert state_of(due_on, None, day_in(timezone, last)) == DUE
    assert state_of(due_on, None, day_in(timezone, last + timedelta(seconds=1))) == OVERDUE
    assert midnight_after(timezone, last) == last + timedelta(seconds=1)


@pytest.mark.parametrize("timezone", ["Europe/Berlin", "Africa/Cairo", "America/Santiago", "Pacific/Apia"])
def test_a_page_is_never_kept_beyond_the_day_it_was_made_on(timezone):
    at = datetime(2026, 1, 1, tzinfo=UTC)
    for _ in range(2 * 366):
        until = midnight_after(timezone, at)
        assert day_in(timezone, until - timedelta(seconds=1)) == day_in(timezone, at)
        assert day_in(timezone, until) > day_in(timezone, at)
        at += timedelta(hours=12)


@pytest.mark.parametrize("jump", [timedelta(hours=-1), timedelta(hours=1), timedelta(days=-400)])
def test_a_clock_that_jumps_makes_no_negative_days(jump):
    at = datetime(2026, 12, 20, 22, 59, 59, tzinfo=UTC)

    today = day_in("Europe/Berlin", at + jump)

    assert days_late(DAY, None, today) == max(0, (today - DAY).days)
    assert days_late(DAY, today, today) >= 0
    assert state_of(DAY, None, today) in (OPEN, DUE, OVERDUE)
