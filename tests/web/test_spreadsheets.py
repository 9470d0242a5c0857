"""No spreadsheet calculates what somebody wrote."""

import csv
import io
import json

from hearback.listening.rules import without_guard
from hearback.web.spreadsheets import as_csv, guarded


def read(table: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(table.decode("utf-8-sig"), newline="")))


def test_every_known_formula_is_text_and_every_sign_of_it_is_kept(shared):
    cells = [json.loads(line) for line in (shared / "corpora/csv-formulas.jsonl").read_text().splitlines()]

    table = as_csv([[row["cell"]] for row in cells])

    for row, (cell,) in zip(cells, read(table), strict=True):
        assert cell.removeprefix("'") == row["cell"].removeprefix("'")
        assert cell.lstrip("\ufeff\u200b\u202e \t\r\n")[:1] not in set("=+-@|＝＋－＠"), row["id"]


def test_what_only_looks_like_one_comes_back_through_our_own_import():
    for cell in ("-5 Grad war es", "+49 30 1234567", "@support bitte", "=) gut!"):
        assert without_guard(guarded(cell)) == cell


def test_plain_words_stay_as_they_are_and_every_cell_is_quoted():
    assert guarded("Rot & Grün") == "Rot & Grün"
    assert as_csv([["a", 'sagte "ja"\nund ging']]) == b'\xef\xbb\xbf"a","sagte ""ja""\nund ging"\r\n'
