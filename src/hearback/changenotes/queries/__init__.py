"""What is read of notes: by everybody (log, entry), and by those who write them (listing, writing)."""

from hearback.changenotes.queries.around import AROUND, Around, around
from hearback.changenotes.queries.before import (
    EarlierMistake,
    LookAgain,
    earlier_mistakes,
    holdings_in_a_row,
    how_many_times,
    to_look_at_again,
)
from hearback.changenotes.queries.beside import (
    Beside,
    ReplyBeside,
    also_writing,
    notes_beside,
    replies_beside,
)
from hearback.changenotes.queries.choices import Choices, choices
from hearback.changenotes.queries.door import DoorQuestion, door_questions
from hearback.changenotes.queries.elsewhere import said_elsewhere
from hearback.changenotes.queries.entry import SLUG, Gone, entry
from hearback.changenotes.queries.listing import Listed, OpenReply, ToSay, notes, open_replies, to_say
from hearback.changenotes.queries.log import ENTRY, LogEntry, LogPage, log_page
from hearback.changenotes.queries.public_note import Entry, Quote, RevisionRead
from hearback.changenotes.queries.releasing import (
    Covered,
    Due,
    Mandate,
    ToReadOver,
    covered,
    due,
    kinds_with_four_eyes,
    mandate,
    sent_out_by,
    to_read_over,
)
from hearback.changenotes.queries.still_to_say import StillToSay, still_to_say
from hearback.changenotes.queries.translating import InWork, Translation, in_work, translations
from hearback.changenotes.queries.whole import WholeNote, WholeRevision, whole_log
from hearback.changenotes.queries.writing import (
    Draft,
    Objection,
    QuestionToAnswer,
    colleagues,
    draft,
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
    "Beside",
    "Choices",
    "Covered",
    "DoorQuestion",
    "Draft",
    "Due",
    "EarlierMistake",
    "Entry",
    "Gone",
    "InWork",
    "Listed",
    "LogEntry",
    "LogPage",
    "LookAgain",
    "Mandate",
    "Objection",
    "OpenReply",
    "QuestionToAnswer",
    "Quote",
    "ReplyBeside",
    "RevisionRead",
    "StillToSay",
    "ToReadOver",
    "ToSay",
    "Translation",
    "WholeNote",
    "WholeRevision",
    "also_writing",
    "around",
    "choices",
    "colleagues",
    "covered",
    "door_questions",
    "draft",
    "due",
    "earlier_mistakes",
    "entry",
    "holdings_in_a_row",
    "how_many_times",
    "in_work",
    "kinds_with_four_eyes",
    "log_page",
    "mandate",
    "next_words_due",
    "notes",
    "notes_beside",
    "objections",
    "open_replies",
    "questions_to_answer",
    "quotable",
    "replies_beside",
    "said_elsewhere",
    "sent_out_by",
    "slugs_like",
    "still_to_say",
    "to_look_at_again",
    "to_read_over",
    "to_say",
    "translations",
    "voices_behind",
    "whole_log",
]
