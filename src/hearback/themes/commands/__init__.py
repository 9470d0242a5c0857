"""What changes themes: the machine's sorting, and what people decide, which always stands above it."""

from hearback.themes.commands.living import name_theme, unweigh, weigh
from hearback.themes.commands.moving import add, move, refuse
from hearback.themes.commands.sorting import find_missed, group_anew, read_response, sort
from hearback.themes.commands.undoing import undo
from hearback.themes.commands.uniting import merge, split_off, unmerge

__all__ = [
    "add",
    "find_missed",
    "group_anew",
    "merge",
    "move",
    "name_theme",
    "read_response",
    "refuse",
    "sort",
    "split_off",
    "undo",
    "unmerge",
    "unweigh",
    "weigh",
]
