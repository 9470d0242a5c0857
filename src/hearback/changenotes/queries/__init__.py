"""What is read of notes: by everybody (log, entry), and by those who write them (listing, writing)."""

from hearback.changenotes.queries.around import AROUND, Around, around
from hearback.changenotes.queries.entry import SLUG, Entry, Gone, Quote, RevisionRead, entry
from hearback.changenotes.queries.found import Choices, choices, found
from hearback.changenotes.queries.listing import Listed, OpenReply, ToSay, notes, open_replies, to_say
from hearback.changenotes.queries.log import ENTRY, LogEntry, LogPage, log_page
from hearback.changenotes.queries.logged import words_of_revision
from hearback.changenotes.queries.whole import WholeNote, WholeRevision, whole_log
from hearback.changenotes.queries.writing import (
    Draft,
    Objection,
    QuestionToAnswer,
    draft,
    last_saved_by,
    next_words_due,
    objections,
    questions_to_answer,
    quotable,
    slugs_like,
    voices_behind,
)

__all__ = [
    "AROUND",
    "ENTRY",
    "SLUG",
    "Around",
    "Choices",
    "Draft",
    "Entry",
    "Gone",
    "Listed",
    "LogEntry",
    "LogPage",
    "Objection",
    "OpenReply",
    "QuestionToAnswer",
    "Quote",
    "RevisionRead",
    "ToSay",
    "WholeNote",
    "WholeRevision",
    "around",
    "choices",
    "draft",
    "entry",
    "found",
    "last_saved_by",
    "log_page",
    "next_words_due",
    "notes",
    "objections",
    "open_replies",
    "questions_to_answer",
    "quotable",
    "slugs_like",
    "to_say",
    "voices_behind",
    "whole_log",
    "words_of_revision",
]
