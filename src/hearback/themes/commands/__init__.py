"""What changes themes: the machine's sorting, and what people decide, which always stands above it."""

from hearback.themes.commands.living import name_theme, unweigh, weigh
from hearback.themes.commands.moving import merge, move, undo, unmerge
from hearback.themes.commands.sorting import find_missed, group_anew, read_response, sort

__all__ = [
    "find_missed",
    "group_anew",
    "merge",
    "move",
    "name_theme",
    "read_response",
    "sort",
    "undo",
    "unmerge",
    "unweigh",
    "weigh",
]
