"""When everything is grouped anew, and how a theme is told in the list. No database."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from hearback.themes.rules import asks_whether_due, grouping_is_due, over_time, stage

DAY = date(2026, 11, 1)


@pytest.mark.parametrize(
    ("excerpts", "unsorted", "last", "due"),
    [
        (29, 29, None, False),
        (30, 30, None, True),
        (100, 20, (100, 20), False),
        (109, 29, (100, 20), False),
        (110, 30, (100, 20), True),
        (110, 50, (100, 41), False),
        (149, 20, (100, 20), False),
        (150, 20, (100, 20), True),
        (38, 9, (30, 3), False),
    ],
)
def test_a_grouping_is_worth_it_once_enough_has_come(excerpts, unsorted, last, due):
    assert grouping_is_due(excerpts, unsorted, last) is due


@pytest.mark.parametrize(("excerpts", "asked"), [(0, 1.0), (399, 1.0), (10_000, 1 / 50), (100_000, 1 / 500)])
def test_the_larger_a_company_the_fewer_answers_have_all_excerpts_counted(excerpts, asked):
    ids = [UUID(int=number) for number in range(10_000)]

    assert sum(asks_whether_due(one, excerpts) for one in ids) / len(ids) == asked


def test_voices_over_time_are_all_there_in_at_most_fourteen_points():
    days = {DAY + timedelta(days=n): n + 1 for n in range(40)}

    found = over_time(days, DAY, DAY + timedelta(days=39))

    assert len(found) <= 14
    assert sum(found) == sum(days.values())
    assert over_time({DAY: 3}, DAY, DAY) == [3, 0]
    assert over_time({DAY - timedelta(days=1): 3}, DAY, DAY + timedelta(days=1)) == [0, 0]


def test_what_was_said_in_public_is_told_before_what_is_being_done():
    told = {"named": True, "weight_reason": "schließt aus", "note": "changed", "actions": ["planned"]}

    assert stage(**told) == "note.changed"
    assert stage(**told | {"note": None}) == "action.planned"
    assert stage(**told | {"note": None, "actions": ["done", "in_progress"]}) == "action.in_progress"
    assert stage(**told | {"note": None, "actions": []}) == "weighted"
    assert stage(named=True, weight_reason="", note=None, actions=[]) == "open"
    assert stage(named=False, weight_reason="", note=None, actions=[]) == "suggested"
