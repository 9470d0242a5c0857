"""What is said of a batch is true: „these look alike“."""

from hearback.themes.planning import _are_alike
from hearback.themes.reading.asking import Batch
from hearback.themes.reading.codebook import Book
from hearback.themes.reading.pool import open_pool

from .conftest import by_one_model


def test_only_what_is_alike_is_offered_as_alike(book: Book) -> None:
    texts = ["Das Paket kam zu spät.", "Paket viel zu spät.", "On a bien ri", "No joke", "Also ich bin Expat"]
    pool = open_pool(book, texts, by_one_model(texts), ["de"] * len(texts))

    assert _are_alike(pool, Batch((0, 1), -1, 1.0))
    assert not _are_alike(pool, Batch((2, 3, 4), -1, 1.0))
    assert not _are_alike(pool, Batch((0,), -1, 1.0)), "one is like nothing"
