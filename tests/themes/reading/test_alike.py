"""What is said of a batch is true: „these look alike“."""

from hearback.themes.proposals import are_alike
from hearback.themes.reading.codebook import Book
from hearback.themes.reading.pool import open_pool

from .conftest import by_one_model


def test_only_what_is_alike_is_offered_as_alike(book: Book) -> None:
    texts = ["Das Paket kam zu spät.", "Paket viel zu spät.", "On a bien ri", "No joke", "Also ich bin Expat"]
    pool = open_pool(book, texts, by_one_model(texts), ["de"] * len(texts))

    assert are_alike(pool, (0, 1))
    assert not are_alike(pool, (2, 3, 4))
    assert not are_alike(pool, (0,)), "one is like nothing"
