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

    version counts saves of the draft, so that two writers notice each other. repeats: the note that admitted the same
    mistake before; nth: the how many-th time, from its publication on.

    saved_by, saved_at: who changed the draft last. asked_at: it is complete, and somebody else is to read it.
    goes_out_at, goes_out_by: it is sent out by itself then, in whose name. held_back_at: it should have been, and
    something stood against it. mandate, topic: it goes out, or went, in its name; the replies' room keeps mandates, so
    the database links them, not Piccolo.
    signed_as: the role in which it was signed, from its publication on; the database writes it.
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
    repeats = link("self", maybe=True)
    nth = SmallInt(default=1)
    saved_by = link(Member, maybe=True)
    saved_at = Timestamptz(null=True, default=None)
    asked_at = Timestamptz(null=True, default=None)
    goes_out_at = Timestamptz(null=True, default=None)
    goes_out_by = link(Member, maybe=True)
    held_back_at = Timestamptz(null=True, default=None)
    mandate = UUID(null=True, default=None)
    topic = SmallInt(null=True, default=None)
    signed_as = Varchar(length=120, null=True, default=None)

    what_is_public_has_a_day = Check("state = 'draft' or published_at is not null")
    what_repeats_is_at_least_the_second = Check("(nth > 1) = (repeats is not null) or state = 'draft'")
    what_goes_out_has_somebody = Check("(goes_out_at is null) = (goes_out_by is null)")
    a_topic_is_of_a_mandate = Check("(mandate is null) = (topic is null)")


class Revision(Table, tablename="revision"):
    """One published state of a note. The app's database role can add these, never change or delete them.

    by_as: in which role; the database writes it.
    """

    id: UUID = id_column()
    company = link(Company)
    note = link(Note)
    number = SmallInt()
    kind = Varchar(length=10, choices=RevisionKind)
    reason = Text(default="")
    by = link(Member)
    at = Timestamptz()
    by_as = Varchar(length=120, null=True, default=None)

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


class FourEyes(Table, tablename="four_eyes"):
    """Notes of this kind are let out by somebody else than who wrote them last."""

    id: UUID = id_column()
    company = link(Company)
    kind = Varchar(length=12, choices=NoteKind)


class NoteDoor(Table, tablename="note_door"):
    """The question that takes in answers to notes behind which no open question stands."""

    id: UUID = id_column()
    company = link(Company)
    question = link(Question)


class NoteCosign(Table, tablename="note_cosign"):
    """Somebody of the leadership put their name under what went out under the mandate."""

    id: UUID = id_column()
    company = link(Company)
    note = link(Note)
    member = link(Member)
    at = Timestamptz()


class NoteWriter(Table, tablename="note_writer"):
    """Who had a draft before them, and when last; gone with the draft, and once it is public."""

    id: UUID = id_column()
    company = link(Company)
    note = link(Note, gone=OnDelete.cascade)
    member = link(Member)
    seen_at = Timestamptz()


class NoteTranslation(Table, tablename="note_translation"):
    """A public note in another language, by hand. of_number: the revision it says; fields: name → words."""

    id: UUID = id_column()
    company = link(Company)
    note = link(Note)
    language = Varchar(length=2)
    of_number = SmallInt()
    fields = JSONB(default="{}")
    by = link(Member)
    at = Timestamptz()


class TranslationDraft(Table, tablename="translation_draft"):
    """A translation in work, of a draft or of what is out. original: what the note said, by field, when it was written;
    version counts saves, so that two translators notice each other."""

    id: UUID = id_column()
    company = link(Company)
    note = link(Note, gone=OnDelete.cascade)
    language = Varchar(length=2)
    fields = JSONB(default="{}")
    original = JSONB(default="{}")
    version = SmallInt(default=1)
    by = link(Member)
    at = Timestamptz()


class NoteChannel(Table, tablename="note_channel"):
    """What a note says in another place, by hand; without a row it is derived from the note."""

    id: UUID = id_column()
    company = link(Company)
    note = link(Note, gone=OnDelete.cascade)
    channel = Varchar(length=8)
    words = Text()
    by = link(Member)
    at = Timestamptz()

    it_says_something = Check("words <> ''")
