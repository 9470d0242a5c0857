"""What holds for every zone, every moment and every pair of days, leap days and changes of the clock included."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import available_timezones

from hypothesis import example, given
from hypothesis import strategies as st

from hearback.clock import day_in, midnight_after
from hearback.promises.rules import LATE, PromiseState, Whom, days_late, state_of, whom_to_tell
from hearback.promises.silence import silence

ZONES = st.sampled_from(sorted(available_timezones() - {"localtime", "Factory"}))
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2044, 1, 1), timezones=st.just(UTC))
DAYS = st.dates(date(2023, 1, 1), date(2045, 1, 1))
SPANS = st.integers(0, 120)
RUNNING = [PromiseState.OPEN, PromiseState.DUE, PromiseState.OVERDUE, PromiseState.VERY_OVERDUE]
HOUR = timedelta(hours=1)


@given(ZONES, MOMENTS, st.integers(-3, 45))
@example("Europe/Berlin", datetime(2026, 10, 25, 21, 59, 59, tzinfo=UTC), 0)
@example("Africa/Cairo", datetime(2026, 4, 23, 21, 59, 59, tzinfo=UTC), 0)
@example("Pacific/Kiritimati", datetime(2028, 2, 29, 9, 59, 59, tzinfo=UTC), 0)
def test_as_time_passes_a_promise_only_gets_worse_and_turns_at_the_companys_midnight(zone, at, in_days):
    due_on = day_in(zone, at) + timedelta(days=in_days)

    before, midnight = state_of(due_on, None, day_in(zone, at)), midnight_after(zone, at)
    after = state_of(due_on, None, day_in(zone, midnight))

    assert RUNNING.index(before) <= RUNNING.index(after)
    assert at < midnight <= at + 26 * HOUR
    assert state_of(due_on, None, day_in(zone, midnight - timedelta(microseconds=1))) == before
    assert (before in LATE) is (day_in(zone, at) > due_on)


@given(ZONES, MOMENTS)
def test_the_promised_day_is_in_time_from_its_first_to_its_last_hour(zone, at):
    due_on, moment = day_in(zone, at), at
    end = midnight_after(zone, at)
    while moment < end:
        assert state_of(due_on, None, day_in(zone, moment)) is PromiseState.DUE
        moment += HOUR
    assert state_of(due_on, None, day_in(zone, end)) is PromiseState.OVERDUE


@given(DAYS, DAYS, DAYS, DAYS)
def test_what_has_ended_stays_as_it_is_whatever_the_day(due_on, ended_on, today, later):
    for day in (today, later):
        assert state_of(due_on, ended_on, day) is (
            PromiseState.KEPT if ended_on <= due_on else PromiseState.KEPT_LATE
        )
        assert state_of(due_on, None, day, broken_on=ended_on) is PromiseState.BROKEN
    assert days_late(due_on, ended_on, today) == days_late(due_on, ended_on, later) >= 0


@given(DAYS, SPANS, st.lists(SPANS, max_size=12))
def test_owner_and_leaders_are_each_told_at_most_once_and_in_their_turn(made_on, promised, looked_after):
    """However seldom the clock strikes, and though it jumps back."""
    due_on = made_on + timedelta(days=promised)
    told: dict[Whom, date] = {}
    for days in [*looked_after, *sorted(looked_after), 121]:
        today = made_on + timedelta(days=days)
        whom = whom_to_tell(
            due_on, made_on, today, owner_told=Whom.OWNER in told, leaders_told=Whom.LEADERS in told
        )
        if whom is not None:
            assert whom not in told
            told[whom] = today

    assert told[Whom.LEADERS] > due_on
    if Whom.OWNER in told:
        assert made_on < told[Whom.OWNER] <= due_on


@given(DAYS, SPANS)
def test_who_looks_every_day_tells_the_owner_first_wherever_a_day_lies_between(made_on, promised):
    due_on, told = made_on + timedelta(days=promised), []
    for days in range(promised + 2):
        today = made_on + timedelta(days=days)
        whom = whom_to_tell(
            due_on, made_on, today, owner_told=Whom.OWNER in told, leaders_told=Whom.LEADERS in told
        )
        told += [whom] if whom else []

    assert told == ([Whom.OWNER, Whom.LEADERS] if promised else [Whom.LEADERS])


@given(DAYS, DAYS, DAYS)
def test_a_clock_of_silence_never_leaves_its_face(since, promised, today):
    clock = silence(since, promised, today)

    assert clock.days == max(0, (today - since).days)
    assert 0 <= clock.at <= 100
    assert (clock.due is None) is (promised < since)
    assert 0 <= (clock.due or 0) <= 100
    assert clock.over is (today > promised)
