"""What a cell means, and which column is which."""

import json
from datetime import date
from pathlib import Path

import pytest

from hearback.listening.rules import (
    Column,
    ColumnTwice,
    NoSuchColumn,
    broken,
    guess_language,
    match_columns,
    read_chosen,
    read_day,
    read_language,
    without_guard,
)

PROMPTS = ["Was war gut?", "Was nicht?"]


def test_columns_are_known_by_their_names_in_either_language():
    found = match_columns(["Nr", " Antwort", "DATUM", "lang", "Vorname", "Ort", "Farbe"], PROMPTS, {})
    assert found.known == {
        Column.ID: 0,
        Column.TEXT: 1,
        Column.DAY: 2,
        Column.LANGUAGE: 3,
        Column.FIRST_NAME: 4,
        Column.PLACE: 5,
    }
    assert found.unused == ["Farbe"]


def test_a_prompt_is_known_by_its_words_or_its_position():
    assert match_columns(["was  war GUT?", "2"], PROMPTS, {}).prompts == {0: 0, 1: 1}


def test_a_mapping_is_stronger_than_a_name():
    found = match_columns(["text", "Freitext"], PROMPTS, {"text": "Freitext"})
    assert (found.known, found.unused) == ({Column.TEXT: 1}, ["text"])


def test_a_mapping_may_name_a_prompt_by_position_or_words():
    found = match_columns(["a", "b"], PROMPTS, {"1": "b", "Was nicht?": "a"})
    assert found.prompts == {0: 1, 1: 0}


@pytest.mark.parametrize("named", [{"text": "fehlt"}, {"nonsense": "text"}, {"3": "text"}])
def test_a_mapping_to_nothing_is_refused(named: dict[str, str]):
    with pytest.raises(NoSuchColumn):
        match_columns(["text"], PROMPTS, named)


def test_two_columns_for_one_meaning_are_refused():
    with pytest.raises(ColumnTwice):
        match_columns(["text", "Antwort"], PROMPTS, {})


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2026-11-22", date(2026, 11, 22)),
        ("22.11.2026", date(2026, 11, 22)),
        ("2.1.26", date(2026, 1, 2)),
        ("22.11.2026 14:03", date(2026, 11, 22)),
        ("2026-11-22T23:30:00Z", date(2026, 11, 23)),  # it is tomorrow in Berlin
        ("2026-11-22 23:30", date(2026, 11, 22)),
        ("31.02.2026", None),
        ("11/22/2026", None),  # or the 11th of a 22nd month: we do not guess
        ("gestern", None),
    ],
)
def test_days_are_read_as_germans_and_machines_write_them(cell: str, day: date | None):
    assert read_day(cell, "Europe/Berlin") == day


@pytest.mark.parametrize(
    ("cell", "language"), [("de", "de"), ("de-AT", "de"), ("EN_us", "en"), ("deutsch", None), ("", None)]
)
def test_a_language_is_two_letters(cell: str, language: str | None):
    assert read_language(cell) == language


def test_options_are_known_by_words_and_by_number():
    options = ["Freitag", "Samstag, Sonntag", "Nie; gar nicht"]
    assert read_chosen("samstag, sonntag", options, several=False) == [1]
    assert read_chosen("3", options, several=False) == [2]
    assert read_chosen("Nie; gar nicht", options, several=True) == [2]
    assert read_chosen("2|Freitag", options, several=True) == [1, 0]
    assert read_chosen("Freitag | Montag", options, several=True) is None
    assert read_chosen("1|2", options, several=False) is None


@pytest.mark.parametrize("cell", ["=1+1", "+1+1", "-2+3", "@SUM(1)", "\t=1+1", "\r=1"])
def test_the_guard_of_a_formula_is_taken_off_and_nothing_else(cell: str):
    assert without_guard("'" + cell) == cell
    assert without_guard(cell) == cell


@pytest.mark.parametrize("cell", ["'s war schön", "'", "'n Abend", ""])
def test_an_apostrophe_that_somebody_wrote_stays(cell: str):
    assert without_guard(cell) == cell


def test_halves_of_letters_and_nul_are_seen():
    assert broken("a\0b")
    assert broken("\ud83d")
    assert not broken("👩‍👧 – ok")


def test_the_language_is_guessed_right_where_there_is_something_to_go_by(shared: Path):
    rows = [json.loads(line) for line in (shared / "data/fans/answers.jsonl").read_text().splitlines()]
    clear = [row for row in rows if row["lang"] in ("de", "en") and len(row["text"].split()) >= 4]
    wrong = [row["id"] for row in clear if guess_language(row["text"], "??") not in (row["lang"], "??")]
    unsure = [row["id"] for row in clear if guess_language(row["text"], "??") == "??"]
    assert len(clear) > 400
    assert len(wrong) <= 0.01 * len(clear), wrong
    assert len(unsure) <= 0.05 * len(clear), unsure


def test_where_nothing_tells_the_language_of_the_question_is_taken():
    assert guess_language("Top 👍", "en") == "en"
