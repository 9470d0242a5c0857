"""The greeting."""

import pytest

from hearback.today.rules import part_of_day


@pytest.mark.parametrize(("hour", "part"), [(7, "morning"), (11, "day"), (17, "day"), (18, "evening")])
def test_the_greeting_knows_the_time_of_day(hour, part):
    assert part_of_day(hour) == part
