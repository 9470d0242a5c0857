"""Files as people have them: every encoding and separator, and files that are something else."""

import contextlib
import gzip
import json
import tracemalloc
from pathlib import Path

import pytest

from hearback.bench.hostile import FILLERS
from hearback.listening.reading import Sheet, read_sheet
from hearback.listening.rules import MOST_BYTES, MOST_ROWS, Format
from hearback.refusals import Refused
from tests.counting import steps

SENTENCE = "Größe – schön, „süß“ und weiß"


def read(content: bytes | str, encoding: str = "") -> Sheet:
    return read_sheet(content if isinstance(content, bytes) else content.encode(), Format.CSV, encoding)


def why_not(content: bytes | str, kind: Format = Format.CSV) -> Refused:
    with pytest.raises(Refused) as refusal:
        read_sheet(content if isinstance(content, bytes) else content.encode(), kind)
    return refusal.value


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_any_common_encoding_and_separator_is_read(encoding: str, separator: str):
    text = f'id{separator}text\r\n1{separator}"{SENTENCE}"\r\n'
    assert read(text.encode(encoding)) == Sheet(["id", "text"], [(2, ["1", SENTENCE])])


def test_what_a_mac_wrote_long_ago_is_found_by_its_letters():
    text = "text\n" + "\n".join(
        f"Für {n} größere Überraschungen müssen wir schöne Bäume äußerst früh gießen" for n in range(20)
    )
    assert read(text.encode("mac_roman")).rows[0][1] == [
        "Für 0 größere Überraschungen müssen wir schöne Bäume äußerst früh gießen"
    ]


def test_an_encoding_that_is_said_is_taken_at_its_word():
    assert read("text\nŁódź\n".encode("cp1250"), "cp1250").rows == [(2, ["Łódź"])]


def test_letters_in_a_short_file_that_no_language_writes_are_not_guessed():
    assert why_not(b"answer,lang\nabc\xff\xfe\xc3,de\n").reason == "import.unknown-letters"


def test_utf8_that_broke_on_the_way_is_named_by_its_row():
    refusal = why_not("text\nschön\n".encode() + "für".encode()[:2] + b"r\n" + "süß\n".encode())
    assert (refusal.reason, refusal.values) == ("import.broken-letters", {"row": 3})


def test_a_cell_may_hold_separators_quotes_and_new_lines():
    sheet = read('text;ort\n"Erst; dann ""so""\nund noch eine Zeile";Halle\nkurz;Ulm\n')
    assert sheet.rows == [(2, ['Erst; dann "so"\nund noch eine Zeile', "Halle"]), (3, ["kurz", "Ulm"])]


def test_a_header_with_commas_in_quotes_is_still_parted_by_semicolons():
    assert read('"Was war gut, was nicht, und warum?";id\na;1\n').columns == [
        "Was war gut, was nicht, und warum?",
        "id",
    ]


def test_one_column_alone_needs_no_separator():
    assert read("text\nEs war schön, ehrlich\n".replace(", ", " ")).rows == [(2, ["Es war schön ehrlich"])]


def test_empty_rows_and_short_rows_are_nobody_s_mistake():
    assert read("text,ort\n\na\n,,\nb,Ulm\n").rows == [(3, ["a", ""]), (5, ["b", "Ulm"])]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "import.empty-file"),
        (b" \n\n", "import.empty-file"),
        ("text,lang\n", "import.only-a-header"),
        ("text,lang\na,de,zu,viel\n", "import.ragged"),
        ('text,lang\n"nie geschlossen,de\nx\n', "import.broken-quotes"),
        (b"\x89PNG\r\n\x1a\n", "import.other-file"),
        (b"PK\x03\x04rest", "import.other-file"),
        ("<!doctype html><p>", "import.other-file"),
        (",".join(f"c{n}" for n in range(201)) + "\na\n", "import.too-many-columns"),
        ("text\n" + "a" * 200_000, "import.too-long"),
    ],
)
def test_what_is_no_table_of_answers_is_refused_in_words(content: bytes | str, reason: str):
    assert why_not(content).reason == reason


def test_a_file_that_is_too_big_is_refused_before_it_is_read():
    assert why_not(b"a" * (MOST_BYTES + 1)).reason == "import.file-too-big"


def test_too_many_rows_are_refused():
    assert why_not("text\n" + "ja\n" * (MOST_ROWS + 1)).reason == "import.too-many-rows"


def test_json_lines_give_the_same_rows():
    text = '{"id": 7, "text": "Größe"}\n\n{"text": "zwei", "gut": ["a", "b"], "none": null}\n'
    sheet = read_sheet(text.encode(), Format.JSONL)
    assert sheet == Sheet(
        ["id", "text", "gut", "none"], [(1, ["7", "Größe", "", ""]), (3, ["", "zwei", "a\nb", ""])]
    )


@pytest.mark.parametrize("line", ["{", "[]", '"text"', "nonsense", '{"a": 1}{"b": 2}', "[" * 10_000])
def test_a_line_that_is_no_json_object_is_named(line: str):
    refusal = why_not(f'{{"text": "gut"}}\n{line}\n', Format.JSONL)
    assert (refusal.reason, refusal.values["row"]) == ("import.not-json", 2)


def test_an_object_where_text_belongs_is_no_text():
    assert read_sheet(b'{"text": {"a": 1}}', Format.JSONL).rows == [(1, [None])]


WHAT_COMES_OF = {
    "cp1252.csv": 1,
    "cr-only.csv": 2,
    "dup-header.csv": 1,
    "empty.csv": "import.empty-file",
    "formula-rows.csv": None,
    "header-only.csv": "import.only-a-header",
    "html-in-header.csv": 1,
    "invalid-utf8.csv": "import.unknown-letters",
    "no-newline-500k.csv": "import.too-long",
    "nul-bytes.csv": 1,
    "ragged.csv": "import.ragged",
    "really-a-png.csv": "import.other-file",
    "really-html.csv": "import.other-file",
    "unterminated-quote.csv": "import.broken-quotes",
    "utf16le.csv": 1,
    "utf8-bom.csv": 1,
    "wide-20000-cols.csv": "import.too-many-columns",
    "zip-slip-and-bomb.zip": "import.other-file",
    "csv-bomb-64MiB.csv.gz": "import.other-file",
}


@pytest.mark.parametrize("name", WHAT_COMES_OF)
def test_hostile_files_give_rows_or_a_clear_refusal(shared: Path, name: str):
    content = (shared / "corpora/csv" / name).read_bytes()
    try:
        found: object = len(read_sheet(content, Format.CSV).rows)
    except Refused as refusal:
        found = refusal.reason
    assert WHAT_COMES_OF[name] in (None, found)


def test_the_bomb_is_too_big_also_when_unpacked(shared: Path):
    content = gzip.decompress((shared / "corpora/csv/csv-bomb-64MiB.csv.gz").read_bytes())
    assert why_not(content).reason == "import.file-too-big"


NONSENSE = {
    "a": "import.too-long",
    '"': "import.too-long",
    "ä": "import.too-long",
    "ÿ": "import.too-long",
    ";": "import.only-a-header",
    "\n": "import.too-many-rows",
    "{": "import.too-long",
    '"\n': "import.too-many-rows",
}


@pytest.mark.parametrize("filler", FILLERS)
def test_a_big_file_of_nonsense_is_refused_in_bounded_memory(filler: str):
    content = ("text\n" + filler * (MOST_BYTES // 10)).encode("cp1252")[: MOST_BYTES // 4]
    tracemalloc.start()
    assert why_not(content, Format.CSV).reason == NONSENSE[filler]
    assert why_not(content, Format.JSONL).reason == "import.not-json"
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 40 * len(content)


@pytest.mark.parametrize("kind", Format)
@pytest.mark.parametrize("filler", [*FILLERS, "ja\n", '{"text": "ja"}\n', "a;b;c\n", '"a\n'])
def test_a_file_eight_times_as_long_takes_eight_times_the_steps(filler: str, kind: Format):
    """Counted, not timed; how long the biggest file takes, the bench has."""

    def read_times(number: int) -> None:
        with contextlib.suppress(Refused):
            read_sheet(("text\n" + filler * number).encode("cp1252"), kind)

    read_times(1)
    assert steps(lambda: read_times(8000)) < 8.5 * steps(lambda: read_times(1000))


def test_every_formula_row_is_kept_as_text(shared: Path):
    cells = [
        json.loads(line)["cell"] for line in (shared / "corpora/csv-formulas.jsonl").read_text().splitlines()
    ]
    sheet = read_sheet((shared / "corpora/csv-formulas.jsonl").read_bytes(), Format.JSONL)
    assert [row[sheet.columns.index("cell")] for _, row in sheet.rows] == cells
