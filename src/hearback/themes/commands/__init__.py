"""What changes themes: the machine's sorting, and what people decide, which always stands above it."""

from hearback.themes.commands.cutting import cut, join
from hearback.themes.commands.drawing import draw, draw_what_changed, leave_the_map
from hearback.themes.commands.hearing import voices_shown
from hearback.themes.commands.learning import learn
from hearback.themes.commands.living import (
    NamedMeanwhile,
    name_theme,
    say_it_does_not_weigh,
    unweigh,
    weigh,
)
from hearback.themes.commands.moving import add, move, refuse, theme_called
from hearback.themes.commands.reading_again import find_read_once, read_again
from hearback.themes.commands.sorting import find_missed, read_response, sort
from hearback.themes.commands.telling import (
    pass_on,
    read_mention,
    read_passed_on,
    remark,
    take_remark_back,
)
from hearback.themes.commands.tending import ask_about, ask_anew, assign, open_again, rest, unask, wake
from hearback.themes.commands.undoing import StoodUpon, undo
from hearback.themes.commands.uniting import merge, split_off, unmerge

__all__ = [
    "NamedMeanwhile",
    "StoodUpon",
    "add",
    "ask_about",
    "ask_anew",
    "assign",
    "cut",
    "draw",
    "draw_what_changed",
    "find_missed",
    "find_read_once",
    "join",
    "learn",
    "leave_the_map",
    "merge",
    "move",
    "name_theme",
    "open_again",
    "pass_on",
    "read_again",
    "read_mention",
    "read_passed_on",
    "read_response",
    "refuse",
    "remark",
    "rest",
    "say_it_does_not_weigh",
    "sort",
    "split_off",
    "take_remark_back",
    "theme_called",
    "unask",
    "undo",
    "unmerge",
    "unweigh",
    "voices_shown",
    "wake",
    "weigh",
]
