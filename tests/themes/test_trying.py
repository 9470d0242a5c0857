"""A file of answers is themed offline: one line out for each row in, faults named before anything is written."""

import json
from pathlib import Path

import pytest

from hearback import cli
from hearback.refusals import Refused
from hearback.themes.trying import try_file
from hearback.themes.trying.rows import read_codebook
from hearback.themes.trying.writing import shown

ANSWERS = [
    {"id": "a", "text": "Die Toiletten waren dreckig. Der Zug kam zu spät!"},
    {"id": 2, "text": "Toiletten ohne Papier", "question": "Was fehlte?"},
    {"id": "c", "text": "k.A."},
    {"id": "d", "text": "The toilets were filthy"},
    {"id": "e", "text": "Der Zug war schon wieder verspätet"},
    {"id": "f", "text": "Saubere Toiletten, bitte"},
    {"id": "g", "text": "Züge sind nie pünktlich"},
]
CODEBOOK = [
    {"name": "Toiletten", "definition": "Zahl und Sauberkeit der Toiletten.", "examples": ["Das Klo war zu"]},
    {"name": "Pünktlichkeit", "definition": "Züge fahren zu spät oder gar nicht."},
]


def lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def jsonl(path: Path, rows: list) -> Path:
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    return path


def test_every_answer_has_its_line_in_order_and_the_figures_add_up(tmp_path: Path):
    out = tmp_path / "out.jsonl"

    tried = try_file(jsonl(tmp_path / "in.jsonl", ANSWERS), out)

    written = lines(out)
    assert [row["id"] for row in written] == ["a", 2, "c", "d", "e", "f", "g"]
    assert [len(row["excerpts"]) for row in written] == [2, 1, 0, 1, 1, 1, 1]
    for given, row in zip(ANSWERS, written, strict=True):
        assert list(row) == ["id", "label", "excerpts"]
        for excerpt in row["excerpts"]:
            assert list(excerpt) == ["start", "end", "text", "theme"]
            assert given["text"][excerpt["start"] : excerpt["end"]] == excerpt["text"]
    assert (tried.answers, len(tried.themed.excerpts), tried.silent) == (7, 7, 1)
    assert tried.unsorted + sum(theme.excerpts for theme in tried.themed.themes) == 7
    assert all(theme.quotes and (theme.terms or theme.name) for theme in tried.themed.themes)


def test_a_row_s_label_is_the_theme_it_says_most_about(tmp_path: Path):
    rows = [
        {"id": 1, "text": "Der Zug kam zu spät. Die Toiletten waren dreckig. Auf dem Klo fehlte Papier."},
        {
            "id": 2,
            "text": "Dreckige Toiletten. Und der Zug kam wie jeden Tag mindestens zwanzig Minuten zu spät!",
        },
        {"id": 3, "text": "k.A."},
    ]
    book = read_codebook(jsonl(tmp_path / "book.jsonl", CODEBOOK))

    try_file(jsonl(tmp_path / "in.jsonl", rows), tmp_path / "out.jsonl", codebook=book)

    most, longest, none = lines(tmp_path / "out.jsonl")
    assert [excerpt["theme"] for excerpt in most["excerpts"]] == ["Pünktlichkeit", "Toiletten", "Toiletten"]
    assert most["label"] == "Toiletten"
    assert [excerpt["theme"] for excerpt in longest["excerpts"]] == ["Toiletten", "Pünktlichkeit"]
    assert longest["label"] == "Pünktlichkeit"
    assert none == {"id": 3, "label": None, "excerpts": []}


def test_whole_takes_each_row_as_one_excerpt_even_the_empty_one(tmp_path: Path):
    rows = [*ANSWERS, {"id": "h", "text": ""}, {"id": "i", "text": "🙄"}, {"id": "j", "text": None}]

    try_file(jsonl(tmp_path / "in.jsonl", rows), tmp_path / "out.jsonl", whole=True)

    for given, row in zip(rows, lines(tmp_path / "out.jsonl"), strict=True):
        (excerpt,) = row["excerpts"]
        words = given["text"] or ""
        assert (excerpt["start"], excerpt["end"], excerpt["text"]) == (0, len(words), words)
        assert row["label"] == excerpt["theme"]


def test_a_codebook_like_ours_places_under_its_slugs(tmp_path: Path, shared: Path):
    book = read_codebook(shared / "codebook" / "codebook.jsonl")

    tried = try_file(jsonl(tmp_path / "in.jsonl", ANSWERS), tmp_path / "out.jsonl", codebook=book)

    placed = {excerpt["theme"] for row in lines(tmp_path / "out.jsonl") for excerpt in row["excerpts"]}
    assert len(book) == 233
    assert placed - {None} <= {given.key for given in book}
    assert any("toilet" in key for key in placed - {None})
    assert all(theme.name and theme.key for theme in tried.themed.themes)


def test_what_no_theme_of_the_codebook_is_about_stays_unsorted(tmp_path: Path):
    prices = [
        "Das Ticket ist viel zu teuer",
        "Die Preise sind eine Frechheit",
        "Der Preis ist zu hoch",
        "Das kostet zu viel Geld",
        "Der Eintritt ist überteuert",
        "The tickets are too expensive",
        "Prices are far too high",
        "Was für eine Abzocke, dieser Preis",
    ]
    rows = [*ANSWERS, *({"id": text, "text": text} for text in prices)]
    book = read_codebook(jsonl(tmp_path / "book.jsonl", CODEBOOK))

    try_file(jsonl(tmp_path / "in.jsonl", rows), tmp_path / "out.jsonl", codebook=book)

    labels = {row["id"]: row["label"] for row in lines(tmp_path / "out.jsonl")}
    assert labels["e"] == "Pünktlichkeit"
    assert labels["f"] == "Toiletten"
    assert [labels[text] for text in prices].count(None) > len(prices) / 2


def test_the_same_file_twice_gives_the_same_bytes(tmp_path: Path):
    source = jsonl(tmp_path / "in.jsonl", ANSWERS)

    try_file(source, tmp_path / "one.jsonl")
    try_file(source, tmp_path / "two.jsonl")

    assert (tmp_path / "one.jsonl").read_bytes() == (tmp_path / "two.jsonl").read_bytes()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ","])
def test_a_spreadsheet_gives_what_the_same_lines_give(tmp_path: Path, encoding: str, separator: str):
    source = tmp_path / "in.csv"
    rows = [separator.join(['"' + str(row["id"]) + '"', '"' + row["text"] + '"']) for row in ANSWERS]
    source.write_text("\n".join([separator.join(["ID", "Text"]), *rows]), encoding)

    try_file(source, tmp_path / "out.jsonl")
    try_file(jsonl(tmp_path / "in.jsonl", ANSWERS), tmp_path / "same.jsonl")

    same = [row | {"id": str(row["id"])} for row in lines(tmp_path / "same.jsonl")]
    assert lines(tmp_path / "out.jsonl") == same


def test_rows_without_id_are_called_by_their_number(tmp_path: Path):
    (tmp_path / "in.csv").write_text("text\nDreckige Klos\nVolle Züge\n", "utf-8")

    try_file(tmp_path / "in.csv", tmp_path / "out.jsonl")

    assert [row["id"] for row in lines(tmp_path / "out.jsonl")] == [1, 2]


def test_a_column_that_means_text_is_read_too_but_the_one_called_text_comes_first(tmp_path: Path):
    (tmp_path / "in.csv").write_text("Nr,Antwort\n7,Dreckige Klos\n", "utf-8")
    (tmp_path / "both.csv").write_text("id,answer,text\n7,nein,Dreckige Klos\n", "utf-8")

    for name in ("in.csv", "both.csv"):
        try_file(tmp_path / name, tmp_path / "out.jsonl")
        (row,) = lines(tmp_path / "out.jsonl")
        assert (row["id"], row["excerpts"][0]["text"]) == ("7", "Dreckige Klos")


@pytest.mark.parametrize("content", ["", "\n \n", "id;text\n"])
def test_a_file_without_rows_is_no_error(tmp_path: Path, content: str):
    (tmp_path / "in.csv").write_text(content, "utf-8")

    tried = try_file(tmp_path / "in.csv", tmp_path / "out.jsonl")

    assert (tried.answers, tried.themed.themes) == (0, [])
    assert (tmp_path / "out.jsonl").read_text() == ""


@pytest.mark.parametrize(
    "texts",
    [
        ["Zu wenige Toiletten"],
        ["k.A."],
        ["👍"],
        ["Zu wenige\0Toiletten", "\0", "Toiletten"],
        ["ja", "nein", "gut", "Preis"],
        ["Das ist ein langer Satz über den Zug und seine Verspätung, und noch einer. " * 60],
        ["电车总是晚点", "厕所很脏"],
        ["BUY PILLS http://x.example"] * 40,
    ],
)
@pytest.mark.parametrize("whole", [False, True])
def test_odd_answers_are_no_trouble(tmp_path: Path, texts: list[str], whole: bool):
    rows = [{"id": number, "text": text} for number, text in enumerate(texts)]

    tried = try_file(jsonl(tmp_path / "in.jsonl", rows), tmp_path / "out.jsonl", whole=whole)

    written = lines(tmp_path / "out.jsonl")
    assert [row["id"] for row in written] == list(range(len(texts)))
    for given, row in zip(texts, written, strict=True):
        assert all(given[one["start"] : one["end"]] == one["text"] for one in row["excerpts"])
    assert len(list(shown(tried.themed))) >= len(tried.themed.themes)


def test_sixty_spams_that_differ_in_a_number_are_one_voice(tmp_path: Path):
    spam = "Kauft billig Viagra auf pillen.example, heute nur {} Euro"
    rows = [{"id": number, "text": spam.format(number)} for number in range(60)]
    rows += [{"id": 60 + number, "text": f"zu laut {number}"} for number in range(3)]

    tried = try_file(jsonl(tmp_path / "in.jsonl", rows), tmp_path / "out.jsonl", whole=True)

    of_spam = [one for one in tried.themed.themes if any("Viagra" in text for text, _ in one.quotes)]
    assert [one.excerpts for one in of_spam] == [60]
    assert of_spam[0].quotes == [(spam.format(0), 60)]


def test_ten_thousand_copies_are_one_theme_that_says_so(tmp_path: Path):
    rows = [{"id": number, "text": "Wir fordern mehr Toiletten"} for number in range(10_000)]

    tried = try_file(jsonl(tmp_path / "in.jsonl", rows), tmp_path / "out.jsonl")

    (theme,) = tried.themed.themes
    assert theme.excerpts == 10_000
    assert theme.quotes == [("Wir fordern mehr Toiletten", 10_000)]
    assert {row["label"] for row in lines(tmp_path / "out.jsonl")} == {0}


@pytest.mark.parametrize(
    ("line", "reason", "column"),
    [
        (b'{"id": 1}', "try.no-text", None),
        (b"no json", "import.not-json", None),
        (b'{"id": 1, "text": "' + "äöü".encode() * 3 + b'\xff"}', "import.broken-letters", None),
        (b'{"id": 1, "text": 3}', "import.not-text", "text"),
        (b'{"id": {}, "text": "gut"}', "import.not-text", "id"),
        (b'{"id": 1, "text": "' + b"a" * 20_001 + b'"}', "import.too-long", "text"),
    ],
)
def test_a_faulty_line_is_named_and_nothing_is_written(
    tmp_path: Path, line: bytes, reason: str, column: str | None
):
    (tmp_path / "in.jsonl").write_bytes(b'{"id": 0, "text": "gut"}\n' + line + b"\n")

    with pytest.raises(Refused) as refused:
        try_file(tmp_path / "in.jsonl", tmp_path / "out.jsonl")

    assert (refused.value.reason, refused.value.values["row"]) == (reason, 2)
    assert refused.value.values.get("column") == column
    assert not (tmp_path / "out.jsonl").exists()


def test_a_table_without_the_column_is_refused_with_those_it_has(tmp_path: Path):
    (tmp_path / "in.csv").write_text("id;Wort\n1;gut\n", "utf-8")

    with pytest.raises(Refused) as refused:
        try_file(tmp_path / "in.csv")

    assert (refused.value.reason, refused.value.values["columns"]) == ("try.no-text-column", "id | Wort")


@pytest.mark.parametrize(
    ("themes", "reason", "row", "column"),
    [
        ([], "try.no-themes", None, None),
        ([CODEBOOK[0], {"definition": "Alles mögliche"}], "try.theme-without-name", 2, "name"),
        ([CODEBOOK[0], CODEBOOK[0]], "try.theme-twice", 2, "name"),
        ([{"name": "Preise", "definition": 3}], "import.not-text", 1, "definition"),
        ([{"name": "Preise", "examples": [3]}], "import.not-text", 1, "examples"),
        (["Preise"], "import.not-json", 1, None),
    ],
)
def test_a_faulty_codebook_is_refused_by_row_and_column(
    tmp_path: Path, themes: list, reason: str, row: int | None, column: str | None
):
    with pytest.raises(Refused) as refused:
        read_codebook(jsonl(tmp_path / "book.jsonl", themes))

    assert refused.value.reason == reason
    assert (refused.value.values.get("row"), refused.value.values.get("column")) == (row, column)


def test_the_terminal_says_themes_quotes_and_how_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("LC_ALL", "C")
    book = jsonl(tmp_path / "book.jsonl", CODEBOOK)

    cli.main(["themes", "try", str(jsonl(tmp_path / "in.jsonl", ANSWERS)), "--codebook", str(book)])

    said = capsys.readouterr().out
    assert "Toiletten  Toiletten" in said
    assert "“Toiletten ohne Papier”" in said
    assert said.endswith("1 answer makes no point.\n")


def test_the_terminal_names_file_row_and_column_of_what_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("LC_ALL", "C")
    book = jsonl(tmp_path / "book.jsonl", [{"name": "Preise", "definition": 3}])
    answers = jsonl(tmp_path / "in.jsonl", ANSWERS)

    with pytest.raises(SystemExit) as ended:
        cli.main(["themes", "try", str(answers), "--codebook", str(book)])

    assert ended.value.code == f"hearback: {book}: Row 1, column “definition”: Text or a number belongs here."


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LC_ALL", "C")

    with pytest.raises(SystemExit, match="cannot be read"):
        cli.main(["themes", "try", str(tmp_path / "no.jsonl")])
