"""Time says what a promise is worth; nobody clicks it."""

from datetime import date

import pytest

from hearback.promises.rules import PromiseState, days_late, state_of

DAY = date(2026, 12, 20)


@pytest.mark.parametrize(
    ("kept_on", "today", "state", "late"),
    [
        (None, date(2026, 11, 1), PromiseState.OPEN, 0),
        (None, date(2026, 12, 12), PromiseState.OPEN, 0),
        (None, date(2026, 12, 13), PromiseState.DUE, 0),
        (None, DAY, PromiseState.DUE, 0),
        (None, date(2026, 12, 21), PromiseState.OVERDUE, 1),
        (None, date(2027, 1, 31), PromiseState.OVERDUE, 42),
        (DAY, date(2027, 1, 31), PromiseState.KEPT, 0),
        (date(2026, 12, 21), date(2027, 1, 31), PromiseState.KEPT_LATE, 1),
    ],
)
def test_state_follows_from_the_days_alone(kept_on, today, state, late):
    assert state_of(DAY, kept_on, today) == state
    assert days_late(DAY, kept_on, today) == late
