"""A second model reads the same texts, where the machine can."""

import os

import numpy as np
import pytest

from hearback.themes import second_reading
from hearback.themes.planning import as_read, open_codebook
from hearback.themes.reading.codebook import starter_entries
from hearback.themes.reading.pool import open_pool
from hearback.themes.second_reading import (
    DIMENSIONS,
    computed,
    from_stored,
    key_of,
    read_again,
    to_store,
    why_not,
)
from hearback.themes.starter.keeping import texts_to_keep
from hearback.themes.trying import theming
from hearback.themes.trying.rows import Given, Row
from hearback.themes.trying.theming import excerpts_of, theme

here = pytest.mark.skipif(bool(why_not()), reason=f"no second reading here: {why_not()}")


@pytest.fixture
def another_machine(monkeypatch):
    """Calls why_not() as on a machine of another kind."""
    why_not.cache_clear()
    yield monkeypatch
    why_not.cache_clear()


@here
def test_german_and_english_that_mean_the_same_lie_near():
    german, english, other = read_again(
        ["Die Toiletten waren dreckig.", "The toilets were dirty.", "Der Zug kam zu spät."]
    )
    assert german @ english > german @ other


@here
def test_a_text_is_read_alike_alone_and_among_others():
    texts = ["Die Toiletten waren dreckig.", "Zu laut!", "", "🤮", "\ud800", "Zu laut!"]
    together = read_again(texts)
    assert together.shape == (6, DIMENSIONS)
    assert np.isfinite(together).all()
    assert all((read_again([text])[0] == vector).all() for text, vector in zip(texts, together, strict=True))


@here
def test_what_is_stored_is_what_was_read():
    texts = ["Die Toiletten waren dreckig.", "Zu laut!"]
    np.testing.assert_array_equal(from_stored([to_store(text) for text in texts]), read_again(texts))
    assert from_stored([]).shape == read_again([]).shape == (0, DIMENSIONS)


@here
def test_the_starter_codebook_is_read_already():
    """Where this fails: python -m hearback.themes.starter.keeping"""
    texts, kept = texts_to_keep(), second_reading._standing()
    assert {key_of(text) for text in texts} == set(kept)
    for text in texts[::400]:
        np.testing.assert_array_equal(kept[key_of(text)], computed(text))


@here
def test_it_takes_one_thread_and_leaves_the_environment_as_it_was(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "2")
    second_reading._loaded.cache_clear()
    read_again(["Ein Satz, den noch niemand gelesen hat."])
    assert os.environ["OMP_NUM_THREADS"] == "2"


def test_a_machine_without_the_package_says_so(another_machine):
    another_machine.setattr(second_reading, "PACKAGE", "nothing_of_this_name")
    assert "not installed" in why_not()


def test_a_processor_that_cannot_says_so(another_machine, tmp_path):
    (tmp_path / "cpuinfo").write_text("model name : old\nflags : fpu sse2 fma\n")
    another_machine.setattr(second_reading, "PROCESSOR", tmp_path / "cpuinfo")
    another_machine.setattr(second_reading, "find_spec", lambda name: name)
    assert why_not() == "the processor has no avx2"


@pytest.fixture
def read_twice(set_env, monkeypatch):
    """Which texts the second model is asked for."""
    set_env("HEARBACK_SECOND_READING", "true")
    asked: list[str] = []

    def spied(texts):
        asked.extend(texts)
        return read_again(texts)

    monkeypatch.setattr(theming, "read_again", spied)
    return asked


SAID = [
    "Die Toiletten waren dreckig.",
    "Der Zug kam zu spät.",
    "The toilets were filthy.",
    "Saubere Toiletten, bitte.",
]
BY_THEMES = [Given("t", "Toiletten", "Wie sauber die Toiletten sind.", (SAID[3],), "de")]


@here
@pytest.mark.parametrize("codebook", [None, BY_THEMES])
def test_a_file_is_read_twice_and_fast_only_once(read_twice, codebook):
    excerpts = excerpts_of([Row(n, text) for n, text in enumerate(SAID)], whole=False)

    theme(excerpts, codebook, fast=True)
    assert read_twice == []

    theme(excerpts, codebook)
    assert set(read_twice) == set(SAID)


@here
def test_what_is_no_feedback_is_grouped_by_both_models_too(read_twice):
    said = ["set an alarm for six", "wake me at seven", "play some jazz", "next song"]

    theme(excerpts_of([Row(n, text) for n, text in enumerate(said)], whole=True), whole=True)

    assert set(read_twice) == set(said)


@here
def test_who_has_to_wait_is_told(read_twice, monkeypatch):
    monkeypatch.setattr(theming, "WORTH_TELLING", 3)
    excerpts, told = excerpts_of([Row(n, text) for n, text in enumerate(SAID)], whole=False), []

    theme(excerpts, wait=told.append)
    theme(excerpts[:2], wait=told.append)
    theme(excerpts, wait=told.append, fast=True)

    assert told == [len(SAID)]


@here
def test_a_very_large_file_is_read_once_and_that_is_said(read_twice, monkeypatch):
    monkeypatch.setattr(theming, "TWICE_UP_TO", 3)

    themed = theme(excerpts_of([Row(n, text) for n, text in enumerate(SAID)], whole=False))

    assert themed.too_many
    assert read_twice == []


@here
def test_likeness_spreads_as_far_by_two_models_as_by_one():
    """So that what is near or far is the same number for both."""
    spreads = []
    for twice in (False, True):
        book = open_codebook(starter_entries(), twice=twice).book
        texts = [text for entry in book.entries[::2] for text in entry.examples_de]
        pool = open_pool(book, texts, as_read(book)(texts), ["de"] * len(texts))
        spreads.append(float((pool.points @ pool.points.T)[np.triu_indices(len(pool), 1)].std()))

    assert spreads[1] == pytest.approx(spreads[0], rel=0.15), spreads
