"""Which theme each excerpt belongs to: by definition first, by people's examples as they come.

A theme is a name, a definition and examples. Its score for an excerpt adds up what the definition means, the letters
both share, the words and meaning of the codebook's entries beside the theme, and the likeness to each example that
people placed. Scores become shares over the themes, and shares spread over the graph of neighbours, so that a clear
excerpt speaks for an unclear one beside it. What a person decided is kept, and what a person refused stays refused.

The weights are round numbers from a plateau, measured on three invented companies.
"""

from collections.abc import Collection, Mapping, Sequence

import numpy as np
from msgspec import Struct
from scipy.sparse import csr_matrix

from .codebook import Book, Embed, theme_vectors
from .letters import pieces, weighted
from .pool import Pool, Rows, Sight, alike
from .vectors import Vectors, unit

MEANING, LETTERS = 2.0, 4.0  # a cosine of definitions spreads twice as wide as shared letters
KIN_LETTERS, KIN_MEANING = 2.0, 0.6
KIN_SHARPNESS = 0.04  # how much nearer an entry must lie to count e times as much as kin
KIN_LENDS = 0.7  # of its meaning to a theme
SHARPNESS = 0.2
NOTHING = 0.2  # score that an excerpt of no theme has
EXAMPLE = 1.0
SPEAKING = 3  # examples of one theme that an excerpt is compared with: effort is the same from 1 to all
SPREAD = 0.5  # of an excerpt's shares that come from its neighbours
NEAR = 0.35  # cosine below which neighbours of a new excerpt say less the further they are
ALONE = 0.7  # of its confidence that a new excerpt keeps which is like nothing that was said before
ROUNDS = 12  # SPREAD to this power is nothing
CALIBRATED = 0.42  # exponent that makes shares the chance of being right
UNSURE = 0.45  # chance below which an excerpt is left unsorted
NOWHERE = -1


class Themes(Struct, frozen=True):
    """Themes as they are read: vectors (t, d); kin (t, entries), rows sum to 1; counted (t, BUCKETS) pieces."""

    vectors: Vectors
    kin: Vectors
    counted: csr_matrix

    def __len__(self) -> int:
        return len(self.vectors)


class Placement(Struct, frozen=True):
    """best: (n,) theme or -1 when unsure. guess: (n,) the theme even so. confidence: (n,) chance that guess is right.

    shares: (n, t), rows sum to at most 1. A person's word has confidence 1.
    """

    best: Rows
    guess: Rows
    confidence: Vectors
    shares: Vectors


def read_themes(
    book: Book, names: Sequence[str], definitions: Sequence[str], languages: Sequence[str], embed: Embed
) -> Themes:
    """Read themes by name and definition (may be empty); languages: of each definition."""
    return among_kin(book, theme_vectors(book, names, definitions, languages, embed), names, definitions)


def among_kin(book: Book, own: Vectors, names: Sequence[str], definitions: Sequence[str]) -> Themes:
    """Themes beside the entries of a book. own: what their names and definitions mean, as theme_vectors says it."""
    kin = _softmax(own @ book.vectors.T, KIN_SHARPNESS)
    texts = [f"{name} {name} {definition}" for name, definition in zip(names, definitions, strict=True)]
    vectors = unit(own + KIN_LENDS * (kin @ book.vectors)) * book.lens.length
    return Themes(vectors, kin, pieces(texts))


def place(
    book: Book,
    pool: Pool,
    themes: Themes,
    *,
    placed: Mapping[int, int] | None = None,
    aside: Collection[int] = (),
    refused: Collection[tuple[int, int]] = (),
) -> Placement:
    """Place all excerpts of a pool.

    placed: excerpt → theme that a person decided. aside: excerpts that a person put outside all themes.
    refused: (excerpt, theme) that a person said no to.
    """
    examples = dict(placed or {})
    if not len(themes) or not len(pool):
        return _nothing(len(pool), len(themes))
    scores = scored(book, pool.sight, themes, pool.points, pool.letters)
    scores += _by_examples(pool, themes, examples, pool.points, pool.letters)
    shares = _shares(_without(scores, refused))
    rows, of = list(examples), list(examples.values())
    outside = list(aside)
    start = _decided(shares, rows, of, outside)
    found = start.copy()
    for _ in range(ROUNDS):
        found = (1 - SPREAD) * start + SPREAD * (pool.near @ found)
        found = _decided(found, rows, of, outside)
    return _placement(_allowed(found, refused), rows, of, outside)


def place_new(
    book: Book,
    pool: Pool,
    themes: Themes,
    known: Placement,
    points: Vectors,
    letters: csr_matrix,
    *,
    placed: Mapping[int, int] | None = None,
    neighbours: int = 8,
) -> Placement:
    """Place excerpts that have just come in (m, d) beside a pool that is placed already; the pool stays as it is."""
    if not len(themes) or not len(points):
        return _nothing(len(points), len(themes))
    scores = scored(book, pool.sight, themes, points, letters)
    scores += _by_examples(pool, themes, dict(placed or {}), points, letters)
    shares = _shares(scores)
    k = min(neighbours, len(pool))
    if k:
        cosines = points @ pool.points.T
        near = np.argpartition(-cosines, k - 1, axis=1)[:, :k]
        weight = np.take_along_axis(cosines, near, 1).clip(1e-6)
        company = (weight.mean(1, keepdims=True) / NEAR).clip(ALONE, 1)
        weight /= np.maximum(weight.sum(1, keepdims=True), k * NEAR)
        shares = (1 - SPREAD) * shares + SPREAD * np.einsum("mk,mkt->mt", weight, known.shares[near])
        shares *= company ** (1 / CALIBRATED)
    return _placement(np.asarray(shares, np.float32), [], [], [])


def scored(book: Book, sight: Sight, themes: Themes, points: Vectors, letters: csr_matrix) -> Vectors:
    """What definitions say about excerpts, before any example: (n, t)."""
    own = weighted(themes.counted, sight.rarity)
    lent = np.sqrt(_softmax(points @ book.vectors.T, KIN_SHARPNESS) @ themes.kin.T)
    found = MEANING * (points @ themes.vectors.T) + LETTERS * (letters @ own.T).toarray()
    found += KIN_LETTERS * ((letters @ sight.entries.T) @ themes.kin.T) + KIN_MEANING * lent
    return np.asarray(found, dtype=np.float32)


def _by_examples(
    pool: Pool, themes: Themes, examples: Mapping[int, int], points: Vectors, letters: csr_matrix
) -> Vectors:
    """The nearest examples of each theme speak for it, near ones far louder than distant ones: (n, t).

    No more than a few: else a theme would be believed for how many examples it has.
    """
    said = np.zeros((len(points), len(themes)), np.float32)
    rows, of = list(examples), np.array(list(examples.values()), np.intp)
    if not rows:
        return said
    likeness = alike(points, letters, pool.points[rows], pool.letters[rows]).clip(0) ** 2
    for theme in np.unique(of):
        near = likeness[:, of == theme]
        if near.shape[1] > SPEAKING:
            near = np.partition(near, -SPEAKING, axis=1)[:, -SPEAKING:]
        said[:, theme] = EXAMPLE * near.sum(1)
    return said


def _shares(scores: Vectors) -> Vectors:
    """Rows sum to less than 1: what is left may belong to no theme at all, as if that were one more theme."""
    nothing = np.full((len(scores), 1), NOTHING, np.float32)
    return _softmax(np.hstack([scores, nothing]), SHARPNESS)[:, :-1]


def _softmax(scores: Vectors, sharpness: float) -> Vectors:
    raised = np.exp((scores - scores.max(1, keepdims=True)) / sharpness)
    return np.asarray(raised / raised.sum(1, keepdims=True), dtype=np.float32)


def _without(scores: Vectors, refused: Collection[tuple[int, int]]) -> Vectors:
    for excerpt, theme in refused:
        scores[excerpt, theme] = -99.0
    return scores


def _allowed(shares: Vectors, refused: Collection[tuple[int, int]]) -> Vectors:
    """Neighbours may not bring back what was refused."""
    for excerpt, theme in refused:
        shares[excerpt, theme] = 0
    return shares


def _decided(shares: Vectors, rows: Sequence[int], of: Sequence[int], outside: Sequence[int]) -> Vectors:
    """A person's word is a whole share; what stands outside all themes speaks for none."""
    shares[outside] = 0
    shares[rows] = 0
    shares[rows, of] = 1
    return shares


def _placement(shares: Vectors, rows: Sequence[int], of: Sequence[int], outside: Sequence[int]) -> Placement:
    guess = shares.argmax(1)
    confidence = np.asarray(shares.max(1) ** CALIBRATED, dtype=np.float32)
    best = np.where(confidence >= UNSURE, guess, NOWHERE)
    best[outside], confidence[outside] = NOWHERE, 1
    best[rows], confidence[rows] = of, 1
    return Placement(best, guess, confidence, shares)


def _nothing(excerpts: int, themes: int) -> Placement:
    nowhere = np.full(excerpts, NOWHERE, np.intp)
    return Placement(
        nowhere, nowhere, np.zeros(excerpts, np.float32), np.zeros((excerpts, themes), np.float32)
    )
