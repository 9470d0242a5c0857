"""A company's own entries are read through the lens of the starter codebook, and only what is new is embedded."""

import numpy as np
import pytest
from msgspec import structs

from hearback.themes.planning import open_codebook, revised_codebook
from hearback.themes.reading.codebook import Entry, revised, starter_entries
from hearback.themes.reading.placing import place, read_themes
from hearback.themes.reading.pool import open_pool
from hearback.themes.reading.rivals import entries_as_themes

from .conftest import LANGUAGES, TEXTS, by_one_model

STARTER = starter_entries()
OWN = Entry("own-1", "Bootsverleih", "", "Kanus und Boote am See leihen.", "", ("kein Kanu frei",), ())
ENGLISH = Entry("own-2", "", "Boat hire", "", "Hiring canoes and boats at the lake.", (), ())


def nothing(texts):
    assert not texts, "nothing is new, so nothing is embedded"
    return by_one_model(texts)


def test_the_same_entries_are_the_same_book_without_reading_a_word(book):
    same = revised(book, STARTER, nothing)

    assert same.entries == book.entries
    np.testing.assert_array_equal(same.vectors, book.vectors)
    assert (same.counted != book.counted).nnz == 0


def test_what_is_switched_off_is_gone_and_the_rest_stays_as_it_was(book):
    shorter = revised(book, STARTER[1:], nothing)

    np.testing.assert_array_equal(shorter.vectors, book.vectors[1:])
    assert shorter.lens is book.lens


def test_only_the_changed_and_the_new_are_embedded(book):
    read = []

    def reads(texts):
        read.extend(texts)
        return by_one_model(texts)

    changed = structs.replace(STARTER[3], de="Ganz anders", definition_de="Etwas ganz anderes.")
    own = revised(book, [*STARTER[:3], changed, *STARTER[4:], OWN], reads)

    assert set(read) == {text for entry in (changed, OWN) for _, text in entry.texts()}
    assert len(own.vectors) == own.counted.shape[0] == len(STARTER) + 1
    kept = [row for row in range(len(STARTER)) if row != 3]
    np.testing.assert_array_equal(own.vectors[kept], book.vectors[kept])
    assert float(own.vectors[3] @ book.vectors[3]) < 0.99
    np.testing.assert_allclose(np.linalg.norm(own.vectors, axis=1), 1, atol=1e-5)


def test_a_changed_word_back_is_the_shipped_entry_again(book):
    changed = structs.replace(STARTER[3], de="Ganz anders")

    back = revised(revised(book, [*STARTER[:3], changed, *STARTER[4:]], by_one_model), STARTER, by_one_model)

    np.testing.assert_allclose(back.vectors, book.vectors, atol=1e-5)


@pytest.mark.parametrize("own", [OWN, ENGLISH])
def test_an_entry_in_one_language_explains_excerpts_in_both(book, own):
    """It may have no examples, and a name in one language only: it is read by what there is."""
    larger = revised(book, [*STARTER, own], by_one_model)

    assert np.isfinite(larger.vectors[-1]).all()
    near = larger.vectors @ larger.vectors[-1]
    assert near[:-1].max() < 0.95
    assert (own.name("de"), own.name("en")) == (own.de or own.en, own.en or own.de)
    pool = open_pool(larger, TEXTS, by_one_model(TEXTS), LANGUAGES)
    themes = read_themes(larger, ["Boote"], [""], ["de"], by_one_model)
    assert np.isfinite(place(larger, pool, themes).shares).all()


def test_a_revised_codebook_is_what_opening_it_would_give():
    """But for the lens, which stays that of the starter, and the last bits, which hang on what is read together."""
    shipped = open_codebook(STARTER)

    own = revised_codebook(shipped, [*STARTER[:-1], OWN])

    anew = entries_as_themes(own.book, by_one_model)
    np.testing.assert_allclose(own.entries.vectors, anew.vectors, atol=1e-4)
    np.testing.assert_allclose(own.entries.kin, anew.kin, atol=1e-4)
    assert (own.entries.counted != anew.counted).nnz == 0
