"""What a file of answers may look like: limits, columns, and what a cell means. No database, no web."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from hearback.answering.rules import Quoting

MOST_BYTES = 50_000_000
MOST_COLUMNS = 200
MOST_ROWS = 100_000
LONGEST_CELL = 20_000
MOST_REASONS = 20

ANSWERS_BY_POSITION = re.compile(r"[1-9]\d?")
ASKS_WHY = re.compile(r"(.+?)[ :,–-]+(?:warum|why)\??")
PARTS = re.compile(r"[|;\n]")


class Format(StrEnum):
    CSV = "csv"
    JSONL = "jsonl"


class Column(StrEnum):
    """Columns beside the prompts; `text` fills the first open prompt."""

    ID = "id"
    TEXT = "text"
    DAY = "day"
    LANGUAGE = "language"
    QUOTING = "quoting"
    FIRST_NAME = "first_name"
    PLACE = "place"


ALSO_CALLED: Mapping[str, Column] = {
    "id": Column.ID,
    "external_id": Column.ID,
    "nr": Column.ID,
    "text": Column.TEXT,
    "answer": Column.TEXT,
    "antwort": Column.TEXT,
    "day": Column.DAY,
    "date": Column.DAY,
    "tag": Column.DAY,
    "datum": Column.DAY,
    "language": Column.LANGUAGE,
    "lang": Column.LANGUAGE,
    "sprache": Column.LANGUAGE,
    "quoting": Column.QUOTING,
    "zitieren": Column.QUOTING,
    "first_name": Column.FIRST_NAME,
    "vorname": Column.FIRST_NAME,
    "place": Column.PLACE,
    "ort": Column.PLACE,
}

CONSENT: Mapping[str, Quoting] = {
    "": Quoting.NO,
    "no": Quoting.NO,
    "nein": Quoting.NO,
    "unnamed": Quoting.UNNAMED,
    "ohne namen": Quoting.UNNAMED,
    "named": Quoting.NAMED,
    "mit namen": Quoting.NAMED,
}


class Why(NamedTuple):
    """The reason that belongs to the prompt at this position."""

    position: int


class Columns(NamedTuple):
    """Which column of the file (its number, from 0) says what; `prompts` and `whys` by position of the prompt."""

    known: Mapping[Column, int]
    prompts: Mapping[int, int]
    unused: Sequence[str]
    whys: Mapping[int, int] = {}


Meaning = Column | Why | int


class ColumnTwice(ValueError):
    """Two columns of the file claim the same meaning; args: the meaning."""


class NoSuchColumn(ValueError):
    """A mapping names a column that the file lacks, or a meaning that we do not know; args: the name."""


def match_columns(header: Sequence[str], prompts: Sequence[str], named: Mapping[str, str]) -> Columns:
    """Find each column's meaning: by the mapping, by its name, or by a prompt's words or position.

    prompts: the words of the question's prompts, in order. named: meaning → column, such as
    {"text": "Antwort", "2": "Was war gut?"}; numbers are prompts, counted from 1; "2 warum" is its reason.
    """
    folded = [_folded(name) for name in header]
    by_words = {_folded(words): position for position, words in enumerate(prompts)}
    known: dict[Column, int] = {}
    answers: dict[int, int] = {}
    whys: dict[int, int] = {}
    found: dict[Meaning, int] = {}
    taken: set[int] = set()

    def give(meaning: Meaning, number: int) -> None:
        if meaning in found:
            raise ColumnTwice(str(meaning) if isinstance(meaning, Column) else prompts[_position(meaning)])
        found[meaning] = number
        taken.add(number)

    for meaning, column in named.items():
        if _folded(column) not in folded:
            raise NoSuchColumn(column)
        give(_meaning(meaning, by_words, len(prompts)), folded.index(_folded(column)))
    for number, name in enumerate(folded):
        if number not in taken and (meant := _meaning_or_none(name, by_words, len(prompts))) is not None:
            if meant in found and str(meant) in named:
                continue  # the mapping is stronger than a name
            give(meant, number)
    for meant, number in found.items():
        if isinstance(meant, Column):
            known[meant] = number
        else:
            (whys if isinstance(meant, Why) else answers)[_position(meant)] = number
    return Columns(known, answers, [name for number, name in enumerate(header) if number not in taken], whys)


def _position(meaning: Why | int) -> int:
    return meaning.position if isinstance(meaning, Why) else meaning


def _meaning(name: str, by_words: Mapping[str, int], prompts: int) -> Meaning:
    found = _meaning_or_none(_folded(name), by_words, prompts)
    if found is None:
        raise NoSuchColumn(name)
    return found


def _meaning_or_none(name: str, by_words: Mapping[str, int], prompts: int) -> Meaning | None:
    if name in by_words:
        return by_words[name]
    if asks_why := ASKS_WHY.fullmatch(name):
        of = _meaning_or_none(asks_why[1], by_words, prompts)
        return Why(of) if isinstance(of, int) else None
    if ANSWERS_BY_POSITION.fullmatch(name) and int(name) <= prompts:
        return int(name) - 1
    return ALSO_CALLED.get(name)


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


# -- cells ---------------------------------------------------------------------------------------
def without_guard(cell: str) -> str:
    """Spreadsheets are kept from running `=1+1` by an apostrophe before it; that was never said by anybody."""
    return cell[1:] if re.match(r"'[=+\-@\t\r]", cell) else cell


def broken(cell: str) -> bool:
    """Signs that no person writes: NUL, and halves of letters."""
    return "\0" in cell or any("\ud800" <= sign <= "\udfff" for sign in cell)


def read_day(cell: str, timezone: str) -> date | None:
    """2026-11-22, 22.11.2026, 22.11.26, or a moment such as 2026-11-22T23:30Z; None: we cannot tell."""
    words = cell.strip()
    if german := re.fullmatch(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d{2})(?:,?\s.*)?", words):
        day, month, year = (int(part) for part in german.groups())
        return _day(year + 2000 if year < 100 else year, month, day)
    try:
        moment = datetime.fromisoformat(words)
    except ValueError:
        return None
    return (moment.astimezone(ZoneInfo(timezone)) if moment.tzinfo else moment).date()


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def read_language(cell: str) -> str | None:
    """`de` from `de`, `de-AT` or `de_CH.UTF-8`; None: not a language."""
    found = re.fullmatch(r"([A-Za-z]{2})(?:[-_].*)?", cell.strip())
    return found[1].lower() if found else None


def read_chosen(cell: str, options: Sequence[str], *, several: bool) -> list[int] | None:
    """Positions of the chosen options as they stand, by their words or numbers (from 1); None: not all are options.

    Several are parted by `|`, `;` or new lines; a cell that is one option as it stands is that one.
    """
    by_words = {_folded(option): position for position, option in enumerate(options)}

    def one(words: str) -> int | None:
        folded = _folded(words)
        if folded in by_words:
            return by_words[folded]
        return (
            int(folded) - 1 if ANSWERS_BY_POSITION.fullmatch(folded) and int(folded) <= len(options) else None
        )

    whole = one(cell)
    if whole is not None:
        return [whole]
    found = [one(part) for part in PARTS.split(cell) if part.strip()] if several else [None]
    return None if None in found else list(dict.fromkeys(one_ for one_ in found if one_ is not None))


def read_with_other(cell: str, options: Sequence[str], *, several: bool) -> tuple[list[int], str]:
    """What of it is an option, and the rest in the person's own words."""
    whole = read_chosen(cell, options, several=several)
    if whole is not None or not several:
        return whole or [], "" if whole else cell
    parts = [
        (part.strip(), read_chosen(part, options, several=False))
        for part in PARTS.split(cell)
        if part.strip()
    ]
    chosen = [position for _, known in parts for position in known or []]
    return chosen, "; ".join(words for words, known in parts if known is None)


# The commonest small words that are words of one of the two languages only.
GERMAN = re.compile(
    r"\b(und|der|die|das|ist|nicht|ich|wir|ihr|es|mit|den|dem|ein|eine|einen|zu|auf|für|auch|aber|bei|noch|nur|sind"
    r"|hat|haben|wie|oder|wenn|man|mir|uns|euch|keine?|sich|von|dass|ja|nein|sehr|mehr|immer|\w*[äöüß]\w*)\b"
)
ENGLISH = re.compile(
    r"\b(and|the|is|not|i|we|you|it|with|an|to|of|for|but|at|still|only|are|has|have|had|how|or|if|my|our|your|that"
    r"|this|they|there|very|more|always|on|be|would|could|can't|don't|it's|i'm)\b"
)


def guess_language(words: str, otherwise: str) -> str:
    """`de` or `en` by the small words and the umlauts; where neither leads, `otherwise`."""
    plain = words.casefold().replace("’", "'")
    german, english = len(GERMAN.findall(plain)), len(ENGLISH.findall(plain))
    if german == english:
        return otherwise
    return "de" if german > english else "en"
