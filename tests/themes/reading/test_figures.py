"""What the reading is worth, on labelled answers of invented companies: floors a little under what was measured."""

from pathlib import Path

import pytest

from hearback.bench.themes.companies import Labelled, labelled, right
from hearback.bench.themes.team import effort
from hearback.listening.rules import guess_language
from hearback.themes.reading.codebook import Book

from .conftest import by_one_model


@pytest.fixture(scope="module")
def companies(shared: Path, book: Book) -> list[Labelled]:
    folder = shared / "data" / "fans"
    if not folder.exists():
        pytest.skip("the labelled answers of invented companies are not beside this checkout")
    return labelled(folder, book, by_one_model, lambda text: guess_language(text, "de"))


def test_a_name_and_one_line_put_most_points_right(book: Book, companies: list[Labelled]) -> None:
    found = [right(book, one) for one in companies]
    assert sum(one.right for one in found) / len(found) >= 0.62
    assert max(one.off for one in found) <= 0.16


def test_a_team_needs_few_acts_until_nine_of_ten_stand_right(book: Book, companies: list[Labelled]) -> None:
    needed = [effort(book, one.pool, one.themes, one.truth) for one in companies]
    assert sum(one.per_hundred for one in needed) / len(needed) <= 26
