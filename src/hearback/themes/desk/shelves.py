"""How the list of themes is laid out: few voices of weight first, then the others, at the end what rests.

Of the last two not more than one looks through at once; how many more there are is said, and one press shows them.
"""

from collections.abc import Callable, Sequence

from msgspec import Struct

from hearback.themes.desk.listing import Listed
from hearback.themes.rules import LifeState

A_SHELF = 60


class Shelf(Struct, frozen=True):
    """rows: as they are shown, the opened theme among them; folded: how many more there are."""

    rows: list[Listed]
    folded: int


class Shelves(Struct, frozen=True):
    """suspected: only the machine thinks that they weigh."""

    weighty: list[Listed]
    suspected: list[Listed]
    others: Shelf
    resting: Shelf

    @property
    def folded(self) -> int:
        return self.others.folded + self.resting.folded


def shelves(shown: Sequence[Listed], *, opened: str, whole: bool) -> Shelves:
    """opened: the id of the theme that is open, or something else. whole: nothing is folded."""

    def those(which: Callable[[Listed], bool]) -> list[Listed]:
        return [one for one in shown if which(one)]

    weighs = {one.theme.id for one in shown if one.theme.weighty and one.few and not _rests(one)}
    return Shelves(
        weighty=those(lambda one: one.theme.id in weighs and not one.theme.may_weigh),
        suspected=those(lambda one: one.theme.id in weighs and one.theme.may_weigh),
        others=_shelf(those(lambda one: one.theme.id not in weighs and not _rests(one)), opened, whole),
        resting=_shelf(those(_rests), opened, whole),
    )


def _rests(one: Listed) -> bool:
    return one.state is LifeState.RESTING


def _shelf(rows: list[Listed], opened: str, whole: bool) -> Shelf:
    if whole or len(rows) <= A_SHELF:
        return Shelf(rows, 0)
    beyond = [one for one in rows[A_SHELF:] if str(one.theme.id) == opened]
    shown = rows[:A_SHELF] + beyond
    return Shelf(shown, len(rows) - len(shown))
