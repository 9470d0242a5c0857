"""What finding themes and placing one answer cost in CPU time, on one thread."""

import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from hearback.bench.memory import peak_mb
from hearback.bench.themes.anchor import Anchor
from hearback.bench.themes.sets import drawn
from hearback.themes.embedding import DIMENSIONS, embed
from hearback.themes.grouping import Grouping, group
from hearback.themes.reading.codebook import Book, Entry
from hearback.themes.reading.discovery import discover
from hearback.themes.reading.letters import pieces, weighted
from hearback.themes.reading.newcomers import place_new, standing
from hearback.themes.reading.placing import place, read_themes
from hearback.themes.reading.pool import Pool, are_strange, open_pool, seen
from hearback.themes.reading.vectors import joined

MADE_THEMES = 200
SPREAD = 0.9  # of a made vector about its theme's middle
THEMES, EXAMPLES = 100, 10  # of the company that one answer comes to; examples a theme
TIMES = 50
BLOCK = 10_000

Vectors = NDArray[np.float32]


class Cost(Struct, frozen=True):
    """seconds: of CPU. peak_mb: of this process so far."""

    seconds: float
    peak_mb: int


def made(n: int) -> Vectors:
    """Vectors about some middles, where there are no texts to draw from."""
    chance = np.random.default_rng(0)
    middles = chance.normal(0, 1, (MADE_THEMES, DIMENSIONS))
    spread = SPREAD * chance.normal(0, 1, (n, DIMENSIONS))
    points = middles[chance.integers(0, MADE_THEMES, n)] + spread
    return np.asarray(points / np.linalg.norm(points, axis=1, keepdims=True), dtype=np.float32)


def grouping_cost(pool: Vectors, n: int) -> Cost:
    vectors = drawn(pool, n)

    def grouped() -> object:
        found: Grouping[str] = group(vectors)
        return found

    return _cost(grouped)


def made_halves(n: int) -> NDArray[np.float16]:
    """The like of made(), in little room; made block by block."""
    chance = np.random.default_rng(0)
    middles = chance.normal(0, 1, (MADE_THEMES, DIMENSIONS)).astype(np.float32)
    vectors = np.empty((n, DIMENSIONS), np.float16)
    for start in range(0, n, BLOCK):
        block = vectors[start : start + BLOCK]
        spread = SPREAD * chance.standard_normal(block.shape, np.float32)
        points = middles[chance.integers(0, MADE_THEMES, len(block))] + spread
        block[:] = points / np.linalg.norm(points, axis=1, keepdims=True)
    return vectors


def print_million(n: int = 1_000_000, reach_mb: int = 4096) -> None:
    """Once, for it takes some minutes and most of the memory that it may have."""
    # Handed over, so that nobody holds a second copy while groups are found.
    held: list[Any] = [made_halves(n)]
    cost = _cost(lambda: group(held.pop()).themes)
    verdict = "ok" if cost.peak_mb <= reach_mb else "MISSED"
    print(
        f"{n} vectors: {cost.seconds:.0f} s CPU, peak {cost.peak_mb} MB, reach ≤ {reach_mb} MB  {verdict}",
        flush=True,
    )


def anchor_cost(pool: Vectors, n: int, anchor: Anchor) -> Cost:
    vectors = drawn(pool, n)
    anchor.group(vectors[:500])  # what it compiles at the first call is not counted
    return _cost(lambda: anchor.group(vectors))


def discovery_cost(book: Book, texts: Sequence[str], pool: Vectors, n: int) -> Cost:
    """What is found in a company of n excerpts that nobody has named anything in, once they are read."""
    _, known = _pool(book, texts, pool, n)
    return _cost(lambda: discover(book, known, range(n)))


def answer_cost(book: Book, texts: Sequence[str], pool: Vectors, n: int) -> float:
    """Milliseconds to embed one answer and place it among n, as when it has just come in; the median of TIMES."""
    said, known = _pool(book, texts, pool, n)
    entries: Sequence[Entry] = book.entries[:THEMES]
    themes = read_themes(
        book,
        [entry.de for entry in entries],
        [entry.definition_de for entry in entries],
        ["de"] * len(entries),
        lambda read: [embed(read)],
    )
    examples = {row: row % len(themes) for row in range(min(n, EXAMPLES * len(themes)))}
    there = standing(book, known, themes, place(book, known, themes, placed=examples).shares, examples)

    def placed(text: str) -> object:
        vectors = joined([embed([text])], book.lens.scales)
        points = seen(book, known.sight, vectors, ["de"])
        letters = weighted(pieces([text]), known.sight.rarity)
        return place_new(there, points, letters, are_strange(["de"]))

    placed(said[0])
    costs = [_cost(lambda text=text: placed(text)).seconds for text in said[:: max(1, n // TIMES)][:TIMES]]  # type: ignore[misc]
    return 1000 * float(np.median(costs))


def _pool(book: Book, texts: Sequence[str], pool: Vectors, n: int) -> tuple[list[str], Pool]:
    said = [texts[at % len(texts)] for at in range(n)]
    return said, open_pool(book, said, [drawn(pool, n)], ["de", "en"] * (n // 2) + ["de"] * (n % 2))


def _cost(work: Callable[[], object]) -> Cost:
    started = time.process_time()
    work()
    seconds = time.process_time() - started
    return Cost(seconds, peak_mb())
