"""What becomes of a reply, of what its fan says to it, and of the mandate."""

from hearback.replying.commands.keeping import keep_step
from hearback.replying.commands.mandate import revoke_mandate, sign_mandate
from hearback.replying.commands.sending import (
    ask_for_sign_off,
    cosign,
    give_back,
    send_under_mandate,
    sign_off,
    twin,
)
from hearback.replying.commands.talking import open_personal_data, say_back, settle
from hearback.replying.commands.writing import SavedMeanwhile, discard_reply, save_reply, start_correction

__all__ = [
    "SavedMeanwhile",
    "ask_for_sign_off",
    "cosign",
    "discard_reply",
    "give_back",
    "keep_step",
    "open_personal_data",
    "revoke_mandate",
    "save_reply",
    "say_back",
    "send_under_mandate",
    "settle",
    "sign_mandate",
    "sign_off",
    "start_correction",
    "twin",
]
