"""From raw answers to themes, before anybody named anything: what `themes try` finds in answers of invented companies.

Each true point takes the theme of the found excerpt that overlaps it most.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import numpy as np
from msgspec import Struct

from hearback.bench.themes.agreement import ami
from hearback.bench.themes.anchor import Anchor
from hearback.themes.embedding import embed
from hearback.themes.trying.rows import Row
from hearback.themes.trying.theming import excerpts_of, theme
from hearback.themes.trying.writing import placed_rows

NONE = "none"
UNSORTED = "unsorted"
WEIGHTY = "minority_weight"


class Point(Struct, frozen=True):
    text: str
    theme: str


class Answer(Struct, frozen=True):
    id: str
    company: str
    text: str
    excerpts: list[Point]
    flags: list[str] = []


class Found(Struct, frozen=True):
    """agreement: AMI over points. seen: share of weighty points whose theme holds mostly their own kind."""

    agreement: float
    seen: float


# answers → for each, the spans (start, end) found in it, and their theme, empty for unsorted
Spans = list[list[tuple[int, int, str]]]
Method = Callable[[Sequence[Answer]], Spans]


def read_companies(folder: Path) -> dict[str, list[Answer]]:
    """folder: holds answers.jsonl as data/fans does."""
    lines = (folder / "answers.jsonl").read_bytes().splitlines()
    answers = [msgspec.json.decode(line, type=Answer) for line in lines if line.strip()]
    return {
        company: [one for one in answers if one.company == company]
        for company in sorted({one.company for one in answers})
    }


def found(answers: Sequence[Answer], method: Method) -> Found:
    true, got, weighty = [], [], []
    for answer, spans in zip(answers, method(answers), strict=True):
        at = 0
        for point in answer.excerpts:
            start = answer.text.find(point.text, at)
            start = answer.text.find(point.text) if start < 0 else start
            at = start + len(point.text)
            true.append(point.theme)
            got.append(_overlapping(spans, start, at))
            weighty.append(WEIGHTY in answer.flags)
    return Found(ami(true, got), _seen(np.array(true), np.array(got), np.array(weighty)))


def by_us(fast: bool) -> Method:
    def method(answers: Sequence[Answer]) -> Spans:
        rows = [Row(one.id, one.text) for one in answers]
        placed = placed_rows(rows, theme(excerpts_of(rows, whole=False), fast=fast))
        return [
            [(one.start, one.end, "" if one.theme is None else str(one.theme)) for one in row.excerpts]
            for row in placed
        ]

    return method


def by_anchor(anchor: Anchor) -> Method:
    """It reads whole answers."""

    def method(answers: Sequence[Answer]) -> Spans:
        labels = anchor.group(embed([one.text for one in answers])).labels.tolist()
        return [
            [(0, len(one.text), "" if label < 0 else str(label))]
            for one, label in zip(answers, labels, strict=True)
        ]

    return method


def _overlapping(spans: Sequence[tuple[int, int, str]], start: int, end: int) -> str:
    best, theme_ = 0, ""
    for from_, to, of in spans:
        overlap = min(end, to) - max(start, from_)
        if overlap > best:
            best, theme_ = overlap, of
    return theme_ or UNSORTED


def _seen(true: np.ndarray, got: np.ndarray, weighty: np.ndarray) -> float:
    own = [
        theme_ != UNSORTED and (true[got == theme_] == label).mean() >= 0.5
        for label, theme_ in zip(true[weighty & (true != NONE)], got[weighty & (true != NONE)], strict=True)
    ]
    return float(np.mean(own)) if own else float("nan")
