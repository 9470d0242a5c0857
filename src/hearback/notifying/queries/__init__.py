"""How a company sends, who follows what, who is to be told, and what they are told."""

from hearback.notifying.queries.audience import Audience, audience_of_note, audience_of_promise, notes_between
from hearback.notifying.queries.checks import (
    Asked,
    ToCheck,
    asked_back,
    check_back,
    notes_to_check,
    themes_of_note,
)
from hearback.notifying.queries.followers import (
    Follower,
    PublicTheme,
    follower,
    followers_of_response,
    public_theme,
    silenced,
    who_signs,
)
from hearback.notifying.queries.post import Came, Letter, MailboxSetup, came, letters, letters_for, mailbox
from hearback.notifying.queries.servers import (
    InTrouble,
    OutboxSums,
    Setup,
    in_trouble,
    mail_is_needed,
    mail_is_on,
    outbox,
    setup,
)
from hearback.notifying.queries.telling import answered_on, note_slug, own_words, portrait, why_moved

__all__ = [
    "Asked",
    "Audience",
    "Came",
    "Follower",
    "InTrouble",
    "Letter",
    "MailboxSetup",
    "OutboxSums",
    "PublicTheme",
    "Setup",
    "ToCheck",
    "answered_on",
    "asked_back",
    "audience_of_note",
    "audience_of_promise",
    "came",
    "check_back",
    "follower",
    "followers_of_response",
    "in_trouble",
    "letters",
    "letters_for",
    "mail_is_needed",
    "mail_is_on",
    "mailbox",
    "note_slug",
    "notes_between",
    "notes_to_check",
    "outbox",
    "own_words",
    "portrait",
    "public_theme",
    "setup",
    "silenced",
    "themes_of_note",
    "who_signs",
    "why_moved",
]
