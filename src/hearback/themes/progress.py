"""How far the worker is with many answers, for the desk: told with the news, kept by whoever hears it.

A worker that dies says nothing more, so what was told last holds only for a while.
"""

import time
from uuid import UUID

from msgspec import Struct

from hearback.web.live import LIVE, tell

MANY = 250  # answers, or excerpts, from which it takes long enough to be told of
READING, SORTING, OVER = "reading", "sorting", "over"
HOLDS_S = {READING: 60, SORTING: 1800}


class Progress(Struct, frozen=True):
    """stage: READING, so many answers done of all; or SORTING, all excerpts anew, where done is 0."""

    stage: str
    done: int
    of: int


class Heard(Struct, frozen=True):
    progress: Progress
    until: float


class HeardProgress:
    """What this process has heard last of each company."""

    def __init__(self) -> None:
        self._heard: dict[str, Heard] = {}
        LIVE.when_told(self.hear)

    def of(self, company_id: UUID) -> Progress | None:
        heard = self._heard.get(str(company_id))
        return heard.progress if heard and heard.until > time.monotonic() else None

    def hear(self, company: str | None, what: str) -> None:
        """company None: news may have been missed; whatever still goes on will be told again."""
        if company is None:
            self._heard.clear()
            return
        stage, _, numbers = what.partition(" ")
        if stage == OVER:
            self._heard.pop(company, None)
        elif stage in HOLDS_S:
            done, _, of = numbers.partition(" ")
            self._heard[company] = Heard(
                Progress(stage, int(done), int(of)), time.monotonic() + HOLDS_S[stage]
            )


HEARD = HeardProgress()


async def tell_progress(company_id: UUID, stage: str, done: int, of: int) -> None:
    """Nothing is told of what is done in a moment."""
    if of >= MANY:
        await tell(company_id, f"{stage} {done} {of}")


async def tell_over(company_id: UUID, of: int) -> None:
    if of >= MANY:
        await tell(company_id, OVER)
