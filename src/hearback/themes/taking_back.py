"""What each act in a theme's life wrote and what it stands on, and so which older one can still be taken back.

No database, no web. An act can be taken back while nothing later wrote the same or stands on what it wrote:
a name on a theme that is there, a merge on a name.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from hearback.themes.rules import ThemeDeed

Slot = tuple[str, ...]  # one thing that an act writes: ("name", theme), ("excerpt", excerpt)


class Act(Struct, frozen=True):
    """One event of a theme's life. who: the member's name; told: its details as they were written."""

    id: UUID
    theme: UUID | None
    deed: ThemeDeed
    told: Mapping[str, Any]
    who: str
    at: datetime

    @property
    def undoes(self) -> UUID | None:
        return UUID(self.told["undoes"]) if self.told.get("undoes") else None

    @property
    def is_aside(self) -> bool:
        """The other side of an event that stands with another theme, or the machine's own doing."""
        return "of" in self.told or self.deed == ThemeDeed.SUGGESTED


def in_the_way(act: Act, later: Sequence[Act], *, but: Collection[UUID] = ()) -> Act | None:
    """The newest of the later acts that stands on this one; None when it can be taken back. later: oldest first."""
    wrote = writes(act)
    return next(
        (
            one
            for one in reversed(standing(later))
            if one.id not in but and one.id != act.id and wrote & (writes(one) | needs(one))
        ),
        None,
    )


def standing(acts: Sequence[Act]) -> list[Act]:
    """Those that nobody has taken back; oldest first.

    Merged, parted and merged again is one chain, of which the last speaks; merged and parted is none. What takes
    back something older than these acts counts only where it is an act of its own.
    """
    chains: dict[UUID, list[Act]] = {}
    for one in acts:
        if one.is_aside:
            continue
        chain = chains.pop(one.undoes, []) if one.undoes else []
        chains[one.id] = [*chain, one]
    return sorted(
        (
            chain[-1]
            for chain in chains.values()
            if len(chain) % 2 and (chain[0].undoes is None or chain[0].deed in TAKEN_BACK_ITSELF)
        ),
        key=lambda one: one.id,
    )


def can_be_taken_back(act: Act) -> bool:
    """Whether it is an act at all, and of a kind that has a way back."""
    return not act.is_aside and (act.undoes is None or act.deed in TAKEN_BACK_ITSELF)


def writes(act: Act) -> frozenset[Slot]:
    return frozenset(WRITES[act.deed](act)) if act.deed in WRITES else frozenset()


def needs(act: Act) -> frozenset[Slot]:
    """What must be there for it to mean anything."""
    found = {("theme", str(act.theme))} if act.theme else set()
    if act.deed == ThemeDeed.MERGED:
        found |= {("theme", act.told["into"]), ("named", act.told["into"])}
    if act.deed == ThemeDeed.SPLIT:
        found.add(("theme", act.told["source"]))
    return frozenset(found)


def _named(act: Act) -> set[Slot]:
    theme = str(act.theme)
    made = {("theme", theme)} if act.told.get("made") else set()
    return made | {(what, theme) for what in ("name", "definition", "excludes", "named")}


def _renamed(act: Act) -> set[Slot]:
    return {("name", str(act.theme))} | _described(act)


def _defined(act: Act) -> set[Slot]:
    return _described(act) or {("definition", str(act.theme))}


def _described(act: Act) -> set[Slot]:
    """What was written anew of what belongs and what does not."""
    told, was = act.told, act.told.get("was") or {}
    return {
        (what, str(act.theme))
        for what in ("definition", "excludes")
        if what in told and told[what] != was.get(what, "")
    }


def _split(act: Act) -> set[Slot]:
    new = {(what, str(act.theme)) for what in ("theme", "name", "definition", "excludes", "named", "heir")}
    return new | _of_those_left(act)


def _of_those_left(act: Act) -> set[Slot]:
    return {("excerpt", left["excerpt"]) for left in act.told["left"]}


def _of_theme(what: str) -> Callable[[Act], set[Slot]]:
    return lambda act: {(what, str(act.theme))}


def _of_theme_and(what: str, other: str) -> Callable[[Act], set[Slot]]:
    return lambda act: {(what, str(act.theme), act.told[other])}


WRITES: dict[ThemeDeed, Callable[[Act], set[Slot]]] = {
    ThemeDeed.NAMED: _named,
    ThemeDeed.RENAMED: _renamed,
    ThemeDeed.DEFINED: _defined,
    ThemeDeed.WEIGHTED: _of_theme("weight"),
    ThemeDeed.UNWEIGHTED: _of_theme("weight"),
    ThemeDeed.NOT_WEIGHTY: lambda act: {("light", excerpt) for excerpt in act.told["excerpts"]},
    ThemeDeed.MERGED: _of_theme("heir"),
    ThemeDeed.UNMERGED: _of_theme("heir"),
    ThemeDeed.SPLIT: _split,
    ThemeDeed.MOVED: lambda act: {("excerpt", act.told["excerpt"])},
    ThemeDeed.MOVED_MANY: _of_those_left,
    ThemeDeed.CUT: _of_those_left,
    ThemeDeed.JOINED: _of_those_left,
    ThemeDeed.SET_ASIDE: lambda act: {("response", one["response"]) for one in act.told["answers"]},
    ThemeDeed.DISMISSED: lambda act: (
        {("proposal", act.told["proposal"])} | {("excerpt", left["excerpt"]) for left in act.told["left"]}
    ),
    ThemeDeed.NOT_HERE: _of_theme_and("not-here", "excerpt"),
    ThemeDeed.RESTING: _of_theme("rest"),
    ThemeDeed.WOKEN: _of_theme("rest"),
    ThemeDeed.ASSIGNED: _of_theme("assigned"),
    ThemeDeed.ASKED: _of_theme_and("asked", "question"),
    ThemeDeed.UNASKED: _of_theme_and("asked", "question"),
}
# To take these back is to merge or to part again, which is as good an act as the first.
TAKEN_BACK_ITSELF = frozenset({ThemeDeed.MERGED, ThemeDeed.UNMERGED})
