"""What is read of notes: by everybody (log, entry) and by those who write them (writing)."""

from hearback.changenotes.queries.entry import Entry, Gone, Quote, RevisionRead, entry
from hearback.changenotes.queries.log import AROUND, ENTRY, LogEntry, LogPage, log_page
from hearback.changenotes.queries.writing import (
    Draft,
    Listed,
    OpenReply,
    QuestionToAnswer,
    ToSay,
    draft,
    last_saved_by,
    next_words_due,
    notes,
    open_replies,
    questions_to_answer,
    slugs_like,
    to_say,
    unquotable,
)

__all__ = [
    "AROUND",
    "ENTRY",
    "Draft",
    "Entry",
    "Gone",
    "Listed",
    "LogEntry",
    "LogPage",
    "OpenReply",
    "QuestionToAnswer",
    "Quote",
    "RevisionRead",
    "ToSay",
    "draft",
    "entry",
    "last_saved_by",
    "log_page",
    "next_words_due",
    "notes",
    "open_replies",
    "questions_to_answer",
    "slugs_like",
    "to_say",
    "unquotable",
]
