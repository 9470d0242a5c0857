"""What a person should settle next: several excerpts in one batch, so that one act settles and teaches many.

Two kinds. „Could these belong to Wartezeit too?“: where shares place an excerpt wrong, the right theme is mostly the
second or third of its shares, so each theme asks for those it came closest to. „These look alike“: an excerpt that
nobody is sure of and those most like it, whatever theme they share. Measured with the simulated team of the bench:
look-alikes alone need 31 acts per 100 points, both kinds 23 to 24.
"""

from collections.abc import Collection

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from .placing import NOWHERE, Placement
from .pool import Pool, Rows, alike

MOST = 8
UNSURE, SURE = 0.5, 0.8  # confidence of what is asked about: below it is mostly wrong, above mostly right
ALIKE = 0.2  # likeness to the middle from which an excerpt may be settled with it
CANDIDATES = 300  # the least sure middles are enough to look at
BLOCK = 32  # middles whose likeness to all others is held at once


class Batch(Struct, frozen=True):
    """rows: excerpts of the pool, likeliest first. theme: where the machine would send them, -1 for nowhere.

    worth: how many acts it may spare, to compare batches of one kind.
    """

    rows: tuple[int, ...]
    theme: int
    worth: float


def could_belong(
    placement: Placement, theme: int, decided: Collection[int], *, size: int = MOST
) -> Batch | None:
    """Excerpts that stand elsewhere or nowhere and come closest to this theme; None when there are none."""
    waiting = placement.best != theme
    waiting[list(decided)] = False
    rows = np.flatnonzero(waiting)
    shares = placement.shares[rows, theme]
    best = np.argsort(-shares, kind="stable")[:size]
    best = best[shares[best] > 0]
    if not len(best):
        return None
    return Batch(tuple(rows[best].tolist()), theme, float(shares[best].sum()))


def unsure(placement: Placement, theme: int, decided: Collection[int], *, size: int = MOST) -> Batch | None:
    """What was put there without being sure, likeliest first; None when there is nothing. Two in three are right."""
    sure = placement.confidence
    asked = (placement.best == theme) & (sure >= UNSURE) & (sure < SURE)
    asked[list(decided)] = False
    rows = np.flatnonzero(asked)
    rows = rows[np.argsort(-sure[rows], kind="stable")][:size]
    return Batch(tuple(rows.tolist()), theme, float((1 - sure[rows]).sum())) if len(rows) else None


def look_alikes(
    pool: Pool, placement: Placement, decided: Collection[int], *, most: int = 10, size: int = MOST
) -> list[Batch]:
    """Up to most batches around what nobody is sure of, none sharing an excerpt with another, worthiest first."""
    doubt = 1 - placement.confidence
    open_rows = np.setdiff1d(np.arange(len(pool)), np.array(sorted(decided), np.intp))
    middles = open_rows[np.argsort(-doubt[open_rows], kind="stable")][:CANDIDATES]
    waiting = _batches(pool, middles, open_rows, doubt, size)
    taken: set[int] = set()
    found: list[Batch] = []
    while waiting and len(found) < most:
        worth, at, rows = waiting.pop(0)
        left = [row for row in rows if row not in taken]
        if len(left) < len(rows):
            if left and left[0] == at:
                _insert(waiting, (float(doubt[left].sum()), at, left))
            continue
        taken.update(rows)
        found.append(Batch(tuple(rows), _common(placement, rows), worth))
    return found


Waiting = tuple[float, int, list[int]]  # worth, middle, rows


def _batches(
    pool: Pool, middles: Rows, open_rows: Rows, doubt: NDArray[np.float32], size: int
) -> list[Waiting]:
    found: list[Waiting] = []
    for start in range(0, len(middles), BLOCK):
        block = middles[start : start + BLOCK]
        likeness = alike(
            pool.points[block], pool.letters[block], pool.points[open_rows], pool.letters[open_rows]
        )
        for middle, row in zip(block.tolist(), likeness, strict=True):
            near = open_rows[np.argsort(-row, kind="stable")[:size]]
            near = near[np.sort(row)[::-1][: len(near)] >= ALIKE]
            rows = [middle, *(int(one) for one in near if one != middle)][:size]
            found.append((float(doubt[rows].sum()), middle, rows))
    return sorted(found, key=lambda one: (-one[0], one[1]))


def _insert(waiting: list[Waiting], one: Waiting) -> None:
    """Keep the order: worthiest first."""
    at = next((i for i, other in enumerate(waiting) if other[0] < one[0]), len(waiting))
    waiting.insert(at, one)


def _common(placement: Placement, rows: list[int]) -> int:
    """The theme that the batch's shares speak for together."""
    if not placement.shares.shape[1]:
        return NOWHERE
    return int(placement.shares[rows].sum(0).argmax())
