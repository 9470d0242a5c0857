"""What moderators and fans do about an answer, and the company about its rules."""

from hearback.moderation.commands.covering import cover, hidden, hide_again, uncover
from hearback.moderation.commands.deciding import (
    count_again,
    hand_over,
    hear_as,
    let_stand,
    set_aside,
    set_aside_many,
    trust,
    trust_no_more,
)
from hearback.moderation.commands.feeling import feel_heat
from hearback.moderation.commands.looking import ask_for_another_look, look_again
from hearback.moderation.commands.ruling import write_rules

__all__ = [
    "ask_for_another_look",
    "count_again",
    "cover",
    "feel_heat",
    "hand_over",
    "hear_as",
    "hidden",
    "hide_again",
    "let_stand",
    "look_again",
    "set_aside",
    "set_aside_many",
    "trust",
    "trust_no_more",
    "uncover",
    "write_rules",
]
