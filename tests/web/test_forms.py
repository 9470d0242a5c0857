"""A form is read strictly, and every fault is named with what to do."""

from datetime import date
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Meta, Struct

from hearback.answering.rules import Quoting
from hearback.refusals import Faulty, Refused
from hearback.web.forms import most, read_form
from hearback.web.typed import parse_urlencoded


class Note(Struct, frozen=True, forbid_unknown_fields=True):
    title: Annotated[str, Meta(min_length=3, max_length=20)]
    by: date
    times: Annotated[int, Meta(ge=1)] = 1
    quoting: Quoting = Quoting.NO
    themes: list[str] = []


GOOD = {"title": ["Seite 6"], "by": ["2026-12-20"]}


def faults(typed):
    with pytest.raises(Faulty) as refused:
        read_form(Note, typed)
    return [(reason.field, reason.reason) for reason in refused.value.reasons]


def test_a_good_form_becomes_a_struct_with_its_defaults():
    note = read_form(Note, GOOD | {"themes": ["a", "b"], "_csrf": ["x"]})
    assert note == Note(title="Seite 6", by=date(2026, 12, 20), themes=["a", "b"])


def test_every_faulty_field_is_named_at_once_in_the_order_of_the_form():
    typed = {"title": ["ab"], "by": ["bald"], "times": ["viele"], "quoting": ["laut"]}
    assert faults(typed) == [
        ("title", "form.too-short"),
        ("by", "form.not-a-day"),
        ("times", "form.not-a-number"),
        ("quoting", "form.not-a-choice"),
    ]


@pytest.mark.parametrize("day", ["0206-12-20", "20261-12-20", "9999-12-31", "0001-01-01"])
def test_a_day_past_all_years_is_a_slip(day):
    assert faults(GOOD | {"by": [day]}) == [("by", "form.not-a-day")]


def test_what_is_missing_is_told_apart_from_what_is_too_short():
    assert faults({"by": ["2026-12-20"]}) == [("title", "form.missing")]
    assert faults(GOOD | {"title": ["   "]}) == [("title", "form.missing")]


@pytest.mark.parametrize(
    "unseen",
    [
        "\u200b\u2060\u200b",
        "\ufeff\ufeff\ufeff",
        "\u00ad\u00ad\u00ad",
        "\u3164\u3164\u3164",
        "\u2800 \u2800",
        "\U000e0041\ufe0f\u200d",
    ],
)
def test_what_nobody_sees_is_missing(unseen):
    assert faults(GOOD | {"title": [unseen]}) == [("title", "form.missing")]


@pytest.mark.parametrize(
    "seen", ["👩\u200d👩\u200d👧", "Schiff\u00adfahrt", "می\u200cخواهم", "e\u0301té", "\u200bJa!"]
)
def test_what_is_seen_stays_as_it_was_typed(seen):
    assert read_form(Note, GOOD | {"title": [seen]}).title == seen


def test_too_long_says_how_long_it_is():
    with pytest.raises(Faulty) as refused:
        read_form(Note, GOOD | {"title": ["x" * 25]})
    assert refused.value.reasons[0].values == {"most": 20, "have": 25}


def test_two_values_for_one_field_are_not_guessed():
    assert faults(GOOD | {"title": ["Seite 6", "Seite 7"]}) == [("title", "form.several-values")]


def test_a_field_that_the_form_does_not_know_is_refused():
    assert faults(GOOD | {"role": ["admin"]}) == [("", "form.unknown-field")]


def test_the_limit_of_a_field_stands_in_one_place():
    assert most(Note, "title") == 20


def test_line_ends_become_lf_before_anything_is_counted():
    assert parse_urlencoded(b"a=x%0D%0Ay%0Dz&a=2") == {"a": ["x\ny\nz", "2"]}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"a=%FF", "form.broken-letters"),
        (b"a=%00", "form.nul"),
        (b"&".join([b"a=1"] * 500), "form.too-many-fields"),
    ],
)
def test_what_cannot_be_kept_as_it_came_is_refused(body, reason):
    with pytest.raises(Refused, match=reason):
        parse_urlencoded(body)


@given(st.binary(max_size=300))
def test_no_body_at_all_breaks_the_reader(body):
    try:
        typed = parse_urlencoded(body)
    except Refused:
        return
    assert all(isinstance(value, str) for values in typed.values() for value in values)
