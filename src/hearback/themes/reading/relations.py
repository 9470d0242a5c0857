"""Which themes say the same, and which say two things.

How like two groups are: the mean cosine between them over that within them; 1 is what two halves of one theme have,
0 is nothing in common. Measured with one model and with two: among the themes of three invented companies no pair
comes to ONE, of banking77 and CLINC one in a thousand; of halves of one theme nearly all of the latter do, and half of
the companies', where a half is five to ten statements. Of themes put together from two, the second level finds seven
in eight of banking77 and CLINC (97 of 100 statements on the right side) and a quarter of the companies' (79); of themes
that are one it parts 2 in 139.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from .codebook import Book
from .discovery import TOGETHER, discover, likeness_within
from .pool import Pool, Rows
from .vectors import Vectors

FEWEST = 5  # excerpts of a side; fewer are like or unlike by chance
ONE = 0.8  # likeness from which two themes may be one
TWO = 0.15  # likeness up to which two sides may be two themes
BARELY = 0.02  # likeness within that a side has at least
ABOUT = 0.05  # likeness within from which a theme is about something; what is scattered is like all that is scattered
PLAINLY = 0.3  # likeness of the two sides that differ most from which discovery need not look; loses none
TURNS = 15  # of the power iteration that finds where they differ most
STEPS = 5  # until no excerpt changes sides, mostly two or three
PAIRS = 20  # the most alike; nobody reads more


class Parting(Struct, frozen=True):
    """rows: of the smaller side, as numbers among the rows that were looked at. likeness: to the other side."""

    rows: tuple[int, ...]
    likeness: float


def likeness_of(one: Vectors, other: Vectors) -> float:
    """Points (n, d) and (m, d), n, m ≥ 2."""
    within = max(likeness_within(one), BARELY) * max(likeness_within(other), BARELY)
    return float(one.mean(0) @ other.mean(0)) / float(np.sqrt(within))


def most_alike(points: Vectors, members: Mapping[int, Sequence[int]]) -> list[tuple[int, int, float]]:
    """Themes that may be one, with their likeness, most alike first. members: theme → rows of the points."""
    held = {
        theme: likeness_within(points[list(rows)]) for theme, rows in members.items() if len(rows) >= FEWEST
    }
    themes = [theme for theme, within in held.items() if within >= ABOUT]
    if len(themes) < 2:
        return []
    means = np.stack([points[list(members[theme])].mean(0) for theme in themes])
    within = np.array([held[theme] for theme in themes])
    likeness = means @ means.T / np.sqrt(np.outer(within, within))
    near = np.argwhere(np.triu(likeness >= ONE, 1)).tolist()
    pairs = [(themes[at], themes[with_], float(likeness[at, with_])) for at, with_ in near]
    return sorted(pairs, key=lambda pair: -pair[2])[:PAIRS]


def parted(book: Book, pool: Pool, rows: Rows) -> Parting | None:
    """The two things that these rows of the pool say; None where they say one, or nobody can tell.

    Discovery alone finds the heart of the second thing; the rest of it is what lies nearer to that than to all others.
    """
    part = Pool(pool.points[rows], pool.letters[rows], pool.sight, pool.strange[rows])
    if len(rows) < 2 * FEWEST or _is_plainly_one(part.points):
        return None
    labels = discover(book, part, range(len(rows))).labels
    sides = [labels == group for group in range(int(labels.max(initial=-1)) + 1)]
    hearts = [side for side in sides if _is_heart(part.points, side)]
    if not hearts:
        return None
    heart = min(hearts, key=lambda side: likeness_of(part.points[side], part.points[~side]))
    side = _grown(part.points, heart)
    likeness = likeness_of(part.points[side], part.points[~side])
    if likeness > TWO:
        return None
    smaller = side if 2 * side.sum() <= len(rows) else ~side
    return Parting(tuple(np.flatnonzero(smaller).tolist()), likeness)


def _is_plainly_one(points: Vectors) -> bool:
    """Cut across the direction in which they differ most, both sides still say the same."""
    away = points - points.mean(0)
    direction = away[int((away**2).sum(1).argmax())]
    for _ in range(TURNS):
        direction = away.T @ (away @ direction)
        direction /= max(float(np.linalg.norm(direction)), 1e-9)
    side = away @ direction > 0
    if min(side.sum(), (~side).sum()) < FEWEST:
        return False
    side = _grown(points, side)
    return likeness_of(points[side], points[~side]) > PLAINLY


def _is_heart(points: Vectors, side: NDArray[np.bool_]) -> bool:
    return min(side.sum(), (~side).sum()) >= FEWEST and likeness_within(points[side]) >= TOGETHER


def _grown(points: Vectors, side: NDArray[np.bool_]) -> NDArray[np.bool_]:
    for _ in range(STEPS):
        nearer = points @ (_direction(points[side]) - _direction(points[~side])) > 0
        if min(nearer.sum(), (~nearer).sum()) < FEWEST or (nearer == side).all():
            break
        side = nearer
    return side


def _direction(points: Vectors) -> Vectors:
    mean = points.mean(0)
    return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-9), np.float32)
