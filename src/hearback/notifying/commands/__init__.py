"""Following, the outbox, sending, and what causes a mail."""

from hearback.notifying.commands.causes import (
    put_in_digests,
    tell_of_note,
    tell_of_promise,
    tell_of_reply,
    tell_whether_it_held,
)
from hearback.notifying.commands.checking_back import ask_back, say_how_it_is
from hearback.notifying.commands.following import ask_to_follow, confirm, purge, stop, stop_for_response
from hearback.notifying.commands.mailboxes import look_into, read_mailboxes, set_up_mailbox
from hearback.notifying.commands.sending import send_due
from hearback.notifying.commands.setting_up import set_up, silence, try_out
from hearback.notifying.commands.taking_in import let_go_of_post, mark_done, take_in

__all__ = [
    "ask_back",
    "ask_to_follow",
    "confirm",
    "let_go_of_post",
    "look_into",
    "mark_done",
    "purge",
    "put_in_digests",
    "read_mailboxes",
    "say_how_it_is",
    "send_due",
    "set_up",
    "set_up_mailbox",
    "silence",
    "stop",
    "stop_for_response",
    "take_in",
    "tell_of_note",
    "tell_of_promise",
    "tell_of_reply",
    "tell_whether_it_held",
    "try_out",
]
