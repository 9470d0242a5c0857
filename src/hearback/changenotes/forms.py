"""What a note is written from: every field of every kind, so that changing the kind loses no word."""

import re
from datetime import date
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from hearback.changenotes.rules import DAYS, FIELDS, ONE_LINE, CauseKind, DidState, Form, NoteKind, NoticedBy
from hearback.people.rules import Language
from hearback.plainspeech.reasons import LONGEST_REASONS

MOST_LINKS = 40
SPACES = re.compile(r"[ \t\n]+")  # no other: signs that nobody sees are refused aloud
Sentence = Annotated[str, Meta(max_length=300)]
Short = Annotated[str, Meta(max_length=600)]
Long = Annotated[str, Meta(max_length=4000)]
Links = Annotated[list[UUID], Meta(max_length=MOST_LINKS)]


class Said(Struct, frozen=True, kw_only=True):
    """The fields of a note, empty where nothing was written yet."""

    title: Annotated[str, Meta(max_length=120)] = ""
    asked: Short = ""
    said: Short = ""
    did: Long = ""
    since_when: Sentence = ""
    form: Form | None = None
    reason: Long = ""
    mind: Long = ""
    look_again: date | None = None
    known: Long = ""
    again: Short = ""
    next_word: date | None = None
    wrong: Long = ""
    sorry: Long = ""
    affected: Long = ""
    repair: Long = ""
    repair_by: date | None = None
    must_do: Short = ""
    cannot_undo: Long = ""
    did_owner: Annotated[str, Meta(max_length=120)] = ""
    did_on: date | None = None
    did_state: DidState | None = None
    cause: Long = ""
    cause_kind: CauseKind | None = None
    failed: Long = ""
    noticed_by: NoticedBy | None = None
    noticed: Short = ""
    known_since: date | None = None
    thanks: Short = ""
    left: Long = ""
    follow_up: date | None = None
    closing_question: Sentence = ""

    @property
    def texts(self) -> dict[str, str]:
        """What is one line is one, however it was typed."""
        told = {name: getattr(self, name) or "" for name in self.__struct_fields__ if name not in DAYS}
        return told | {name: SPACES.sub(" ", told[name]).strip() for name in ONE_LINE}

    @property
    def days(self) -> dict[str, date]:
        return {name: day for name in DAYS if (day := getattr(self, name)) is not None}


class NoteForm(Said, frozen=True, kw_only=True):
    """version: the save that the writer had before them, so that two writers notice each other.

    repeats: the note that admitted the same mistake before. topic: of the mandate under which it may go out at once.
    stays: why words stay that were remarked on; for the house only.
    """

    version: int
    kind: NoteKind
    language: Language
    signed_by: UUID
    repeats: UUID | None = None
    topic: Annotated[int, Meta(ge=0, le=200)] | None = None
    stays: Annotated[str, Meta(max_length=LONGEST_REASONS)] = ""
    themes: Links = []
    actions: Links = []
    quotes: Links = []
    questions: Links = []

    @property
    def fields(self) -> dict[str, object]:
        """Only what the note says, for its draft."""
        return {name: getattr(self, name) for name in Said.__struct_fields__}


class StartForm(Struct, frozen=True):
    kind: NoteKind
    theme: UUID | None = None
    question: UUID | None = None


class CorrectionForm(Said, frozen=True, kw_only=True):
    """number: the revision that was corrected."""

    number: int
    why: Annotated[str, Meta(min_length=3, max_length=600)]

    def words_of(self, kind: NoteKind) -> dict[str, str]:
        return {name: self.texts[name] for name in FIELDS[kind] if name not in DAYS}


class TranslationForm(Said, frozen=True, kw_only=True):
    """number: the revision that it says, 0 for a draft. seen, version: what the translator had before them: the
    original's words, and the save of the translation in work, 0 for none."""

    number: int
    language: Language
    seen: Annotated[str, Meta(max_length=16)] = ""
    version: Annotated[int, Meta(ge=0, le=30000)] = 0


class WithdrawalForm(Struct, frozen=True):
    why: Annotated[str, Meta(min_length=3, max_length=600)]


class DissentForm(Struct, frozen=True):
    """theme: the theme on whose page somebody objects; None: beside the draft itself."""

    objection: Annotated[str, Meta(min_length=3, max_length=1000)]
    theme: UUID | None = None
