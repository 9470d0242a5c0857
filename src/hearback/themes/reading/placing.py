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
from scipy.sparse import csc_matrix, csr_matrix

from .codebook import Book, Embed, theme_vectors
from .letters import pieces, weighted
from .pool import NEIGHBOURS, Bools, Pool, Rows, Sight, alike, neighbour_graph
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
ROUNDS = 12  # SPREAD to this power is nothing
CALIBRATED = 0.42  # exponent that makes shares the chance of being right
UNSURE = 0.45  # chance below which an excerpt is left unsorted
# Score below which an excerpt in a language that is not ours speaks of no theme. In languages that the models know (of
# fifteen: Spanish, Turkish, Polish, Japanese …) five in six have more and are right; in others nine in ten have less.
SPEAKS_OF = 0.45
DOUBTED = 0.1  # of its shares that such an excerpt keeps, whatever its neighbours say: then it is unsure
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


class Examples(Struct, frozen=True):
    """points: (e, d); letters: (e, BUCKETS), by columns as Sight.entries.

    by_number: themes (k,) that have equally many examples, and which those are, (k, so many); all at once is quicker.
    """

    points: Vectors
    letters: csc_matrix
    by_number: list[tuple[Rows, Rows]]


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
        return nothing(len(pool), len(themes))
    spelt = weighted(themes.counted, pool.sight.rarity)
    scores = scored(book, pool.sight, themes, spelt, pool.points, pool.letters)
    scores += said_by(examples_of(pool, examples), len(themes), pool.points, pool.letters)
    shares = shares_of(_without(scores, refused))
    near = neighbour_graph(pool.points, NEIGHBOURS)
    rows, of = list(examples), list(examples.values())
    outside = list(aside)
    start = _decided(shares, rows, of, outside)
    found = start.copy()
    for _ in range(ROUNDS):
        found = (1 - SPREAD) * start + SPREAD * (near @ found)
        found = _decided(found, rows, of, outside)
    placement = placement_of(_allowed(doubted(found, scores, pool.strange), refused))
    placement.best[outside], placement.confidence[outside] = NOWHERE, 1
    placement.best[rows], placement.confidence[rows] = of, 1
    return placement


def scored(
    book: Book,
    sight: Sight,
    themes: Themes,
    spelt: csr_matrix | csc_matrix,
    points: Vectors,
    letters: csr_matrix,
) -> Vectors:
    """What definitions say about excerpts, before any example: (n, t). spelt: (t, BUCKETS) the themes' letters."""
    lent = np.sqrt(_softmax(points @ book.vectors.T, KIN_SHARPNESS) @ themes.kin.T)
    found = MEANING * (points @ themes.vectors.T) + LETTERS * (letters @ spelt.T).toarray()
    found += KIN_LETTERS * ((letters @ sight.entries.T) @ themes.kin.T) + KIN_MEANING * lent
    return np.asarray(found, dtype=np.float32)


def examples_of(pool: Pool, placed: Mapping[int, int]) -> Examples:
    """placed: excerpt → theme that it speaks for."""
    rows, of = list(placed), np.array(list(placed.values()), np.intp)
    themes, sizes = np.unique(of, return_counts=True)
    alike_many = [
        (themes[sizes == size], np.stack([np.flatnonzero(of == theme) for theme in themes[sizes == size]]))
        for size in np.unique(sizes)
    ]
    return Examples(pool.points[rows], pool.letters[rows].tocsc(), alike_many)


def said_by(examples: Examples, themes: int, points: Vectors, letters: csr_matrix) -> Vectors:
    """The nearest examples of each theme speak for it, near ones far louder than distant ones: (n, themes).

    No more than a few: else a theme would be believed for how many examples it has.
    """
    said = np.zeros((len(points), themes), np.float32)
    if not len(examples.points):
        return said
    likeness = alike(points, letters, examples.points, examples.letters).clip(0) ** 2
    for of, rows in examples.by_number:
        near = likeness[:, rows]
        if near.shape[2] > SPEAKING:
            near = np.partition(near, -SPEAKING, axis=2)[:, :, -SPEAKING:]
        said[:, of] = EXAMPLE * near.sum(2)
    return said


def shares_of(scores: Vectors) -> Vectors:
    """Rows sum to less than 1: what is left may belong to no theme at all, as if that were one more theme."""
    nothing = np.full((len(scores), 1), NOTHING, np.float32)
    return _softmax(np.hstack([scores, nothing]), SHARPNESS)[:, :-1]


def doubted(shares: Vectors, scores: Vectors, strange: Bools) -> Vectors:
    """Shares (n, t), of which little is kept where a strange excerpt (n,) has low scores (n, t).

    To the models a language that they do not know is like nothing, so chance alone would choose its neighbours.
    """
    unheard = strange & (scores.max(1, initial=0.0) < SPEAKS_OF)
    return np.where(unheard[:, None], np.float32(DOUBTED) * shares, shares)


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


def placement_of(shares: Vectors) -> Placement:
    guess = shares.argmax(1)
    confidence = np.asarray(shares.max(1) ** CALIBRATED, dtype=np.float32)
    return Placement(np.where(confidence >= UNSURE, guess, NOWHERE), guess, confidence, shares)


def nothing(excerpts: int, themes: int) -> Placement:
    nowhere = np.full(excerpts, NOWHERE, np.intp)
    return Placement(
        nowhere, nowhere, np.zeros(excerpts, np.float32), np.zeros((excerpts, themes), np.float32)
    )
