"""The figures by which the border of what is close was chosen."""

from hearback.bench.closeness import Row, Shown, rows

SHOWN = [
    Shown(frozenset({"toilets"}), [("toilets", 0.9), ("prices", 0.3)]),
    Shown(frozenset({"trains"}), [("prices", 0.4), ("trains", 0.3), ("toilets", 0.2), ("sound", 0.1)]),
    Shown(frozenset(), [("sound", 0.3)]),
]


def test_a_lower_border_meets_more_fans_and_shows_more_of_what_is_not_theirs():
    assert rows(SHOWN, (0.1, 0.35, 0.95)) == [
        Row(0.1, met=1.0, right=2 / 6, lost=1 / 3),
        Row(0.35, met=0.5, right=0.5, lost=1 / 3),
        Row(0.95, met=0.0, right=0.0, lost=0.0),
    ]
