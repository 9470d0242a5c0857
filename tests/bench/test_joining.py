"""What the bench says of joining is about the way that the worker places new answers."""

import pytest

from hearback.bench.themes import joining
from hearback.bench.themes.joining import Said, later, lost_by_joining
from hearback.themes.embedding import embed

SAYINGS = {
    "toilets": [
        "Die Toiletten waren dreckig",
        "The toilets were filthy",
        "Auf dem Klo gab es kein Papier",
        "No soap at the toilets",
    ],
    "prices": [
        "Das Bier war zu teuer",
        "Beer was far too expensive",
        "Sieben Euro für ein Bier",
        "Drinks cost too much",
    ],
    "trains": [
        "Der Zug kam zu spät",
        "The train was an hour late",
        "Wieder eine Verspätung",
        "My train was delayed again",
    ],
}
SPOKEN = ["de", "en", "de", "en"]


def said(times: int = 4) -> Said:
    rows = [
        (f"{text} {time}", language, theme)
        for time in range(times)
        for theme, texts in SAYINGS.items()
        for text, language in zip(texts, SPOKEN, strict=True)
    ]
    texts, languages, truth = zip(*rows, strict=True)
    return Said(texts, languages, truth, embed(texts))


def test_a_quarter_comes_later_and_never_more_than_a_thousand():
    assert later(48) == 12
    assert later(10_000) == 1000


def test_what_is_like_what_stands_there_joins_as_well_as_reading_anew_finds_it():
    assert lost_by_joining(said(), twice=False) > -0.1


def test_what_the_worker_places_is_what_is_measured(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(joining, "placed_by", lambda read, loose: [])

    assert lost_by_joining(said(), twice=False) < -0.3
