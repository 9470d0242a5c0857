"""Answers and themes as files hold them. Every refusal says in which row and column it went wrong."""

import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

import msgspec
from msgspec import Struct

from hearback.listening.reading import read_sheet, read_text
from hearback.listening.rules import ALSO_CALLED, LONGEST_CELL, MOST_BYTES, Column, Format
from hearback.refusals import Refused

JSON_ENDINGS = (".jsonl", ".ndjson", ".json")
LINE = '{"id": "1", "text": "…"}'
THEME_LINE = '{"name": "…", "definition": "…", "examples": ["…"]}'
MOST_THEMES = 1000
EMPTY = ("import.empty-file", "import.only-a-header")  # no rows: nothing to theme, and nothing wrong

Fields: TypeAlias = Mapping[str, msgspec.Raw]
Value: TypeAlias = str | int | list[str] | None


class Row(Struct, frozen=True):
    """One answer. id: as the file has it; the row's number, from 1, where it has none."""

    id: str | int
    text: str


class Given(Struct, frozen=True):
    """One theme of a codebook. key: what it is called in OUT: its slug, else its name."""

    key: str
    name: str
    definition: str
    examples: tuple[str, ...]
    language: str


def read_answers(source: Path, encoding: str = "") -> list[Row]:
    """CSV or JSON Lines with the columns `text` and `id`; none where the file has no rows. Raises Refused."""
    content = _content(source)
    try:
        if _is_json(source, content):
            return _json_answers(read_text(content, encoding))
        return _csv_answers(content, encoding)
    except Refused as refusal:
        if refusal.reason in EMPTY:
            return []
        raise


def read_codebook(source: Path) -> list[Given]:
    """JSON Lines of themes: name, definition and examples, or all of these in German and English as our own has them.

    Raises Refused.
    """
    themes: list[Given] = []
    for number, fields in _lines(read_text(_content(source)), THEME_LINE):
        theme = _theme(number, fields)
        if any(theme.key == other.key for other in themes):
            raise Refused(
                "try.theme-twice", row=number, column="slug" if "slug" in fields else "name", name=theme.key
            )
        themes.append(theme)
        if len(themes) > MOST_THEMES:
            raise Refused("try.too-many-themes", most=MOST_THEMES)
    if not themes:
        raise Refused("try.no-themes", example=THEME_LINE)
    return themes


def _content(source: Path) -> bytes:
    """One byte more than we read at most, so that a file without end is refused, not read."""
    try:
        with source.open("rb") as opened:
            content = opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise Refused("import.file-missing", file=str(source), why=error.strerror or "?") from error
    if len(content) > MOST_BYTES:
        raise Refused("import.file-too-big", most=MOST_BYTES // 1_000_000)
    return content


def _is_json(source: Path, content: bytes) -> bool:
    return source.suffix.lower() in JSON_ENDINGS or content[:100].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(
        b"{"
    )


# -- answers -------------------------------------------------------------------------------------
def _csv_answers(content: bytes, encoding: str) -> list[Row]:
    sheet = read_sheet(content, Format.CSV, encoding)
    text, at = _column(sheet.columns, Column.TEXT), _column(sheet.columns, Column.ID)
    if text is None:
        raise Refused("try.no-text-column", columns=" | ".join(sheet.columns)[:500])
    answers = []
    for number, (row, cells) in enumerate(sheet.rows, 1):
        answers.append(Row((at is not None and cells[at]) or number, _fitting(cells[text] or "", row)))
    return answers


def _column(columns: Sequence[str], meaning: Column) -> int | None:
    """The column of just that name, else the one of a name that means the same, such as „Antwort“."""
    names = [column.strip().lower() for column in columns]
    exact = [number for number, name in enumerate(names) if name == meaning]
    found = exact or [number for number, name in enumerate(names) if ALSO_CALLED.get(name) is meaning]
    if len(found) > 1:
        raise Refused("try.column-twice", row=1, column=str(meaning))
    return found[0] if found else None


def _json_answers(text: str) -> list[Row]:
    answers = []
    for number, (row, fields) in enumerate(_lines(text, LINE), 1):
        if "text" not in fields:
            raise Refused("try.no-text", row=row, example=LINE)
        words = _text(fields, "text", row)
        answers.append(Row(_id(fields, row, number), _fitting(words, row)))
    return answers


def _fitting(text: str, row: int) -> str:
    if len(text) > LONGEST_CELL:
        raise Refused("import.too-long", row=row, column="text", most=LONGEST_CELL)
    return text


# -- themes --------------------------------------------------------------------------------------
def _theme(row: int, fields: Fields) -> Given:
    def text(*names: str) -> str:
        return " ".join(_text(fields, name, row).strip() for name in names).strip()

    def texts(*names: str) -> tuple[str, ...]:
        return tuple(one for name in names for one in _texts(fields, name, row) if one.strip())

    name = text("name") or text("de") or text("en")
    if not name:
        raise Refused("try.theme-without-name", row=row, column="name", example=THEME_LINE)
    return Given(
        key=text("slug") or name,
        name=name,
        definition=text("definition", "definition_de", "definition_en"),
        examples=texts("examples", "examples_de", "examples_en"),
        language=text("language") or ("en" if "definition_en" in fields and "de" not in fields else "de"),
    )


# -- JSON Lines ----------------------------------------------------------------------------------
def _lines(text: str, example: str) -> Iterator[tuple[int, Fields]]:
    decoder = msgspec.json.Decoder(dict[str, msgspec.Raw])
    for row, line in enumerate(io.StringIO(text.removeprefix("\ufeff"), newline="\n"), 1):
        if line.strip():
            try:
                yield row, decoder.decode(line)
            except (msgspec.DecodeError, UnicodeEncodeError) as error:
                raise Refused("import.not-json", row=row, example=example) from error


def _id(fields: Fields, row: int, otherwise: int) -> str | int:
    value = _value(fields, "id", row)
    if isinstance(value, list):
        raise Refused("import.not-text", row=row, column="id")
    return otherwise if value is None else value


def _text(fields: Fields, name: str, row: int) -> str:
    value = _value(fields, name, row)
    if value is not None and not isinstance(value, str):
        raise Refused("import.not-text", row=row, column=name)
    return value or ""


def _texts(fields: Fields, name: str, row: int) -> list[str]:
    value = _value(fields, name, row)
    if isinstance(value, int):
        raise Refused("import.not-text", row=row, column=name)
    return value if isinstance(value, list) else [value] if value else []


def _value(fields: Fields, name: str, row: int) -> Value:
    """None where there is no such field. Numbers are no text, whole ones may be an id."""
    if name not in fields:
        return None
    try:
        return msgspec.json.decode(fields[name], type=Value)  # type: ignore[no-any-return]
    except msgspec.DecodeError as error:
        raise Refused("import.not-text", row=row, column=name) from error
