"""What the pictures say: the same in the drawing, in the sentence and in the table."""

from datetime import date, timedelta

import pytest

from hearback.themes.figures import MAP_WIDTH, MOST_NUMBERED, NUMBER_APART, mapped, shares, story
from hearback.themes.queries.picture import Dot, Shared
from tests import made

MONDAY = date(2026, 3, 2)


def days(*after):
    """One voice so many days after a Monday."""
    return {MONDAY + timedelta(days=n): 1 for n in after}


def test_without_voices_there_is_no_story():
    assert story({}, MONDAY) is None


def test_a_young_theme_is_told_day_by_day_without_gaps():
    told = story({MONDAY: 1, MONDAY + timedelta(days=3): 4}, MONDAY + timedelta(days=4))

    assert told.unit == "day"
    assert [one.people for one in told.stretches] == [1, 0, 0, 4, 0]
    assert (told.people, told.busiest.first) == (5, MONDAY + timedelta(days=3))


def test_some_weeks_are_told_by_weeks_from_monday():
    told = story(days(6, 7, 8, 30), MONDAY + timedelta(days=34))

    assert told.unit == "week"
    assert [one.people for one in told.stretches] == [1, 2, 0, 0, 1]
    assert all(one.first.weekday() == 0 for one in told.stretches)
    assert told.busiest.first == MONDAY + timedelta(days=7)


def test_more_than_half_a_year_is_told_by_months():
    told = story({date(2025, 11, 30): 2, date(2026, 1, 31): 5, date(2026, 2, 1): 1}, date(2026, 8, 31))

    assert told.unit == "month"
    assert [(one.first.month, one.people) for one in told.stretches][:4] == [(11, 2), (12, 0), (1, 5), (2, 1)]
    assert len(told.stretches) == 10
    assert told.busiest.first == date(2026, 1, 1)


def test_no_time_is_called_the_busiest_where_two_were_as_busy():
    told = story(days(0, 3), MONDAY + timedelta(days=5))

    assert (told.busiest, told.most) == (None, 1)


@pytest.mark.parametrize("until", [0, 20, 200, 2000])
def test_no_voice_is_lost_whatever_the_unit(until):
    voices = {MONDAY + timedelta(days=n): n + 1 for n in range(0, until + 1, 3)}

    assert story(voices, MONDAY + timedelta(days=until)).people == sum(voices.values())


def test_a_voice_from_tomorrow_in_another_time_zone_is_told_too():
    assert story(days(1), MONDAY).people == 1


def test_shares_add_up_and_stand_in_one_order_for_every_theme():
    stones, pictures = made.some_id(), made.some_id()
    found = shares(
        [
            Shared(stones, "file", "de", 3),
            Shared(stones, "web", "en", 1),
            Shared(pictures, "web", "de", 5),
            Shared(pictures, "web", "pl", 1),
            Shared(pictures, "web", "fr", 1),
            Shared(None, "file", "de", 3),
            Shared(None, "web", "de", 5),
            Shared(None, "web", "en", 1),
            Shared(None, "web", "pl", 1),
            Shared(None, "web", "fr", 1),
        ]
    )

    assert [(one.key, one.people) for one in found[None].channels] == [("web", 8), ("file", 3)]
    assert [(one.key, one.people) for one in found[stones].channels] == [("web", 1), ("file", 3)]
    assert [(one.key, one.people) for one in found[pictures].languages] == [("de", 5), ("other", 2)]
    for of in found.values():
        assert of.people == sum(one.people for one in of.channels) == sum(one.people for one in of.languages)


def dot(theme, x, y):
    return Dot(made.some_id(), theme, x, y, "Rot ist wie Grün.", "de")


def test_without_dots_there_is_no_map():
    assert mapped([]) is None


def test_every_dot_is_drawn_within_the_map_and_up_is_up():
    stones = made.some_id()
    drawn = mapped([dot(stones, -1, 0), dot(stones, 1, 0.5), dot(None, 0, -0.25)])

    spots = [one for group in drawn.groups for one in group.dots]
    assert len(spots) == drawn.dots == 3
    assert all(0 < one.x < drawn.width <= MAP_WIDTH and 0 < one.y < drawn.height for one in spots)
    [left, right] = drawn.groups[-1].dots
    assert left.x < right.x and left.y > right.y


def test_what_is_in_no_theme_lies_below_the_others_and_has_no_number():
    small, large = made.some_id(), made.some_id()
    drawn = mapped([dot(small, 0, 0), dot(None, 0, 1), dot(large, 1, 0), dot(large, 1, 1)])

    assert [(one.theme, one.number) for one in drawn.groups] == [(None, None), (large, 1), (small, 2)]


def test_beside_a_theme_lie_those_that_are_nearest():
    left, middle, right, far = themes = [made.some_id() for _ in range(4)]
    drawn = mapped([dot(theme, x, 0) for theme, x in zip(themes, (-1, -0.8, -0.5, 1), strict=True)])

    beside = {one.theme: one.beside for one in drawn.groups}
    assert beside[left] == [middle, right]
    assert beside[far] == [right, middle]


def test_numbers_do_not_stand_on_each_other_and_not_every_theme_has_one():
    drawn = mapped([dot(made.some_id(), 0.01 * (n % 3), 0.01 * (n % 5)) for n in range(MOST_NUMBERED + 3)])

    numbered = [one for one in drawn.groups if one.number]
    assert len(numbered) == MOST_NUMBERED and len(drawn.groups) == MOST_NUMBERED + 3
    for one in numbered:
        for other in numbered:
            assert one is other or abs(one.x - other.x) + abs(one.y - other.y) >= NUMBER_APART
