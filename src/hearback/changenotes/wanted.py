"""Which entries of the log somebody looks for, as the address says it. No database, no web."""

from collections.abc import Mapping
from urllib.parse import urlencode
from uuid import UUID

from msgspec import Struct

from hearback.changenotes.rules import NoteKind
from hearback.refusals import NotFound

LONGEST_WORDS = 100
FIRST_YEAR, LAST_YEAR = 1970, 9999


class Wanted(Struct, frozen=True):
    """Everything that is not asked for is empty. question: its slug; words: as they were typed; note_language: the
    notes' own, not the page's."""

    kind: str = ""
    theme: UUID | None = None
    question: str = ""
    year: int | None = None
    note_language: str = ""
    words: str = ""

    @property
    def anything(self) -> bool:
        return self != Wanted()

    @property
    def narrowed(self) -> bool:
        """By more than words."""
        return self != Wanted(words=self.words)

    @property
    def query(self) -> str:
        """The same for the same wish, whatever the order in which it was said."""
        return urlencode([(name, str(value)) for name, value in self._said() if value])

    def _said(self) -> list[tuple[str, object]]:
        return [
            ("kind", self.kind),
            ("theme", self.theme or ""),
            ("question", self.question),
            ("year", self.year or ""),
            ("note_language", self.note_language),
            ("words", self.words),
        ]


def read_wanted(query: Mapping[str, str]) -> Wanted:
    """Raises NotFound for what can be none of ours; whether there is such a theme or question is not known here."""
    kind, year = query.get("kind", ""), query.get("year", "")
    if kind and kind not in list(NoteKind):
        raise NotFound
    try:
        theme = UUID(query["theme"]) if query.get("theme") else None
        number = int(year) if year else None
    except ValueError as error:
        raise NotFound from error
    if number is not None and not FIRST_YEAR <= number <= LAST_YEAR:
        raise NotFound
    typed = "".join(sign if sign.isprintable() else " " for sign in query.get("words", ""))
    return Wanted(
        kind=kind,
        theme=theme,
        question=_plain(query.get("question", "")),
        year=number,
        note_language=_plain(query.get("note_language", "")),
        words=" ".join(typed.split())[:LONGEST_WORDS].strip(),
    )


def _plain(text: str) -> str:
    """Raises NotFound for what no slug and no language can hold."""
    if text and not (len(text) <= 80 and text.isascii() and text.replace("-", "").isalnum()):
        raise NotFound
    return text
