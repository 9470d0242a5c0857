"""What the desk offers a person to settle: several at once, never what is decided."""

from hearback.themes.reading.asking import could_belong, look_alikes
from hearback.themes.reading.codebook import Book
from hearback.themes.reading.placing import Themes, place
from hearback.themes.reading.pool import Pool

from .conftest import TEXTS


def test_a_theme_asks_for_what_stands_elsewhere(book: Book, pool: Pool, themes: Themes) -> None:
    placement = place(book, pool, themes)
    batch = could_belong(placement, 0, decided=[])
    assert batch is not None
    assert all(placement.best[row] != 0 for row in batch.rows)
    shares = [placement.shares[row, 0] for row in batch.rows]
    assert shares == sorted(shares, reverse=True)


def test_decided_excerpts_are_not_asked_about_again(book: Book, pool: Pool, themes: Themes) -> None:
    placement = place(book, pool, themes)
    decided = set(range(10))
    asked = [row for batch in look_alikes(pool, placement, decided) for row in batch.rows]
    batch = could_belong(placement, 2, decided)
    assert batch is not None
    assert decided.isdisjoint(asked)
    assert decided.isdisjoint(batch.rows)


def test_look_alikes_share_no_excerpt_and_cover_what_is_unsure(
    book: Book, pool: Pool, themes: Themes
) -> None:
    placement = place(book, pool, themes)
    batches = look_alikes(pool, placement, [], most=20)
    rows = [row for batch in batches for row in batch.rows]
    assert len(rows) == len(set(rows))
    assert int(placement.confidence.argmin()) in rows


def test_when_all_is_decided_nothing_is_asked(book: Book, pool: Pool, themes: Themes) -> None:
    placement = place(book, pool, themes)
    everything = set(range(len(TEXTS)))
    assert look_alikes(pool, placement, everything) == []
    assert could_belong(placement, 0, everything) is None
