"""From the cells of a row to an answer, or to every reason why it cannot be one. Pure."""

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from hearback.answering.keeping import ImportedRow
from hearback.answering.rules import Filled, Part, Quoting
from hearback.asking.rules import PromptKind
from hearback.listening.rules import (
    CONSENT,
    LONGEST_CELL,
    Column,
    Columns,
    broken,
    guess_language,
    read_chosen,
    read_day,
    read_language,
    read_with_other,
    without_guard,
)
from hearback.refusals import Refused

LONGEST = {Column.ID: 120, Column.FIRST_NAME: 60, Column.PLACE: 80}


class Asked(Struct, frozen=True):
    """One prompt of the question that the file answers."""

    id: UUID
    kind: PromptKind
    words: str
    options: list[str]
    low: int | None
    high: int | None
    other: bool = False


class Frame(Struct, frozen=True):
    """What all rows of a file share. today: the company's, and the day of rows that name none."""

    columns: Columns
    header: Sequence[str]
    prompts: Sequence[Asked]
    language: str
    timezone: str
    today: date


class Row:
    """Reads one row; `reasons` says what does not fit, with row and column."""

    def __init__(self, frame: Frame, number: int, cells: Sequence[str | None]) -> None:
        self.frame, self.number, self.cells = frame, number, cells
        self.reasons: list[Refused] = []

    def answer(self) -> ImportedRow | None:
        """None: there is no answer in this row, or `reasons` says why it does not fit."""
        filled = [one for position in self._positions() for one in self._filled(position)]
        quoting = CONSENT.get(self._cell(Column.QUOTING).casefold())
        if quoting is None:
            self._refuse(Column.QUOTING, "import.not-a-consent")
        first_name = self._cell(Column.FIRST_NAME)
        if quoting is Quoting.NAMED and not first_name:
            self._refuse(Column.QUOTING, "import.named-without-name")
        row = ImportedRow(
            external_id=self._cell(Column.ID) or None,
            content_hash=b"",
            language=self._language(" ".join(one.words for one in filled)),
            day=self._day(),
            quoting=(quoting or Quoting.NO).value,
            first_name=first_name if quoting is Quoting.NAMED else "",
            place=self._cell(Column.PLACE) if quoting is Quoting.NAMED else "",
            answers=filled,
        )
        return None if self.reasons or not filled else row

    def _positions(self) -> list[int]:
        """Prompts that the file answers, in the question's order; `text` is the first open one."""
        answered = {**self.frame.columns.whys, **self.frame.columns.prompts}
        if Column.TEXT in self.frame.columns.known:
            answered[first_open(self.frame.prompts)] = self.frame.columns.known[Column.TEXT]
        return sorted(answered)

    def _filled(self, position: int) -> list[Filled]:
        prompt = self.frame.prompts[position]
        columns, filled = self.frame.columns, []
        column = columns.prompts.get(position)
        if column is None and prompt.kind == PromptKind.OPEN and position == first_open(self.frame.prompts):
            column = columns.known.get(Column.TEXT)
        if column is not None and (cell := self._text(column)):
            filled += self._itself(prompt, column, cell)
        if position in columns.whys and (why := self._text(columns.whys[position])):
            filled.append(Filled(prompt.id, words=why, part=Part.WHY))
        return filled

    def _itself(self, prompt: Asked, column: int, cell: str) -> list[Filled]:
        if prompt.kind == PromptKind.OPEN:
            return [Filled(prompt.id, words=cell)]
        if prompt.kind == PromptKind.SCALE:
            found = self._on_scale(prompt, column, cell)
            return [found] if found else []
        return self._among_options(prompt, column, cell)

    def _among_options(self, prompt: Asked, column: int, cell: str) -> list[Filled]:
        several = prompt.kind in (PromptKind.CHOICES, PromptKind.RANKING)
        if prompt.other:
            chosen, other = read_with_other(cell, prompt.options, several=several)
        else:
            found, other = read_chosen(cell, prompt.options, several=several), ""
            if found is None:
                self._refuse(column, "import.not-an-option", options=" | ".join(prompt.options))
                return []
            chosen = found
        in_order = chosen if prompt.kind == PromptKind.RANKING else sorted(set(chosen))
        filled = [Filled(prompt.id, chosen=tuple(in_order))] if in_order else []
        return filled + [Filled(prompt.id, words=other, part=Part.OTHER)] * bool(other)

    def _on_scale(self, prompt: Asked, column: int, cell: str) -> Filled | None:
        low, high = prompt.low or 0, prompt.high or 0
        number = int(cell) if cell.lstrip("-").isdecimal() and len(cell) < 6 else None
        if number is None or not low <= number <= high:
            self._refuse(column, "import.not-on-scale", low=low, high=high)
            return None
        return Filled(prompt.id, number=number)

    def _day(self) -> date:
        cell = self._cell(Column.DAY)
        day = read_day(cell, self.frame.timezone) if cell else self.frame.today
        if day is None:
            self._refuse(Column.DAY, "import.not-a-day")
        elif not date(1990, 1, 1) <= day <= self.frame.today:
            self._refuse(Column.DAY, "import.not-yet-or-long-ago")
        return day or self.frame.today

    def _language(self, words: str) -> str:
        cell = self._cell(Column.LANGUAGE)
        language = read_language(cell) if cell else guess_language(words, self.frame.language)
        if language is None:
            self._refuse(Column.LANGUAGE, "import.not-a-language")
        return language or self.frame.language

    def _cell(self, column: Column) -> str:
        """The trimmed text of a column that is not a prompt; empty where the file lacks it."""
        number = self.frame.columns.known.get(column)
        if number is None:
            return ""
        cell = self._text(number)
        if len(cell) > LONGEST.get(column, LONGEST_CELL):
            self._refuse(column, "import.too-long", most=LONGEST[column])
            return ""
        return cell

    def _text(self, number: int) -> str:
        cell = self.cells[number]
        if cell is None:
            self._refuse(number, "import.not-text")
            return ""
        if broken(cell):
            self._refuse(number, "import.broken-cell")
            return ""
        if len(cell) > LONGEST_CELL:
            self._refuse(number, "import.too-long", most=LONGEST_CELL)
            return ""
        return without_guard(cell.strip(" ")).replace("\r\n", "\n").replace("\r", "\n").strip()

    def _refuse(self, column: Column | int, reason: str, **values: Any) -> None:
        number = self.frame.columns.known.get(column, 0) if isinstance(column, Column) else column
        self.reasons.append(
            Refused(reason, field="", row=self.number, column=self.frame.header[number], **values)
        )


def first_open(prompts: Sequence[Asked]) -> int:
    """Position of the first open prompt; ValueError when the question has none."""
    return [prompt.kind for prompt in prompts].index(PromptKind.OPEN)


def told_apart(rows: Sequence[ImportedRow]) -> list[ImportedRow]:
    """Give each row the hash by which the same file is known again.

    Two people may write the same word: the second one's hash says that it is the second.
    """
    seen: dict[bytes, int] = {}
    told: list[ImportedRow] = []
    for row in rows:
        # Words only: a day that the file does not name would be another one tomorrow.
        content = msgspec.json.encode(row.answers)
        times = seen[content] = seen.get(content, 0) + 1
        told.append(
            msgspec.structs.replace(row, content_hash=hashlib.sha256(b"%d\n" % times + content).digest())
        )
    return told
