"""What `themes try` writes and prints."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from hearback.themes.trying.rows import Row
from hearback.themes.trying.theming import UNSORTED, Themed

Key = int | str | None
MARKS = {"de": ("„", "“"), "en": ("“", "”")}
SHOWN = 200  # characters of a quote on the terminal


class PlacedExcerpt(Struct, frozen=True):
    """start, end: code points. theme: None when unsorted."""

    start: int
    end: int
    text: str
    theme: Key


class PlacedRow(Struct, frozen=True):
    """label: the theme of most excerpts, then of the longest text, then the first; None when all are unsorted."""

    id: str | int
    label: Key
    excerpts: list[PlacedExcerpt]


def placed_rows(rows: Sequence[Row], themed: Themed) -> list[PlacedRow]:
    found: list[list[PlacedExcerpt]] = [[] for _ in rows]
    for excerpt, number in zip(themed.excerpts, themed.of, strict=True):
        start, end = excerpt.span.start, excerpt.span.end
        key = None if number == UNSORTED else themed.themes[number].key
        found[excerpt.row].append(PlacedExcerpt(start, end, rows[excerpt.row].text[start:end], key))
    return [PlacedRow(row.id, _label(excerpts), excerpts) for row, excerpts in zip(rows, found, strict=True)]


def write(out: Path, placed: Sequence[PlacedRow]) -> None:
    """One line an answer, in order; half characters become a question mark, as no file can hold them."""
    encoder = msgspec.json.Encoder()
    with out.open("wb") as file:
        for row in placed:
            file.write(encoder.encode(row) + b"\n")


def _label(excerpts: Sequence[PlacedExcerpt]) -> Key:
    counts: dict[int | str, tuple[int, int]] = {}
    for one in excerpts:
        if one.theme is not None:
            often, length = counts.get(one.theme, (0, 0))
            counts[one.theme] = (often + 1, length + one.end - one.start)
    return max(counts, key=counts.__getitem__, default=None)


def shown(themed: Themed, reader: str = "de") -> Iterator[str]:
    """Lines for the terminal: each theme with its name or terms, its size and quotes. reader: whose quotation marks."""
    opened, closed = MARKS[reader]
    for theme in themed.themes:
        terms = ", ".join(theme.terms)
        title = f"{theme.name} ({terms})" if theme.name and terms else theme.name or terms or "?"
        yield f"{theme.key}  {title}  · {theme.excerpts}"
        for text, often in theme.quotes:
            words = " ".join(text.split())
            cut = f"{words[:SHOWN]}…" if len(words) > SHOWN else words
            yield f"     {opened}{cut}{closed}" + (f" ×{often}" if often > 1 else "")
