"""What becomes of a note: written, sent out, corrected, taken back. Once public, it never changes silently."""

from hearback.changenotes.commands.afterwards import correct_note, withdraw_note
from hearback.changenotes.commands.looking_again import look_again
from hearback.changenotes.commands.objecting import object_to
from hearback.changenotes.commands.opening_door import choose_door, prepare_door
from hearback.changenotes.commands.publishing import (
    leadership_corrects,
    leadership_lets_out,
    publish_note,
    why_not,
)
from hearback.changenotes.commands.releasing import (
    ask_for_release,
    choose_four_eyes,
    cosign_note,
    schedule_note,
    send_due,
    unschedule_note,
)
from hearback.changenotes.commands.sheets import say_elsewhere
from hearback.changenotes.commands.translating import Along, along, save_translation, translate_note
from hearback.changenotes.commands.writing import (
    SavedMeanwhile,
    discard_note,
    save_note,
    seen_writing,
    start_note,
)

__all__ = [
    "Along",
    "SavedMeanwhile",
    "along",
    "ask_for_release",
    "choose_door",
    "choose_four_eyes",
    "correct_note",
    "cosign_note",
    "discard_note",
    "leadership_corrects",
    "leadership_lets_out",
    "look_again",
    "object_to",
    "prepare_door",
    "publish_note",
    "save_note",
    "save_translation",
    "say_elsewhere",
    "schedule_note",
    "seen_writing",
    "send_due",
    "start_note",
    "translate_note",
    "unschedule_note",
    "why_not",
    "withdraw_note",
]
