"""No company can choose a colour that people cannot read."""

import itertools
import json
from pathlib import Path

import pytest

from hearback.people.accent import accent, accent_css, contrast
from hearback.settings import PACKAGE

PAPER, SURFACE, GREY = "#f6f8f6", "#ffffff", "#4d565d"
DARK_PAPER, DARK_SURFACE, DARK_GREY = "#14181c", "#1c2126", "#b4bcc1"


def test_black_on_white_is_21_to_1():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


def test_every_colour_stays_readable_on_paper_on_its_wash_and_under_its_text():
    steps = [*range(0, 256, 32), 255]
    for red, green, blue in itertools.product(steps, repeat=3):
        colour = f"#{red:02x}{green:02x}{blue:02x}"
        made = accent(colour)
        pairs = {
            "on paper": (made.light, PAPER),
            "on a field": (made.light, SURFACE),
            "grey on its wash": (GREY, made.light_wash),
            "on its wash": (made.light, made.light_wash),
            "its text": (made.on_light, made.light),
            "dark, on paper": (made.dark, DARK_PAPER),
            "dark, on a field": (made.dark, DARK_SURFACE),
            "dark, grey on its wash": (DARK_GREY, made.dark_wash),
            "dark, on its wash": (made.dark, made.dark_wash),
            "dark, its text": (made.on_dark, made.dark),
        }
        assert {name: pair for name, pair in pairs.items() if contrast(*pair) < 4.5} == {}, colour


def test_a_colour_that_is_dark_enough_is_used_as_it_is():
    assert accent("#2b3f9e").light == "#2b3f9e"


def test_we_come_to_the_colours_that_the_browser_came_to(shared: Path):
    for seen in json.loads((shared / "look" / "contrast.json").read_text())["accents"]:
        made = accent(seen["t"])
        assert contrast(made.light, made.on_light) == pytest.approx(seen["light"]["on"], abs=0.15), seen["n"]
        assert contrast(made.dark, made.on_dark) == pytest.approx(seen["dark"]["on"], abs=0.15), seen["n"]


def test_a_page_without_a_company_wears_the_same_colour_as_one_that_chose_ours():
    made = accent("#2b3f9e")
    css = (PACKAGE / "static" / "hearback.css").read_text()
    assert f"light-dark({made.light}, {made.dark})" in css
    assert f"light-dark({made.light_wash}, {made.dark_wash})" in css


def test_the_stylesheet_holds_plain_colours_only():
    css = accent_css("#2b3f9e")
    assert "oklch" not in css
    assert "--accent:light-dark(#2b3f9e," in css
