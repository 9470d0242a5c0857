"""A file of answers is themed offline: one line out for each line in, faults named before anything is written."""

import json
from pathlib import Path

import pytest

from hearback.themes.trying import UnreadableLine, try_file

ANSWERS = [
    {"id": "a", "text": "Die Toiletten waren dreckig. Der Zug kam zu spät!"},
    {"id": 2, "text": "Toiletten ohne Papier", "question": "Was fehlte?"},
    {"id": "c", "text": "k.A."},
    {"id": "d", "text": "The toilets were filthy"},
    {"id": "e", "text": "Der Zug war schon wieder verspätet"},
    {"id": "f", "text": "Saubere Toiletten, bitte"},
    {"id": "g", "text": "Züge sind nie pünktlich"},
]


def lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_every_answer_has_its_line_in_order_and_the_summary_adds_up(tmp_path: Path):
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in ANSWERS), "utf-8")

    summary = try_file(source, out)

    written = lines(out)
    assert [row["id"] for row in written] == ["a", 2, "c", "d", "e", "f", "g"]
    assert [len(row["excerpts"]) for row in written] == [2, 1, 0, 1, 1, 1, 1]
    first = written[0]["excerpts"][0]
    assert ANSWERS[0]["text"][first["start"] : first["end"]] == "Die Toiletten waren dreckig."
    assert (summary.answers, summary.excerpts, summary.silent) == (7, 7, 1)
    assert summary.unsorted + sum(theme.excerpts for theme in summary.themes) == summary.excerpts
    assert all(theme.quotes and theme.terms for theme in summary.themes)


def test_the_same_file_twice_gives_the_same_bytes(tmp_path: Path):
    source = tmp_path / "in.jsonl"
    source.write_text("\n".join(json.dumps(row) for row in ANSWERS), "utf-8")

    try_file(source, tmp_path / "one.jsonl")
    try_file(source, tmp_path / "two.jsonl")

    assert (tmp_path / "one.jsonl").read_bytes() == (tmp_path / "two.jsonl").read_bytes()


def test_an_empty_file_is_no_error(tmp_path: Path):
    (tmp_path / "in.jsonl").write_text("\n", "utf-8")

    summary = try_file(tmp_path / "in.jsonl", tmp_path / "out.jsonl")

    assert (summary.answers, summary.themes) == (0, [])
    assert (tmp_path / "out.jsonl").read_text() == ""


@pytest.mark.parametrize(
    "line", [b'{"id": 1}', b"no json", b'{"id": 1, "text": "\xff"}', b'{"id": 1, "text": 3}']
)
def test_a_faulty_line_is_named_and_nothing_is_written(tmp_path: Path, line: bytes):
    (tmp_path / "in.jsonl").write_bytes(b'{"id": 0, "text": "gut"}\n' + line + b"\n")

    with pytest.raises(UnreadableLine) as refused:
        try_file(tmp_path / "in.jsonl", tmp_path / "out.jsonl")

    assert refused.value.number == 2
    assert not (tmp_path / "out.jsonl").exists()
