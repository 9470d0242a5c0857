"""A simulated team that knows the truth and counts its acts.

What is an act: one form sent. Naming a theme with its definition is one. Of a batch that the machine offers
(„could these belong here too?“, „these look alike“), the team ticks those that belong to one theme and sends them
there: one. It reads for free, and never acts where all stands
right. The machine learns anew every few acts. Right is a point whose theme is the true one; a point of no theme is
right where it is left unsorted or put aside.
"""

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from hearback.themes.reading.asking import Batch, could_belong, look_alikes
from hearback.themes.reading.codebook import Book
from hearback.themes.reading.placing import NOWHERE, Placement, Themes, place
from hearback.themes.reading.pool import Pool

GOAL = 0.9
LEARNS_EVERY = 5
PAGE = 10
Truth = NDArray[np.intp]


class Effort(Struct, frozen=True):
    """acts: all, naming included, until the goal; per_hundred: of them per 100 points. right: before any act."""

    acts: int
    naming: int
    points: int
    right: float
    batches: tuple[int, ...]

    @property
    def per_hundred(self) -> float:
        return 100 * self.acts / self.points


def effort(
    book: Book, pool: Pool, themes: Themes, truth: Truth, *, acts_a_theme: int = 1, goal: float = GOAL
) -> Effort:
    """truth: (n,) theme of each point, -1 for none."""
    placed: dict[int, int] = {}
    aside: set[int] = set()
    settled: list[int] = []
    placement = place(book, pool, themes)
    stands = placement.best.copy()
    before = float((stands == truth).mean())
    while (stands == truth).mean() < goal:
        move = _best_move(pool, placement, stands, truth, placed.keys() | aside)
        for row in move:
            stands[row] = truth[row]
            if truth[row] == NOWHERE:
                aside.add(row)
            else:
                placed[row] = int(truth[row])
        settled.append(len(move))
        if len(settled) % LEARNS_EVERY == 0:
            placement = place(book, pool, themes, placed=placed, aside=aside)
            stands = placement.best.copy()
    naming = acts_a_theme * len(themes)
    return Effort(naming + len(settled), naming, len(truth), before, tuple(settled))


def _best_move(pool: Pool, placement: Placement, stands: Truth, truth: Truth, decided: set[int]) -> list[int]:
    """What the team does with what is offered: the ticks that mend most; it turns the page where all is right."""
    shown = set(decided)
    while True:
        asked = [could_belong(placement, theme, shown) for theme in range(placement.shares.shape[1])]
        page = [batch for batch in asked if batch] + look_alikes(pool, placement, shown, most=PAGE)
        choices = [choice for batch in page for choice in _choices(batch, truth)]
        best = max(choices, key=lambda rows: _mended(rows, stands, truth), default=[])
        if _mended(best, stands, truth):
            return best
        shown |= {row for batch in page for row in batch.rows}


def _choices(batch: Batch, truth: Truth) -> list[list[int]]:
    return [
        [row for row in batch.rows if truth[row] == of] for of in sorted({int(truth[r]) for r in batch.rows})
    ]


def _mended(rows: Sequence[int], stands: Truth, truth: Truth) -> int:
    return int((stands[list(rows)] != truth[list(rows)]).sum())
