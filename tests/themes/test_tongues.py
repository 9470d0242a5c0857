"""Which language an excerpt is in, by itself and in its answer."""

import json

import pytest

from hearback.themes.splitting import split
from hearback.themes.tongues import languages_of


def language(text: str, form: str = "") -> str:
    return languages_of(text, [text], form)[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Die Steine sehen gleich aus", "de"),
        ("The stones look the same", "en"),
        ("Taşlar birbirine çok benziyor, ayırt edemedik", "other"),
        ("Kamienie wyglądają tak samo", "other"),
        ("C'était magique, sauf les toilettes", "other"),
        ("", ""),
        ("👍👍", ""),
        ("7,80 €", ""),
    ],
)
def test_german_english_another_or_unknown(text, expected):
    assert language(text) == expected


def test_a_mixed_answer_has_both():
    parts = ["Der Sound am Samstag war super", "but the queue for the toilets was terrible"]

    assert languages_of(", ".join(parts), parts) == ["de", "en"]


def test_one_word_goes_by_the_answer_and_the_form():
    assert languages_of("Toilets. The queue was endless, never again.", ["Toilets."]) == ["en"]
    assert (language("Solo.", "de"), language("Solo.", "en")) == ("de", "en")


def test_the_form_does_not_outvote_a_sentence():
    assert language("The queue for the toilets was terrible", "de") == "en"


def test_of_the_shared_answers_few_are_taken_for_another(shared):
    """Also those of a word or two; the language of the form is not told."""
    found = {True: 0, False: 0}
    for line in (shared / "data/fans/answers.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        if row["lang"] == "mixed":
            continue
        expected = row["lang"][:2] if row["lang"][:2] in ("de", "en") else "other"
        excerpts = [row["text"][span.start : span.end] for span in split(row["text"])]
        for given in languages_of(row["text"], excerpts):
            found[given == expected] += 1

    assert found[True] / (found[True] + found[False]) >= 0.98
