"""A small festival's excerpts in two languages, read with the model that is built in."""

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from hearback.themes.embedding import embed
from hearback.themes.reading.codebook import Book, open_book, starter_entries
from hearback.themes.reading.placing import Themes, read_themes
from hearback.themes.reading.pool import Pool, open_pool

NAMES = ["Toiletten", "Preise", "Ton und Lautstärke", "Anreise und Parken"]
DEFINITIONS = [
    "Zahl, Sauberkeit und Schlangen an den Toiletten.",
    "Was Essen, Trinken und Eintritt kosten.",
    "Klang der Bühnen, zu laut oder zu leise.",
    "Shuttle, Bahn, Rad und Parkplatz.",
]
EXCERPTS = [
    ("Die Klos waren am Samstag nicht mehr benutzbar", 0),
    ("Mehr Toiletten bitte, die Schlange war ewig", 0),
    ("toilets were filthy by noon", 0),
    ("Dixis ohne Papier", 0),
    ("8 Euro für ein kleines Bier ist viel zu teuer", 1),
    ("food prices are a joke", 1),
    ("Der Eintritt ist schon wieder teurer geworden", 1),
    ("12 € für Pommes", 1),
    ("An der Hauptbühne war der Gesang kaum zu hören", 2),
    ("the sound at the main stage was way too loud", 2),
    ("Bass so laut, dass man nichts verstanden hat", 2),
    ("Der Shuttlebus kam nur einmal in der Stunde", 3),
    ("no way to get back by train at night", 3),
    ("Parkplatz war eine Schlammwüste", 3),
]
TEXTS = [text for text, _ in EXCERPTS]
TRUTH = [theme for _, theme in EXCERPTS]
LANGUAGES = [
    "en" if text.isascii() and text.split()[0] in {"toilets", "food", "the", "no"} else "de" for text in TEXTS
]


def by_one_model(texts: Sequence[str]) -> list[NDArray[np.float32]]:
    return [embed(texts)]


@pytest.fixture(scope="session")
def book() -> Book:
    return open_book(starter_entries(), by_one_model)


@pytest.fixture(scope="session")
def pool(book: Book) -> Pool:
    return open_pool(book, TEXTS, by_one_model(TEXTS), LANGUAGES)


@pytest.fixture(scope="session")
def themes(book: Book) -> Themes:
    return read_themes(book, NAMES, DEFINITIONS, ["de"] * len(NAMES), by_one_model)
