"""What has just come in joins what is there, alone or in a crowd, and what is like nothing is less sure."""

from collections.abc import Sequence

import numpy as np

from hearback.themes.reading import newcomers
from hearback.themes.reading.codebook import Book
from hearback.themes.reading.letters import pieces, weighted
from hearback.themes.reading.newcomers import Standing, place_new, standing
from hearback.themes.reading.placing import NOWHERE, Placement, Themes, place, read_themes
from hearback.themes.reading.pool import Pool, are_strange, open_pool, seen
from hearback.themes.reading.vectors import joined

from .conftest import TEXTS, by_one_model

NEW = ["Die Toiletten waren ekelhaft", "beer is too expensive", "Das Klo war verstopft"]
SPOKEN = ["de", "en", "de"]


def there(book: Book, pool: Pool, themes: Themes, placed: dict[int, int] | None = None) -> Standing:
    return standing(book, pool, themes, place(book, pool, themes, placed=placed).shares, placed)


def come(to: Standing, texts: Sequence[str], languages: Sequence[str]) -> Placement:
    vectors = joined(by_one_model(texts), to.book.lens.scales)
    points = seen(to.book, to.sight, vectors, languages)
    letters = weighted(pieces(texts), to.sight.rarity)
    return place_new(to, points, letters, are_strange(languages))


def test_a_new_excerpt_joins_without_a_new_pool(book: Book, pool: Pool, themes: Themes) -> None:
    assert come(there(book, pool, themes), NEW, SPOKEN).best.tolist() == [0, 1, 0]


def test_a_language_that_the_model_does_not_know_stays_unsorted(
    book: Book, pool: Pool, themes: Themes
) -> None:
    few = read_themes(book, ["Toiletten"], [""], ["de"], by_one_model)
    hebrew, spanish = "השירותים היו מלוכלכים מאוד", "Los baños estaban muy sucios"
    for among in (few, themes):
        assert come(there(book, pool, among), [hebrew, spanish], ["other"] * 2).best.tolist() == [NOWHERE, 0]


def test_whoever_comes_with_it_changes_nothing(book: Book, pool: Pool, themes: Themes, monkeypatch) -> None:
    together = come(there(book, pool, themes), NEW, SPOKEN)
    monkeypatch.setattr(newcomers, "BLOCK", 2)
    in_blocks = come(there(book, pool, themes), NEW, SPOKEN)
    alone = [come(there(book, pool, themes), [text], [of]) for text, of in zip(NEW, SPOKEN, strict=True)]
    assert np.allclose(in_blocks.shares, together.shares, atol=1e-4)
    assert np.allclose(np.vstack([one.shares for one in alone]), together.shares, atol=1e-4)


def test_examples_of_people_draw_what_is_like_them(book: Book, pool: Pool, themes: Themes) -> None:
    mud = TEXTS.index("Parkplatz war eine Schlammwüste")
    untaught = come(there(book, pool, themes), [TEXTS[mud]], ["de"])
    taught = come(there(book, pool, themes, {mud: 0}), [TEXTS[mud]], ["de"])
    assert taught.shares[0, 0] > 3 * untaught.shares[0, 0]


def test_what_is_like_nothing_is_less_sure(book: Book, pool: Pool, themes: Themes) -> None:
    found = come(there(book, pool, themes), [*NEW, "Lost my left shoe, size 42"], [*SPOKEN, "en"])
    assert found.confidence[-1] < found.confidence[:-1].min()


def test_nobody_joins_where_there_is_no_theme(book: Book, pool: Pool) -> None:
    none = read_themes(book, [], [], [], by_one_model)
    assert (come(there(book, pool, none), NEW, SPOKEN).best == NOWHERE).all()


def test_the_first_answer_of_all_is_placed_by_what_themes_are(book: Book, themes: Themes) -> None:
    nobody = open_pool(book, [], by_one_model([]), [])
    assert come(there(book, nobody, themes), NEW[:1], SPOKEN[:1]).guess.tolist() == [0]
