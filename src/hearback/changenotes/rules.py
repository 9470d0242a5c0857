"""Kinds of notes. No database, no web."""

from enum import StrEnum


class NoteKind(StrEnum):
    CHANGED = "changed"
    NOT_CHANGED = "not_changed"
    MISTAKE = "mistake"
    HOLDING = "holding"


class NoteState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class RevisionKind(StrEnum):
    PUBLISHED = "published"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"
