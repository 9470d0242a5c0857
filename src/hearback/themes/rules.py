"""What a theme is and what may happen to it. No database, no web."""

from enum import StrEnum

FEWEST_EXCERPTS = 30  # before that a grouping says more about chance than about people
GROWN_ENOUGH = 10  # fewer new ones than this are never worth another grouping


class ThemeState(StrEnum):
    SUGGESTED = "suggested"
    NAMED = "named"


class PlacedBy(StrEnum):
    MACHINE = "machine"
    PERSON = "person"


class ThemeDeed(StrEnum):
    """What happened in a theme's life; written down once, never changed."""

    SUGGESTED = "suggested"
    NAMED = "named"
    RENAMED = "renamed"
    DEFINED = "defined"
    MERGED = "merged"
    UNMERGED = "unmerged"
    MOVED = "moved"
    WEIGHTED = "weighted"
    UNWEIGHTED = "unweighted"


def grouping_is_due(excerpts: int, unsorted: int, last: tuple[int, int] | None) -> bool:
    """Whether everything should be grouped anew: the unsorted grew by a quarter, or all by half.

    last: excerpts and unsorted ones right after the last grouping; None when there was none yet.
    """
    if last is None:
        return excerpts >= FEWEST_EXCERPTS
    excerpts_then, unsorted_then = last
    more_unsorted, more = unsorted - unsorted_then, excerpts - excerpts_then
    return (more_unsorted >= GROWN_ENOUGH and more_unsorted * 4 >= unsorted_then) or (
        more >= GROWN_ENOUGH and more * 2 >= excerpts_then
    )
