"""From the bytes of a file to rows of text: encodings, separators, quotes, JSON Lines. Pure.

Every refusal says in which row it went wrong. Row 1 is the header, as a spreadsheet counts; in JSON Lines,
row and line are the same.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence

import msgspec
from charset_normalizer import from_bytes
from msgspec import Struct

from hearback.listening.rules import LONGEST_CELL, MOST_BYTES, MOST_COLUMNS, MOST_ROWS, Format
from hearback.refusals import Refused

SEPARATORS = ";,\t"
OTHER_FILES = {
    b"\x89PNG": "PNG",
    b"PK\x03\x04": "ZIP",
    b"\x1f\x8b": "GZIP",
    b"%PDF": "PDF",
    b"\xff\xd8\xff": "JPEG",
    b"\xd0\xcf\x11\xe0": "XLS",
    b"GIF8": "GIF",
}
MARKS = {
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe\x00\x00": "utf-32",
    b"\x00\x00\xfe\xff": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
WESTERN = ("cp1252", "mac_roman", "cp850")  # German spreadsheets today, old Macs, old DOS
# What people there write beyond ASCII. Much of anything else means that the guess is wrong.
WESTERN_SIGNS = frozenset(
    "äöüßÄÖÜéèêëàâáãåæçñóòôõøœúùûíìîïýÉÈÊÀÂÁÅÆÇÑÓÔØŒÚÍ«»‹›„“”‚‘’–—…€£§°²³½¼¾·•´×±©®™¡¿µ\xa0"
)
ENOUGH_TO_TELL = 40  # signs beyond ASCII, before statistics may name an encoding
ENOUGH_TO_READ = 100_000  # bytes that decide what the rest is


class Sheet(Struct, frozen=True):
    """rows: number in the file and the cells, one for each column; None: neither text nor number."""

    columns: Sequence[str]
    rows: Sequence[tuple[int, Sequence[str | None]]]


def read_sheet(content: bytes, kind: Format, encoding: str = "") -> Sheet:
    """encoding: what the person says it is; empty: find out. Raises Refused."""
    if len(content) > MOST_BYTES:
        raise Refused("import.file-too-big", most=MOST_BYTES // 1_000_000)
    text = read_text(content, encoding)
    if not text.strip():
        raise Refused("import.empty-file")
    if re.match(r"\s*<(!doctype|html|\?xml)", text, re.IGNORECASE):
        raise Refused("import.other-file", kind="HTML")
    return _jsonl(text) if kind is Format.JSONL else _csv(text)


# -- letters -------------------------------------------------------------------------------------
def read_text(content: bytes, encoding: str = "") -> str:
    """Certain first: a mark at the start, then UTF-8, then UTF-16 by its zeros; only then a careful guess."""
    for start, kind in OTHER_FILES.items():
        if content.startswith(start):
            raise Refused("import.other-file", kind=kind)
    if encoding:
        return _as_told(content, encoding)
    for mark, marked in MARKS.items():
        if content.startswith(mark):
            return _as_told(content, marked)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        first_broken = error.start
    if wide := _wide(content):
        return _as_told(content, wide)
    telling = content[max(0, first_broken - 1000) : first_broken + ENOUGH_TO_READ]
    if _mostly_utf8(telling):
        raise Refused("import.broken-letters", row=content.count(b"\n", 0, first_broken) + 1)
    return content.decode(_guessed(telling), errors="replace")


def _as_told(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except LookupError as error:
        raise Refused("import.no-such-encoding", encoding=encoding) from error
    except UnicodeDecodeError as error:
        raise Refused("import.broken-letters", row=content.count(b"\n", 0, error.start) + 1) from error


def _wide(content: bytes) -> str:
    """UTF-16 without a mark: in Western text every other byte is zero."""
    half = max(1, len(content) // 2)
    if content[1::2].count(0) > half * 0.6:
        return "utf-16-le"
    return "utf-16-be" if content[0::2].count(0) > half * 0.6 else ""


def _mostly_utf8(content: bytes) -> bool:
    """Most letters are whole in UTF-8: then it is UTF-8 that broke on the way, not another encoding."""
    whole = len(
        re.findall(rb"[\xc3-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}", content)
    )
    high = len(re.findall(rb"[\x80-\xff]+", content))
    return whole * 2 > high


def _guessed(content: bytes) -> str:
    """Statistics mislead for short files, and for old Macs: first what Western people write with, by its letters."""
    for encoding in WESTERN:
        beyond = [sign for sign in content.decode(encoding, errors="replace") if sign > "\x7f"]
        if sum(sign not in WESTERN_SIGNS for sign in beyond) * 50 <= len(beyond):
            return encoding
    best = from_bytes(content).best() if len(re.findall(rb"[\x80-\xff]", content)) >= ENOUGH_TO_TELL else None
    if best is None:
        raise Refused("import.unknown-letters")
    return best.encoding


# -- CSV -----------------------------------------------------------------------------------------
def _csv(text: str) -> Sheet:
    rows = _records(text, _separator(text))
    number, header = next(rows, (1, []))
    while not any(cell.strip() for cell in header):
        number, header = next(rows, (0, []))
        if not number:
            raise Refused("import.empty-file")
    columns = [cell.strip() for cell in header]
    _check_columns(columns)
    kept: list[tuple[int, Sequence[str | None]]] = []
    for row, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        if any(cell.strip() for cell in cells[len(columns) :]):
            raise Refused("import.ragged", row=row, have=len(cells), header=len(columns))
        kept.append((row, (cells + [""] * (len(columns) - len(cells)))[: len(columns)]))
    if not kept:
        raise Refused("import.only-a-header")
    return Sheet(columns, kept)


def _records(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Rows with their numbers; a cell may hold new lines, so this counts rows, not lines."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    for row in range(1, MOST_ROWS + 2):
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "field limit" in str(error):
                raise Refused("import.too-long", row=row, most=LONGEST_CELL) from error
            raise Refused("import.broken-quotes", row=row) from error
        yield row, cells
    raise Refused("import.too-many-rows", most=MOST_ROWS)


def _separator(text: str) -> str:
    """The one that stands most often in the header, outside of quotes."""
    first = re.match(r"""(?:"(?:[^"]|"")*"|[^"\r\n])*""", text.lstrip()[: LONGEST_CELL * 10])
    bare = re.sub(r'"(?:[^"]|"")*"', "", first[0] if first else "")
    return max(SEPARATORS, key=bare.count)


def _check_columns(columns: Sequence[str]) -> None:
    if len(columns) > MOST_COLUMNS:
        raise Refused("import.too-many-columns", have=len(columns), most=MOST_COLUMNS)


# -- JSON Lines ----------------------------------------------------------------------------------
Cell = str | int | float | bool | list[str] | None


def _jsonl(text: str) -> Sheet:
    decoder = msgspec.json.Decoder(dict[str, msgspec.Raw])
    columns: dict[str, int] = {}
    kept: list[tuple[int, Mapping[str, str | None]]] = []
    for row, line in enumerate(io.StringIO(text, newline="\n"), start=1):
        if row > MOST_ROWS:
            raise Refused("import.too-many-rows", most=MOST_ROWS)
        if not line.strip():
            continue
        try:
            given = decoder.decode(line)
        except (msgspec.DecodeError, UnicodeEncodeError) as error:
            raise Refused("import.not-json", row=row, example='{"text": "…"}') from error
        for name in given:
            columns.setdefault(name, len(columns))
        if len(columns) > MOST_COLUMNS:
            raise Refused("import.too-many-columns", have=len(columns), most=MOST_COLUMNS)
        kept.append((row, {name: _told(raw) for name, raw in given.items()}))
    return Sheet(list(columns), [(row, [given.get(name, "") for name in columns]) for row, given in kept])


def _told(raw: msgspec.Raw) -> str | None:
    """Text of a value; several chosen options become lines. None: an object, which no column of ours holds."""
    try:
        value = msgspec.json.decode(raw, type=Cell)
    except msgspec.DecodeError:
        return None
    if isinstance(value, list):
        return "\n".join(value)
    return "" if value is None else str(value)
