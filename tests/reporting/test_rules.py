"""A month is a month, and what a handful of people said cannot be read off the report."""

from datetime import date

import pytest

from hearback.reporting.rules import (
    Figures,
    Kept,
    Reached,
    Three,
    guarded,
    month_in,
    months_over,
    next_month,
)


def figures(**more):
    return Figures(
        **(
            {"asked": 1, "received": 9, "counted": 8, "decided": 1, "mistakes": 1}
            | {
                "read": Reached(8, 7, 2.0, 0),
                "replied": Reached(8, 4, 20.0, 1),
                "promises": Kept(1, 1, 1, 1, 1),
            }
            | {name: Three(4, 1, 0) for name in ("held", "better", "understood", "heard")}
            | more
        )
    )


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("2026-11", date(2026, 11, 1)),
        ("2028-02", date(2028, 2, 1)),
        ("2026-13", None),
        ("2026-1", None),
        ("1926-11", None),
        ("", None),
        ("2026-11-01", None),
        ("२०२६-११", None),
    ],
)
def test_an_address_names_a_month_or_nothing(text, month):
    assert month_in(text) == month


def test_december_is_followed_by_january():
    assert next_month(date(2026, 12, 1)) == date(2027, 1, 1)
    assert next_month(date(2028, 2, 1)) == date(2028, 3, 1)


@pytest.mark.parametrize(
    ("first", "today", "months"),
    [
        (date(2026, 11, 5), date(2026, 11, 30), []),
        (date(2026, 11, 5), date(2026, 12, 1), [date(2026, 11, 1)]),
        (date(2026, 11, 30), date(2027, 1, 31), [date(2026, 11, 1), date(2026, 12, 1)]),
        (date(2027, 5, 1), date(2026, 11, 1), []),  # a question that opens later, or a clock that jumped back
    ],
)
def test_only_months_that_are_over_are_told(first, today, months):
    assert months_over(first, today) == months


def test_two_years_are_enough():
    assert len(months_over(date(2001, 1, 1), date(2026, 11, 22))) == 24


def test_what_fewer_said_than_the_public_may_count_is_hidden_inside_as_well():
    few = Three(1, 1, 1)

    told = guarded(figures(better=few, understood=few, heard=few, read=Reached(3, 3, 1.0, 0)), 5)

    for one in (told.better, told.understood, told.heard):
        assert one == Three(hidden=True)
    assert (told.read.n, told.read.median) == (3, None)
    assert told.replied.median == 20.0
    assert told.held == Three(4, 1, 0)  # that is what we say ourselves


def test_nobody_is_not_a_few():
    assert not guarded(figures(heard=Three()), 5).heard.hidden


def test_a_share_of_nobody_is_no_figure():
    assert Reached().percent is None
    assert Reached(3, 2).percent == 66
    assert Reached(1000, 999).percent == 99
    assert Reached(7, 7).percent == 100


def test_who_has_waited_too_long_counts_as_somebody_whom_we_did_not_reach_in_time():
    assert Reached(81, 81, waiting=95, too_long=95).percent == 46
    assert Reached(81, 81, waiting=95, too_long=0).percent == 100, "the others are still in time"
    assert Reached(0, 0, waiting=137, too_long=137).percent == 0, "silence is a figure"
    assert Reached(0, 0, waiting=137, too_long=0).percent is None
    assert Reached(81, 81, waiting=95).percent == 46, "counted before we told how long"
