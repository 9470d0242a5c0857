"""What weighs is seen when one voice says it, and what only sounds like it is not taken for it."""

import pytest

from hearback.themes.reading.codebook import Book, starter_by_slug, starter_entries
from hearback.themes.reading.discovery import Discovery, discover
from hearback.themes.reading.pool import Pool, open_pool
from hearback.themes.reading.weight import named

from .conftest import by_one_model

MANY = [
    f"{what} {how}"
    for what in ("Das Bier", "Die Schlange", "Der Ton", "Die Anreise", "Das Zelt", "The food", "The line-up")
    for how in (
        *("war zu teuer", "war gut", "war zu lang", "war schlecht", "could be better", "was great"),
        *("war wie immer", "hat genervt", "hat gepasst", "nächstes Jahr bitte anders", "was too much"),
        *("war besser als letztes Jahr", "fand ich schwach", "hat mich überrascht"),
    )
]


def read(book: Book, texts: list[str]) -> Pool:
    return open_pool(book, texts, by_one_model(texts), ["de"] * len(texts))


def entry_of(book: Book, found: Discovery, row: int) -> str:
    entry = found.entries.get(int(found.labels[row]))
    return "" if entry is None else book.entries[entry].slug


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Bin Elektrorollstuhlfahrerin", "wheelchair-access"),
        ("My guide dog was refused", "blind-screenreader"),
        ("ROT-GRÜN-SCHWÄCHE!!", "colour-blind"),
        ("meine Haselnussallergie", "allergies"),
        ("Someone groped me", "sexual-harassment"),
        ("Hatte K.-o.-Tropfen im Glas", "sexual-harassment"),
    ],
)
def test_a_word_names_what_weighs(text: str, slug: str) -> None:
    assert slug in named(text)


@pytest.mark.parametrize(
    "text", ["Die Tauben nerven", "This is rolling nicely", "Sanitärbereich", "Bitte um Rückruf", ""]
)
def test_a_word_that_only_begins_alike_names_nothing(text: str) -> None:
    assert not named(text)


def test_every_listed_slug_is_an_entry_of_weight() -> None:
    weighty = {slug for slug, entry in starter_by_slug().items() if entry.weight}
    examples = [text for entry in starter_entries() for text in (*entry.examples_de, *entry.examples_en)]
    assert {slug for text in examples for slug in named(text)} <= weighty


def test_words_hardly_ever_name_the_wrong_entry() -> None:
    right, wrong = 0, 0
    for entry in starter_entries():
        for text in (*entry.examples_de, *entry.examples_en):
            found = named(text)
            right += entry.slug in found
            wrong += bool(found) and entry.slug not in found
    assert right >= 60
    assert wrong <= right / 10


def test_a_single_voice_is_seen_among_a_hundred_others(book: Book) -> None:
    texts = [*MANY, "Ich bin gehörlos und habe davon nichts mitbekommen"]
    found = discover(book, read(book, texts), range(len(texts)))
    assert len(texts) >= 99
    assert entry_of(book, found, -1) == "deaf-hearing"
    assert (found.labels == found.labels[-1]).sum() == 1


def test_who_says_what_they_live_with_says_it_for_the_whole_answer(book: Book) -> None:
    texts = [*MANY, "Ich bin gehörlos.", "Schreibt es doch an!"]
    pool = read(book, texts)
    alone = discover(book, pool, range(len(texts)))
    assert entry_of(book, alone, -1) != "deaf-hearing"
    together = discover(book, pool, [*range(len(MANY)), len(MANY), len(MANY)])
    assert entry_of(book, together, -1) == "deaf-hearing"


def test_what_is_plainly_about_something_else_stays_there(book: Book) -> None:
    texts = [*MANY, "Ich bin gehörlos.", "Die Toiletten waren dreckig, kein Klopapier, Dixi überfüllt"]
    found = discover(book, read(book, texts), [*range(len(MANY)), len(MANY), len(MANY)])
    assert entry_of(book, found, -1) != "deaf-hearing"
