"""The parts of `bench themes` on a handful of texts."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from hearback.bench.themes import table
from hearback.bench.themes.agreement import ami, auroc, small_seen, together
from hearback.bench.themes.anchor import MISSING, Anchor
from hearback.bench.themes.nothing import UNSORTED, found, read_companies
from hearback.bench.themes.sets import drawn, ours, read_sets
from hearback.bench.themes.speed import made
from hearback.refusals import Stopped


class NoAnchor:
    def __init__(self) -> None:
        raise Stopped(MISSING)


@pytest.fixture
def without_anchor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "Anchor", NoAnchor)


def written(folder: Path, name: str, rows: list[dict[str, object]]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return file


def test_the_same_sorting_agrees_whatever_it_is_called_and_chance_does_not():
    assert ami(["a", "a", "b", "b"], [7, 7, 3, 3]) == pytest.approx(1)
    assert ami(["a"] * 5, [1] * 5) == 1
    chance = np.random.default_rng(0)
    assert abs(ami(chance.integers(0, 9, 900).tolist(), chance.integers(0, 9, 900).tolist())) < 0.02
    # As scikit-learn 1.9 has it.
    assert ami([0, 0, 1, 1, 2, 2, 2], [0, 0, 1, 2, 2, 2, 1]) == pytest.approx(0.258151, abs=1e-6)


def test_ties_in_confidence_are_half_a_win():
    inside = np.array([True, True, False, False])
    assert auroc(inside, np.array([0.9, 0.8, 0.2, 0.1])) == 1
    assert auroc(inside, np.array([0.5, 0.5, 0.5, 0.5])) == 0.5
    assert auroc(inside, np.array([0.1, 0.2, 0.8, 0.9])) == 0


def test_an_unsorted_pair_is_a_miss_and_a_small_label_is_seen_where_half_of_a_theme_is_it():
    labels = np.array([0, 0, 1, 2, -1, -1])
    assert together(["x", "x", "y", "y", "z", "z"], ["de", "en"] * 3, labels) == pytest.approx(1 / 3)
    truth = ["small"] * 5 + ["large"] * 45
    assert small_seen(truth, np.array([1] * 5 + [1] * 4 + [0] * 41)) == 1
    assert small_seen(truth, np.array([1] * 5 + [1] * 6 + [0] * 39)) == 0
    assert np.isnan(small_seen(["large"] * 20, np.zeros(20, np.intp)))


def test_a_point_takes_the_theme_of_what_overlaps_it_most(tmp_path):
    text = "Das Klo war dreckig. Das Bier war teuer."
    excerpts = [{"text": text[:20], "theme": "toilets"}, {"text": text[21:], "theme": "prices"}]
    answer = {"id": "1", "company": "A", "text": text, "excerpts": excerpts, "flags": ["minority_weight"]}
    written(tmp_path, "answers.jsonl", [answer, {**answer, "id": "2"}])
    (answers,) = read_companies(tmp_path).values()

    apart = found(answers, lambda given: [[(0, 22, "0"), (22, 40, "1")] for _ in given])
    assert (apart.agreement, apart.seen) == (pytest.approx(1), 1)
    nothing = found(answers, lambda given: [[(0, 22, "")] for _ in given])
    assert (nothing.agreement, nothing.seen) == (pytest.approx(0), 0), UNSORTED


def test_labelled_texts_have_every_figure_that_they_can_have(tmp_path):
    said = [
        ("Wo ist mein Paket {}?", "Where is my parcel {}?", "parcel"),
        ("Konto {}", "Account {}", "account"),
    ]
    rows = [
        {"text": text.format(number), "label": label, "lang": language, "pair": f"{label}{number}"}
        for number in range(12)
        for german, english, label in said
        for text, language in ((german, "de"), (english, "en"))
    ]
    written(tmp_path, "pairs.jsonl", [*rows, {**rows[0], "text": "Der Mond", "label": "oos", "pair": "moon"}])
    written(tmp_path, "other.jsonl", [{"no": "label"}])
    (one,) = read_sets(tmp_path)
    scores = ours(one)

    assert one.name == "pairs"
    assert 0.2 < scores.agreement <= 1
    assert scores.together is not None and scores.language is not None
    assert scores.auroc is not None and 0 <= scores.auroc <= 1
    assert scores.lost is not None and scores.joined is not None


def test_vectors_are_drawn_the_same_way_every_time():
    assert (drawn(made(50), 80) == drawn(made(50), 80)).all()
    assert np.linalg.norm(drawn(made(50), 80), axis=1) == pytest.approx(1, abs=1e-5)


def test_without_its_packages_the_anchor_says_how_to_get_them(monkeypatch):
    monkeypatch.setitem(sys.modules, "umap", None)
    with pytest.raises(Stopped, match="--group anchor"):
        Anchor()


@pytest.mark.usefixtures("without_anchor")
def test_without_labelled_texts_and_anchor_it_says_so_and_measures_speed(tmp_path, capsys):
    table.bench_themes(tmp_path / "nowhere", many=200, most=400)

    printed = capsys.readouterr().out
    assert MISSING in printed
    assert "There are no answers of companies" in printed
    assert "speed is measured on made vectors" in printed
    assert "CPU for 200 vectors" in printed
    assert "one answer, embedded and placed among 200" in printed


def test_a_row_says_what_is_reached_and_what_is_missed():
    assert str(table.least("a", 0.7, 0.66, 0.5)).split() == ["a", "0.700", "≥", "0.66", "ok", "0.500"]
    assert str(table.most_of("b", 31, 30, None)).split() == ["b", "31.000", "≤", "30", "MISSED", "–"]
