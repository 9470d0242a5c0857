"""What a translation must hold, and when it lags behind. Pure."""

from collections.abc import Mapping
from datetime import date

from hearback.changenotes.rules import CHOICES, DAYS, FIELDS, NoteKind
from hearback.refusals import Refused

SAME_DAY = 0


def to_translate(kind: NoteKind, texts: Mapping[str, str]) -> list[str]:
    """The fields of the original that say something in words, in their order."""
    return [name for name in FIELDS[kind] if name not in DAYS | CHOICES and texts.get(name, "").strip()]


def untranslated(kind: NoteKind, original: Mapping[str, str], told: Mapping[str, str]) -> list[Refused]:
    """A translation says all that the original says, or it is none."""
    return [
        Refused("note.translation-missing", field=name)
        for name in to_translate(kind, original)
        if not told.get(name, "").strip()
    ]


def is_late(published_on: date, translated_on: date) -> bool:
    """What comes the same day came with the original."""
    return (translated_on - published_on).days > SAME_DAY
