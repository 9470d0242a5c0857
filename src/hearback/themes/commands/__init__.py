"""What changes themes: the machine's sorting, and what people decide, which always stands above it."""

from hearback.themes.commands.drawing import draw, draw_what_changed, leave_the_map
from hearback.themes.commands.learning import learn
from hearback.themes.commands.living import NamedMeanwhile, name_theme, unweigh, weigh
from hearback.themes.commands.moving import add, move, refuse
from hearback.themes.commands.sorting import find_missed, read_response, sort
from hearback.themes.commands.undoing import StoodUpon, undo
from hearback.themes.commands.uniting import merge, split_off, unmerge

__all__ = [
    "NamedMeanwhile",
    "StoodUpon",
    "add",
    "draw",
    "draw_what_changed",
    "find_missed",
    "learn",
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
