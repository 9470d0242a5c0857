"""What changes themes: the machine's sorting, and what people decide, which always stands above it."""

from hearback.themes.commands.drawing import draw, draw_what_changed, leave_the_map
from hearback.themes.commands.living import name_theme, unweigh, weigh
from hearback.themes.commands.moving import add, move, refuse
from hearback.themes.commands.sorting import find_missed, group_anew, read_response, sort
from hearback.themes.commands.undoing import undo
from hearback.themes.commands.uniting import merge, split_off, unmerge

__all__ = [
    "add",
    "draw",
    "draw_what_changed",
    "find_missed",
    "group_anew",
    "leave_the_map",
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
