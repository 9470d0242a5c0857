"""Silence is counted in days, against the day that was promised."""

from datetime import date

import pytest

from hearback.today.rules import part_of_day, silence

OPENED, PROMISED = date(2026, 11, 1), date(2026, 11, 21)


def test_within_the_promise_the_clock_runs_towards_the_promised_day():
    clock = silence(OPENED, PROMISED, date(2026, 11, 6))
    assert (clock.days, clock.promised_after, clock.over) == (5, 20, False)
    assert (clock.at, clock.due) == (25, 100)


def test_the_promised_day_itself_is_still_in_time():
    assert not silence(OPENED, PROMISED, PROMISED).over


def test_past_the_promise_the_promised_day_moves_back_on_the_clock():
    clock = silence(OPENED, PROMISED, date(2026, 12, 11))
    assert clock.over
    assert (clock.at, clock.due) == (100, 50)


@pytest.mark.parametrize(("hour", "part"), [(7, "morning"), (11, "day"), (17, "day"), (18, "evening")])
def test_the_greeting_knows_the_time_of_day(hour, part):
    assert part_of_day(hour) == part
