"""A code that cannot be guessed, that forgives how it is typed, and that a retry gets again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hearback.answering.code import ALPHABET, code_hash, read_code, receipt_code, shown

KEY = "0" * 32


def test_the_same_form_with_the_same_content_gets_the_same_code():
    assert receipt_code("s", KEY, b"words") == receipt_code("s", KEY, b"words")


@pytest.mark.parametrize(
    "other", [("x", KEY, b"words"), ("s", "1" * 32, b"words"), ("s", KEY, b"other words")]
)
def test_another_secret_form_or_content_gets_another_code(other):
    assert receipt_code(*other) != receipt_code("s", KEY, b"words")


@given(st.binary(max_size=50))
def test_a_code_is_26_signs_and_reads_back_however_it_is_typed(content):
    code = receipt_code("s", KEY, content)
    assert len(code) == 26
    assert set(code) <= set(ALPHABET)
    typed = shown(code).lower().replace("0", "o").replace("1", "l").replace("-", " - ")
    assert read_code(typed) == code


@pytest.mark.parametrize("typed", ["", "abc", "U" * 26, "0" * 25, "0" * 27, "ä" * 26])
def test_what_is_no_code_is_none(typed):
    assert read_code(typed) is None


def test_the_database_never_sees_the_code():
    assert b"0" * 26 not in code_hash("0" * 26)
    assert len(code_hash("0" * 26)) == 32
