"""Labelled answers of invented companies as pools with a truth: what placing and effort are measured on."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from hearback.themes.reading.codebook import Book, Embed
from hearback.themes.reading.placing import NOWHERE, Themes, place, read_themes
from hearback.themes.reading.pool import Pool, open_pool

BINS = 10


class Labelled(Struct, frozen=True):
    """One company's true points, its themes by name and German definition, and truth (n,), -1 for none."""

    name: str
    pool: Pool
    themes: Themes
    truth: NDArray[np.intp]


class Right(Struct, frozen=True):
    """right: share of points with a theme whose best guess is it, from names and definitions alone.

    off: mean distance between confidence and being right over BINS bins (expected calibration error).
    """

    right: float
    off: float


def labelled(folder: Path, book: Book, embed: Embed, language_of: Callable[[str], str]) -> list[Labelled]:
    """folder: holds answers.jsonl and themes.json as data/fans does."""
    with (folder / "answers.jsonl").open(encoding="utf-8") as lines:
        answers = [json.loads(line) for line in lines]
    named = json.loads((folder / "themes.json").read_text("utf-8"))
    return [_company(name, named[name], answers, book, embed, language_of) for name in sorted(named)]


def right(book: Book, one: Labelled) -> Right:
    placement = place(book, one.pool, one.themes)
    hit = placement.guess == one.truth
    bins = np.minimum((placement.confidence * BINS).astype(int), BINS - 1)
    off = sum(
        abs(placement.confidence[bins == b].mean() - hit[bins == b].mean()) * (bins == b).mean()
        for b in np.unique(bins)
    )
    return Right(float(hit[one.truth != NOWHERE].mean()), float(off))


def _company(
    name: str,
    themes: dict[str, dict[str, str]],
    answers: list[dict[str, object]],
    book: Book,
    embed: Embed,
    language_of: Callable[[str], str],
) -> Labelled:
    points = [point for answer in answers if answer["company"] == name for point in _points(answer)]
    texts = [point["text"] for point in points]
    slugs = [slug for slug in themes if slug != "none"]
    number = {slug: at for at, slug in enumerate(slugs)}
    read = read_themes(
        book,
        [themes[slug]["de"] for slug in slugs],
        [themes[slug]["definition"] for slug in slugs],
        ["de"] * len(slugs),
        embed,
    )
    truth = np.array([number.get(point["theme"], NOWHERE) for point in points], np.intp)
    pool = open_pool(book, texts, embed(texts), [language_of(text) for text in texts])
    return Labelled(name, pool, read, truth)


def _points(answer: dict[str, object]) -> list[dict[str, str]]:
    points = answer["excerpts"]
    return points if isinstance(points, list) else []
