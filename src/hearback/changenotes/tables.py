"""Public statements: drafts that change, revisions that never do."""

from piccolo.columns import JSONB, UUID, Date, SmallInt, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.constraints import Check
from piccolo.table import Table

from hearback.actions.tables import Action
from hearback.asking.tables import Question
from hearback.changenotes.rules import NoteKind, NoteState, RevisionKind
from hearback.database.columns import id_column, link
from hearback.people.tables import Company, Member
from hearback.themes.tables import Excerpt, Theme


class Note(Table, tablename="note"):
    """One statement. `draft` holds the fields while they are written; what is public stands in revisions.

    version counts saves of the draft, so that two writers notice each other.
    """

    id: UUID = id_column()
    company = link(Company)
    slug = Varchar(length=80)
    kind = Varchar(length=12, choices=NoteKind)
    language = Varchar(length=2, default="de")
    state = Varchar(length=10, default=NoteState.DRAFT.value, choices=NoteState)
    signed_by = link(Member)
    draft = JSONB(default="{}")
    version = SmallInt(default=1)
    created_by = link(Member)
    created_at = Timestamptz()
    published_at = Timestamptz(null=True, default=None)

    what_is_public_has_a_day = Check("state = 'draft' or published_at is not null")


class Revision(Table, tablename="revision"):
    """One published state of a note. The app's database role can add these, never change or delete them."""

    id: UUID = id_column()
    company = link(Company)
    note = link(Note)
    number = SmallInt()
    kind = Varchar(length=10, choices=RevisionKind)
    reason = Text(default="")
    by = link(Member)
    at = Timestamptz()

    a_correction_has_a_reason = Check("kind = 'published' or reason <> ''")


class NoteField(Table, tablename="note_field"):
    """One field of a revision; text and salt become empty when erased, the row stays as the gap."""

    id: UUID = id_column()
    company = link(Company)
    revision = link(Revision)
    name = Varchar(length=40)
    words = Text(null=True, default=None)
    until = Date(null=True, default=None)


class NoteTheme(Table, tablename="note_theme"):
    id: UUID = id_column()
    company = link(Company)
    note = link(Note, gone=OnDelete.cascade)
    theme = link(Theme)


class NoteAction(Table, tablename="note_action"):
    id: UUID = id_column()
    company = link(Company)
    note = link(Note, gone=OnDelete.cascade)
    action = link(Action)


class NoteQuote(Table, tablename="note_quote"):
    """A fan's words beside a note, shown only while the fan allows it. No excerpt: they are gone, `gone` says why."""

    id: UUID = id_column()
    company = link(Company)
    note = link(Note, gone=OnDelete.cascade)
    excerpt = link(Excerpt, gone=OnDelete.set_null, maybe=True)
    gone = Varchar(length=10, default="")
    position = SmallInt()


class NoteQuestion(Table, tablename="note_question"):
    """The note answers this question: with it the promise to reply is kept."""

    id: UUID = id_column()
    company = link(Company)
    note = link(Note, gone=OnDelete.cascade)
    question = link(Question)


class Dissent(Table, tablename="dissent"):
    """A member objects to a draft, and why. Inside the house only; can be added, never changed."""

    id: UUID = id_column()
    company = link(Company)
    note = link(Note, gone=OnDelete.cascade)
    member = link(Member)
    why = Text()
    at = Timestamptz()
