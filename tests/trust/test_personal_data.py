"""What counts as personal data, and what only looks like it."""

import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearback.bench.personal_data import Labelled, measure, shared_answers, ways
from hearback.trust.personal_data import Kind, personal_data

REACH = 0.95
UNITS = "a|A|0|0 |+4 |a@|@a|a.|Anna |A. |DE89 |Am Weiher 3, |1.|\n| |/|Grüße |www.a|B-A 1|Tel. 0|Anna Bo 0171 39200 14 "


@pytest.mark.parametrize("one", ways(), ids=lambda one: one.text[:40])
def test_every_way_of_writing_it_is_found_and_what_only_looks_like_it_is_left(one: Labelled) -> None:
    found = measure([one])

    assert found.missed == []
    assert found.wrong == []


def test_what_fans_wrote_is_found(shared) -> None:
    found = measure(shared_answers(shared))

    assert found.recall >= REACH, found.missed
    assert found.precision >= 0.9, found.wrong


def test_every_answer_that_is_flagged_holds_something(shared) -> None:
    """The flag is the author's own; our labels are not."""
    texts = [one for one in shared_answers(shared) if one.spans]

    assert len(texts) >= 10
    assert all(personal_data(one.text) for one in texts)


def test_the_kind_is_told() -> None:
    found = personal_data("Jule Brandt, jule@example.org, 0171 39200 14, DE89 3704 0044 0532 0130 00")

    assert [span.kind for span in found] == [Kind.NAME, Kind.MAIL, Kind.PHONE, Kind.IBAN]


def test_an_account_with_a_wrong_checksum_is_none() -> None:
    assert [span.kind for span in personal_data("DE89 3704 0044 0532 0130 01")] != [Kind.IBAN]


@given(st.text(max_size=300) | st.text(alphabet="aA@.0 +-\n/:,Ü", max_size=300))
def test_spans_lie_in_the_text_in_order_and_never_overlap(text: str) -> None:
    found = personal_data(text)

    assert all(0 <= span.start < span.end <= len(text) for span in found)
    assert all(before.end <= after.start for before, after in itertools.pairwise(found))


@pytest.mark.parametrize("unit", UNITS.split("|"))
def test_endless_repeats_cost_in_step_with_their_length(unit: str) -> None:
    """An expression that goes back over the text for every sign of it would need minutes for this."""
    began = time.process_time()
    personal_data(unit * (60_000 // len(unit)))

    assert time.process_time() - began < 5
