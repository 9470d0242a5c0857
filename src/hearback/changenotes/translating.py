"""What a translation must hold, and when it lags behind. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date
from hashlib import sha256

import msgspec

from hearback.changenotes.owning import not_owned
from hearback.changenotes.rules import CHOICES, DAYS, FIELDS, NoteKind
from hearback.refusals import Refused

SAME_DAY = 0
SEEN_SIGNS = 16


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


def said_otherwise(
    kind: NoteKind,
    original: Mapping[str, str],
    days: Mapping[str, date],
    told: Mapping[str, str],
    colleagues: Iterable[str],
) -> list[Refused]:
    """What the original owns up to, and the translation does not."""
    names = list(colleagues)
    stood = {(one.reason, one.field) for one in not_owned(kind, original, days, colleagues=names)}
    said = {**original, **{name: words for name, words in told.items() if words.strip()}}
    found = not_owned(kind, said, days, colleagues=names)
    return [one for one in found if (one.reason, one.field) not in stood]


def changed_since(kind: NoteKind, original: Mapping[str, str], then: Mapping[str, str]) -> list[str]:
    """The fields of the original that say something else than when they were translated."""
    return [
        name
        for name in to_translate(kind, original)
        if then.get(name, "").strip() and then[name].strip() != original[name].strip()
    ]


def seen(kind: NoteKind, original: Mapping[str, str]) -> str:
    """The same while the original says the same: by it a form knows what its translator had before them."""
    words = [[name, original[name].strip()] for name in to_translate(kind, original)]
    return sha256(msgspec.json.encode(words)).hexdigest()[:SEEN_SIGNS]


def is_late(published_on: date, translated_on: date) -> bool:
    """What comes the same day came with the original."""
    return (translated_on - published_on).days > SAME_DAY
