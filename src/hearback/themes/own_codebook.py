"""The codebook as a company has it: the one that comes with Hearback, and what the company made of it. No database."""

import unicodedata
from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from hearback.refusals import Refused
from hearback.themes.reading.codebook import LANGUAGES, Entry, starter_by_slug, starter_entries

MOST_EXAMPLES = 10
SHORTEST_NAME = 3  # of a theme, which an entry may name
SHOWN = ("ours", "weight", "off")  # what the list can be narrowed to


class Change(Struct, frozen=True):
    """An entry as a company has it, where that is not as it came. who: the member who changed it last."""

    slug: str
    used: bool
    weight: bool
    de: str
    en: str
    definition_de: str
    definition_en: str
    examples_de: list[str]
    examples_en: list[str]
    version: UUID
    who: str
    at: datetime

    @property
    def entry(self) -> Entry:
        shipped = starter_by_slug().get(self.slug)
        return Entry(
            slug=self.slug,
            de=self.de,
            en=self.en,
            definition_de=self.definition_de,
            definition_en=self.definition_en,
            examples_de=tuple(self.examples_de),
            examples_en=tuple(self.examples_en),
            sectors=shipped.sectors if shipped else ("all",),
            weight=self.weight,
        )


class Standing(Struct, frozen=True):
    """An entry as it stands in a company's codebook. shipped: as it came with Hearback; None for one of its own."""

    entry: Entry
    shipped: Entry | None
    change: Change | None = None

    @property
    def used(self) -> bool:
        return self.change is None or self.change.used

    @property
    def rewritten(self) -> bool:
        return self.shipped is not None and self.entry != self.shipped

    @property
    def version(self) -> str:
        """Another after every change; `shipped` while there is none."""
        return str(self.change.version) if self.change else "shipped"


def standing(changes: Sequence[Change]) -> list[Standing]:
    """All entries of a company: its own first, then what came with Hearback, in the order in which it came."""
    shipped, changed = starter_by_slug(), {change.slug: change for change in changes}
    own = [Standing(change.entry, None, change) for change in changes if change.slug not in shipped]
    return own + [
        Standing(
            changed[entry.slug].entry if entry.slug in changed else entry, entry, changed.get(entry.slug)
        )
        for entry in starter_entries()
    ]


def in_use(changes: Sequence[Change]) -> tuple[Entry, ...]:
    """What the machine reads by."""
    return tuple(one.entry for one in standing(changes) if one.used)


def fitting(entries: Sequence[Standing], words: str, only: str) -> list[Standing]:
    """Those in which every word is found, in either language, and that are what is wanted: one of SHOWN, or empty."""
    wanted = _folded(words).split()
    return [one for one in entries if _is(one, only) and _says(one.entry, wanted)]


def why_not(entry: Entry, others: Collection[Entry]) -> list[Refused]:
    """Every reason against an entry as somebody wrote it. others: those that are in use beside it."""
    if not entry.de and not entry.en:
        return [Refused("codebook.no-name", field="de")]
    reasons = []
    for language in LANGUAGES:
        name, definition, examples = _said(entry, language)
        if not name and (definition or examples):
            reasons.append(Refused("codebook.name-missing", field=language))
        if name and not definition:
            reasons.append(Refused("codebook.definition-missing", field=f"definition_{language}"))
        if 0 < len(name) < SHORTEST_NAME:
            reasons.append(Refused("form.too-short", field=language, least=SHORTEST_NAME))
        if name and any(_same(name, getattr(other, language)) for other in others):
            reasons.append(Refused("codebook.name-taken", field=language, name=name))
        if len(examples) > MOST_EXAMPLES:
            many = {"most": MOST_EXAMPLES, "have": len(examples)}
            reasons.append(Refused("codebook.examples-many", field=f"examples_{language}", **many))
    return reasons


def _said(entry: Entry, language: str) -> tuple[str, str, tuple[str, ...]]:
    if language == "de":
        return entry.de, entry.definition_de, entry.examples_de
    return entry.en, entry.definition_en, entry.examples_en


def _same(name: str, other: str) -> bool:
    return _folded(name) == _folded(other)


def _is(one: Standing, only: str) -> bool:
    if only == "ours":
        return one.change is not None
    if only == "weight":
        return one.entry.weight
    return only != "off" or not one.used


def _says(entry: Entry, wanted: Sequence[str]) -> bool:
    text = _folded(" ".join(text for _, text in entry.texts())) if wanted else ""
    return all(word in text for word in wanted)


def _folded(text: str) -> str:
    """Upper and lower case alike, and without the dots of Umlauts."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in plain if not unicodedata.combining(sign))
