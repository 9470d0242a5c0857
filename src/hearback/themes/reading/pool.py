"""All excerpts of a company (or of a file) as they are read: built when answers come in, whatever the themes are."""

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from scipy.sparse import csc_matrix, csr_matrix

from .cells import near_in_cells
from .codebook import LANGUAGES, Book, example_means
from .letters import pieces, rarities, spread, weighted
from .topmost import topmost
from .vectors import Vectors, centre, joined, means, unit
from .weight import named

NEIGHBOURS = 8
SAME_LETTERS = 0.5  # weight of shared letters beside a cosine
BLOCK = 512  # rows of similarities held at once
GATHERED = 128  # rows whose neighbours are held at once, each a point of its own
WHOLE = 4000  # points up to which neighbours are searched in all directions
LARGE = 15_000  # points up to which each is compared with each
DIRECTIONS = 128
SPEAKERS, LEVELLED = (
    30,
    10,
)  # points of a language that is levelled, and how many of its nearest say how near it is

Rows = NDArray[np.intp]
Bools = NDArray[np.bool_]
Near = NDArray[np.int32]  # rows of very many points in half the room


class Sight(Struct, frozen=True):
    """What of a company's pool must be kept to read one more answer alike.

    centres: language → mean in the joined space. rarity: (BUCKETS,) of each piece, in the pool and the codebook.
    entries: (entries, BUCKETS) the codebook's letters, weighted by it; by columns, so that nothing is turned round
    each time that one text is compared with them.
    """

    centres: dict[str, Vectors]
    rarity: Vectors
    entries: csc_matrix


class Pool(Struct, frozen=True):
    """points: (n, d) as long as the lens says. letters: (n, BUCKETS) unit rows.

    strange: (n,) in another language than the codebook. named: (excerpt, entry) where a word of the excerpt names an
    entry of weight.
    """

    points: Vectors
    letters: csr_matrix
    sight: Sight
    strange: Bools
    named: tuple[tuple[int, int], ...] = ()

    def __len__(self) -> int:
        return len(self.points)


def open_pool(
    book: Book, texts: Sequence[str], readings: Sequence[Vectors], languages: Sequence[str]
) -> Pool:
    """texts: excerpts, n ≥ 0; readings: one array (n, d) a model, as the book was read; languages: „de“, „en“, …"""
    vectors = joined(readings, book.lens.scales)
    del readings  # as much again as the vectors, which their caller may not need any more
    counted = pieces(texts)
    rarity = rarities(spread(counted) + book.standing, len(texts) + book.texts)
    sight = Sight(
        centres=means(vectors, languages, example_means(book)),
        rarity=rarity,
        entries=weighted(book.counted, rarity).tocsc(),
    )
    points = seen(book, sight, vectors, languages)
    letters = weighted(counted, rarity)
    return Pool(points, letters, sight, are_strange(languages), _named(book, texts))


def _named(book: Book, texts: Sequence[str]) -> tuple[tuple[int, int], ...]:
    number = {entry.slug: at for at, entry in enumerate(book.entries) if entry.weight}
    found = [
        (row, sorted(number[slug] for slug in named(text) & number.keys())) for row, text in enumerate(texts)
    ]
    return tuple((row, entry) for row, entries in found for entry in entries)


def are_strange(languages: Sequence[str]) -> Bools:
    """Those of no language at all („👍👍“) are not."""
    return np.array([language not in (*LANGUAGES, "") for language in languages], np.bool_)


def seen(book: Book, sight: Sight, vectors: Vectors, languages: Sequence[str]) -> Vectors:
    """Joined vectors (n, d), which this uses up, as points of the pool: without their language's mean, through the
    lens.
    """
    centre(vectors, languages, sight.centres)
    return book.lens.seen(vectors)


def alike(
    points: Vectors, letters: csr_matrix, others: Vectors, other_letters: csr_matrix | csc_matrix
) -> Vectors:
    """Likeness (n, m) in meaning and letters, from about 0 to 1.5."""
    shared = (letters @ other_letters.T).toarray()
    return np.asarray(points @ others.T + SAME_LETTERS * shared, dtype=np.float32)


def nearest(points: Vectors, k: int, languages: Sequence[str] = ()) -> tuple[Near, Vectors]:
    """The k nearest of every point, itself excluded: (n, k) rows and cosines.

    languages: of each point, where two that say the same in two languages shall be as near as in one (up to LARGE
    points): each language's cosines are moved until its nearest are as near as those of the others. Measured on
    translation pairs: 95 in 100 are in one group instead of 82, and groups say nothing of the language any more.

    Exact for a pool of ordinary size; a large one is searched in its main directions only (measured on labelled texts:
    groups as good as from all, in a third of the time), a very large one in cells as well, and the cosines are exact
    again.
    """
    n = len(points)
    if n <= WHOLE:
        return _among_all(points, k, languages)
    narrow = _narrowed(points)
    near = _among_all(narrow, k, languages)[0] if n <= LARGE else near_in_cells(narrow, k)
    likeness = np.empty((n, k), np.float32)
    for start in range(0, n, GATHERED):
        block = slice(start, start + GATHERED)
        likeness[block] = np.einsum("nd,nkd->nk", points[block], points[near[block]])
    return near, likeness


def _among_all(points: Vectors, k: int, languages: Sequence[str]) -> tuple[Near, Vectors]:
    n = len(points)
    spoken = _spoken_rows(languages)
    near, likeness = np.empty((n, k), np.int32), np.empty((n, k), np.float32)
    for start in range(0, n, BLOCK):
        cosines = points[start : start + BLOCK] @ points.T
        rows = np.arange(len(cosines))
        cosines[rows, rows + start] = -9
        if len(spoken) > 1:
            _level(cosines, spoken)
        near[start : start + BLOCK] = best = topmost(cosines, k)
        likeness[start : start + BLOCK] = np.take_along_axis(cosines, best, 1)
    return near, likeness


def _spoken_rows(languages: Sequence[str]) -> list[Rows]:
    """The points of each language that enough speak to say how near its nearest are."""
    of = np.array(languages, dtype=object)
    found = [np.flatnonzero(of == language) for language in sorted(set(languages))]
    return [rows for rows in found if len(rows) >= SPEAKERS]


def _level(cosines: Vectors, spoken: Sequence[Rows]) -> None:
    """Move each language's columns until the mean of its LEVELLED nearest is the same for all, row by row."""
    tops = [np.partition(cosines[:, rows], -LEVELLED, axis=1)[:, -LEVELLED:].mean(1) for rows in spoken]
    same = np.mean(tops, axis=0)
    for rows, top in zip(spoken, tops, strict=True):
        cosines[:, rows] += (same - top)[:, None]


def _narrowed(points: Vectors) -> Vectors:
    """Unit vectors in the DIRECTIONS in which these points differ most."""
    _, directions = np.linalg.eigh(points.T @ points)
    return unit(points @ directions[:, -DIRECTIONS:])


def neighbour_graph(points: Vectors, k: int) -> csr_matrix:
    """Whoever counts the other among its nearest is its neighbour; each row's likenesses sum to 1."""
    n = len(points)
    k = min(k, n - 1)
    if k < 1:
        return csr_matrix((n, n), dtype=np.float32)
    near, likeness = nearest(points, k)
    graph = csr_matrix(
        (likeness.clip(0).ravel(), near.ravel(), np.arange(0, n * k + 1, k)), shape=(n, n), dtype=np.float32
    )
    graph = graph.maximum(graph.T).tocsr()
    sums = np.asarray(graph.sum(1)).ravel()
    graph.data /= np.repeat(np.maximum(sums, 1e-9), np.diff(graph.indptr)).astype(np.float32)
    return graph
