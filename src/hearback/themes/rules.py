"""What a theme is and what may happen to it. No database, no web."""

from enum import StrEnum


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
