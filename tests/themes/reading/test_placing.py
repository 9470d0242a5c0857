"""A name and one line place most excerpts; people's words are kept; unsure ones are left."""

import numpy as np
import pytest

from hearback.themes.reading.codebook import Book
from hearback.themes.reading.placing import NOWHERE, Themes, place, read_themes
from hearback.themes.reading.pool import Pool, open_pool

from .conftest import LANGUAGES, TEXTS, TRUTH, by_one_model


def test_names_and_definitions_place_most_excerpts_of_both_languages(
    book: Book, pool: Pool, themes: Themes
) -> None:
    placement = place(book, pool, themes)
    assert (placement.guess == TRUTH).mean() >= 0.85


def test_shares_are_shares_and_confidence_a_chance(book: Book, pool: Pool, themes: Themes) -> None:
    placement = place(book, pool, themes)
    assert (placement.shares.sum(1) <= 1 + 1e-4).all(), "the rest may belong to no theme"
    assert (placement.shares >= 0).all()
    assert ((placement.confidence > 0) & (placement.confidence <= 1)).all()


def test_what_a_person_placed_stays_and_draws_its_like(book: Book, pool: Pool, themes: Themes) -> None:
    mud = TEXTS.index("Parkplatz war eine Schlammwüste")
    placement = place(book, pool, themes, placed={mud: 0})
    assert placement.best[mud] == 0
    assert placement.confidence[mud] == 1
    before = place(book, pool, themes).shares[:, 0]
    others = np.arange(len(TEXTS)) != mud
    assert placement.shares[others, 0].sum() > before[others].sum()


def test_what_a_person_put_outside_all_themes_stays_outside(book: Book, pool: Pool, themes: Themes) -> None:
    placement = place(book, pool, themes, aside={3})
    assert placement.best[3] == NOWHERE
    assert not placement.shares[3].any()


def test_a_refused_theme_is_not_suggested_again(book: Book, pool: Pool, themes: Themes) -> None:
    first = place(book, pool, themes)
    refused = {(row, int(theme)) for row, theme in enumerate(first.guess)}
    again = place(book, pool, themes, refused=refused)
    assert (again.guess != first.guess).all()


def test_what_belongs_nowhere_is_left_unsorted(book: Book, themes: Themes) -> None:
    texts = [*TEXTS, "Lost my left shoe, size 42", "Deutschland schafft sich ab"]
    wide = open_pool(book, texts, by_one_model(texts), [*LANGUAGES, "en", "de"])
    placement = place(book, wide, themes)
    assert placement.confidence[-2:].max() < np.median(placement.confidence)


def test_neighbours_do_not_speak_for_a_language_that_the_model_does_not_know(
    book: Book, themes: Themes
) -> None:
    strange = [
        "השירותים היו מלוכלכים מאוד",
        "Ο ήχος ήταν χάλια",
        "asdf jklö qwertz uiop",
        "Los baños estaban muy sucios",
    ]
    texts = [*TEXTS, *strange]
    wide = open_pool(book, texts, by_one_model(texts), [*LANGUAGES, *["other"] * len(strange)])
    placement = place(book, wide, themes)
    assert placement.best[len(TEXTS) :].tolist() == [NOWHERE] * 3 + [0]


def test_the_same_answers_give_the_same_places(book: Book, themes: Themes) -> None:
    found = [
        place(book, open_pool(book, TEXTS, by_one_model(TEXTS), LANGUAGES), themes).shares for _ in range(2)
    ]
    assert np.array_equal(found[0], found[1])


@pytest.mark.parametrize(
    "texts", [[], ["Ja"], ["🎉"], ["gut"] * 50], ids=["none", "one word", "a picture", "all equal"]
)
def test_bad_input_is_no_trouble(book: Book, themes: Themes, texts: list[str]) -> None:
    odd = open_pool(book, texts, by_one_model(texts), ["de"] * len(texts))
    placement = place(book, odd, themes)
    assert len(placement.best) == len(texts)
    assert np.isfinite(placement.shares).all()


def test_no_themes_leave_everything_unsorted(book: Book, pool: Pool) -> None:
    none = read_themes(book, [], [], [], by_one_model)
    assert (place(book, pool, none).best == NOWHERE).all()


def test_a_name_alone_is_enough(book: Book, pool: Pool) -> None:
    themes = read_themes(book, ["Toiletten", "Preise"], ["", ""], ["de", "de"], by_one_model)
    assert place(book, pool, themes).best[1] == 0
