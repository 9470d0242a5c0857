"""Vectors of companies in which somebody compares excerpts now: to read 20 MB anew for each look costs half a second.

Only in a process that hears news: what people change or erase makes it forget the company at once.
"""

from collections import OrderedDict
from uuid import UUID

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from hearback.themes.embedding import DIMENSIONS
from hearback.themes.queries import searching
from hearback.themes.queries.searching import ID_BYTES
from hearback.web.live import LIVE

MOST_HELD = 40_000  # vectors of 2 KB, of all companies together

Matrix = NDArray[np.float32]


class Held(Struct):
    """ids: of the excerpts, as bytes one behind the other; vectors: (n, 512), in their order."""

    ids: bytes
    vectors: Matrix


class HeldVectors:
    """The company that was asked for longest ago goes first."""

    def __init__(self) -> None:
        self._held: OrderedDict[UUID, Held] = OrderedDict()
        self._news = 0
        LIVE.when_told(self.forget)

    def __len__(self) -> int:
        return sum(len(held.vectors) for held in self._held.values())

    async def of(self, company_id: UUID, ids: bytes) -> Matrix:
        """(n, 512), in the order of the ids, which all must have a vector."""
        news = self._news
        held = self._held.get(company_id) or Held(b"", np.zeros((0, DIMENSIONS), np.float32))
        if held.ids == ids:
            return held.vectors
        row = {one: at for at, one in enumerate(_parted(held.ids))}
        missing = [one for one in _parted(ids) if one not in row]
        if missing:
            row |= {one: len(row) + at for at, one in enumerate(missing)}
            read = np.frombuffer(await searching.vectors(company_id, missing), "<f4")
            held = Held(held.ids + b"".join(missing), np.vstack([held.vectors, read.reshape(-1, DIMENSIONS)]))
        if news == self._news and LIVE.connected.is_set():
            self._held[company_id] = held
            self._held.move_to_end(company_id)
            while len(self) > MOST_HELD:
                self._held.popitem(last=False)
        return held.vectors[[row[one] for one in _parted(ids)]]

    def forget(self, company: str | None, what: str) -> None:
        """company: as news names it; None when news may have been missed. Nothing else changes a vector."""
        if company is not None and what not in ("public", "desk"):
            return
        self._news += 1
        for known in [one for one in self._held if company is None or str(one) == company]:
            del self._held[known]


def _parted(ids: bytes) -> list[bytes]:
    return [ids[at : at + ID_BYTES] for at in range(0, len(ids), ID_BYTES)]


HELD = HeldVectors()
