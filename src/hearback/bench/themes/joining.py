"""What comes later: placed as the worker places new answers, and found by reading all anew; how much that costs."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from hearback.bench.themes.agreement import ami
from hearback.themes.codebooks import starter_codebook
from hearback.themes.planning import Plan, placed_by, plan, reading
from hearback.themes.queries.sorting import Known, Loose, Tie
from hearback.themes.second_reading import to_store

MOST_NEW = 1000  # texts that come later; no more than a quarter


class Said(Struct, frozen=True):
    """Excerpts of their own answers each. truth: what each is about. vectors: of the first model, (n, 512)."""

    texts: Sequence[str]
    languages: Sequence[str]
    truth: Sequence[str]
    vectors: NDArray[np.float32]


def later(n: int) -> int:
    """How many of n texts, the last, count as come later."""
    return min(MOST_NEW, n // 4)


def lost_by_joining(said: Said, *, twice: bool) -> float:
    """AMI of what came later where it was placed, minus that of the same texts when all are read anew.

    twice: what stood there was read by both models, as all will be; what has just come in by the first alone.
    """
    n = len(said.texts)
    before, new = range(n - later(n)), range(n - later(n), n)
    codebook = starter_codebook(twice)
    standing = plan(codebook, _known(said, before, {}, twice), [])
    ties = [
        Tie(theme, False, "", "", one.terms, one.entry, False) for theme, one in standing.suggested.items()
    ]
    read = reading(starter_codebook(False), _known(said, before, _themes(standing), False), ties)
    placed = {place.excerpt: place.theme for place in placed_by(read, _loose(said, new))}
    anew = _themes(plan(codebook, _known(said, range(n), {}, twice), []))
    return _agreement(said, new, placed) - _agreement(said, new, anew)


def _agreement(said: Said, rows: range, themes: Mapping[UUID, UUID]) -> float:
    return ami([said.truth[row] for row in rows], [themes.get(_id(row)) for row in rows])


def _themes(planned: Plan) -> dict[UUID, UUID]:
    return {place.excerpt: place.theme for place in planned.places}


def _known(said: Said, rows: range, themes: Mapping[UUID, UUID], twice: bool) -> list[Known]:
    return [
        Known(
            id=_id(row),
            answer=_id(row),
            words=said.texts[row],
            language=said.languages[row],
            vector=_stored(said, row),
            theme=themes.get(_id(row)),
            heir=themes.get(_id(row)),
            by_person=False,
            held=False,
            second=to_store(said.texts[row]) if twice else None,
        )
        for row in rows
    ]


def _loose(said: Said, rows: range) -> list[Loose]:
    return [Loose(_id(row), said.texts[row], said.languages[row], _stored(said, row)) for row in rows]


def _stored(said: Said, row: int) -> bytes:
    return bytes(said.vectors[row].astype("<f4").tobytes())


def _id(row: int) -> UUID:
    return UUID(int=row + 1)
