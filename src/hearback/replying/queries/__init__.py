"""Replies, the talks they belong to, and the mandate."""

from hearback.replying.queries.mandates import Mandate, mandate_that_holds, mandates
from hearback.replying.queries.replies import (
    Promised,
    Reply,
    WordBack,
    last_replies,
    open_reply,
    replies,
    reply,
)
from hearback.replying.queries.talks import (
    entries,
    heard_as,
    public_replies,
    talk,
    themes_of,
    told_on_receipt,
    word_back,
)

__all__ = [
    "Mandate",
    "Promised",
    "Reply",
    "WordBack",
    "entries",
    "heard_as",
    "last_replies",
    "mandate_that_holds",
    "mandates",
    "open_reply",
    "public_replies",
    "replies",
    "reply",
    "talk",
    "themes_of",
    "told_on_receipt",
    "word_back",
]
