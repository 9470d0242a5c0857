"""No company can choose a colour that people cannot read."""

import itertools

import pytest

from hearback.people.accent import accent, accent_css, contrast

PAPER, INK_DARK = "#f6f8f6", "#14181c"


def test_black_on_white_is_21_to_1():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


def test_every_colour_stays_readable_on_paper_on_its_wash_and_under_its_text():
    steps = [*range(0, 256, 32), 255]
    for red, green, blue in itertools.product(steps, repeat=3):
        colour = f"#{red:02x}{green:02x}{blue:02x}"
        made = accent(colour)
        pairs = {
            "on paper": (made.light, PAPER),
            "on its wash": (made.light, made.light_wash),
            "its text": (made.on_light, made.light),
            "dark, on paper": (made.dark, INK_DARK),
            "dark, on its wash": (made.dark, made.dark_wash),
            "dark, its text": (made.on_dark, made.dark),
        }
        assert {name: pair for name, pair in pairs.items() if contrast(*pair) < 4.5} == {}, colour


def test_a_colour_that_is_dark_enough_is_used_as_it_is():
    assert accent("#2b3f9e").light == "#2b3f9e"


def test_the_stylesheet_holds_plain_colours_only():
    css = accent_css("#2b3f9e")
    assert "oklch" not in css
    assert "--accent:light-dark(#2b3f9e," in css
