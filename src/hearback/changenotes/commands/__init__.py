"""What becomes of a note: written, sent out, corrected, taken back. Once public, it never changes silently."""

from hearback.changenotes.commands.afterwards import correct_note, withdraw_note
from hearback.changenotes.commands.objecting import object_to
from hearback.changenotes.commands.publishing import publish_note, why_not
from hearback.changenotes.commands.writing import SavedMeanwhile, discard_note, save_note, start_note

__all__ = [
    "SavedMeanwhile",
    "correct_note",
    "discard_note",
    "object_to",
    "publish_note",
    "save_note",
    "start_note",
    "why_not",
    "withdraw_note",
]
