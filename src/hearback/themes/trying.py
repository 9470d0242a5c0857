"""Theme a file of answers without a database: to look at what the method does, and to be measured by others."""

from pathlib import Path

import msgspec
import numpy as np
from msgspec import Struct

from .embedding import embed
from .grouping import UNSORTED, Grouping, group
from .keyterms import key_terms
from .quotes import telling
from .splitting import Span, split


class Row(Struct):
    """One line of the source; other fields are left alone."""

    id: str | int
    text: str


class PlacedExcerpt(Struct):
    """start, end: code points. theme: None when unsorted."""

    start: int
    end: int
    theme: int | None
    confidence: float


class PlacedRow(Struct):
    id: str | int
    excerpts: list[PlacedExcerpt]


class TriedTheme(Struct, frozen=True):
    number: int
    excerpts: int
    terms: list[str]
    quotes: list[str]


class Summary(Struct, frozen=True):
    """themes: largest first. unsorted: excerpts that fit nowhere. silent: answers that make no point."""

    answers: int
    excerpts: int
    unsorted: int
    silent: int
    themes: list[TriedTheme]


class UnreadableLine(ValueError):
    """A line of the source is not {"id", "text"}; carries its number (from 1) and what is wrong with it."""

    def __init__(self, number: int, reason: str) -> None:
        super().__init__(f"line {number}: {reason}")
        self.number = number
        self.reason = reason


QUOTES = 3


def try_file(source: Path, out: Path) -> Summary:
    """Split, embed and group the JSON Lines of source; write one line an answer, in order, to out.

    Raises UnreadableLine before anything is written.
    """
    rows = _read(source)
    spans = [split(row.text) for row in rows]
    texts = [row.text[s.start : s.end] for row, found in zip(rows, spans, strict=True) for s in found]
    vectors = embed(texts)
    grouping: Grouping[str] = group(vectors)
    labels = grouping.labels.tolist()
    _write(out, rows, spans, list(zip(labels, grouping.confidence.tolist(), strict=True)))

    members = [
        np.flatnonzero(grouping.labels == number) for number in range(max(labels, default=UNSORTED) + 1)
    ]
    terms = key_terms([[texts[i] for i in rows_of] for rows_of in members])
    themes = [
        TriedTheme(number, len(m), terms[number], [texts[m[i]] for i in telling(vectors[m], QUOTES)])
        for number, m in enumerate(members)
    ]
    silent = sum(not found for found in spans)
    return Summary(len(rows), len(texts), labels.count(UNSORTED), silent, themes)


def _read(source: Path) -> list[Row]:
    rows = []
    with source.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                try:
                    rows.append(msgspec.json.decode(line, type=Row))
                except (msgspec.DecodeError, UnicodeDecodeError) as error:
                    raise UnreadableLine(number, str(error)) from error
    return rows


def _write(out: Path, rows: list[Row], spans: list[list[Span]], placed: list[tuple[int, float]]) -> None:
    following = iter(placed)
    encoder = msgspec.json.Encoder()
    with out.open("wb") as file:
        for row, found in zip(rows, spans, strict=True):
            excerpts = []
            for span in found:
                label, confidence = next(following)
                theme = None if label == UNSORTED else label
                excerpts.append(PlacedExcerpt(span.start, span.end, theme, round(confidence, 4)))
            file.write(encoder.encode(PlacedRow(row.id, excerpts)) + b"\n")
