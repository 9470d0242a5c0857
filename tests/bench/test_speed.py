"""What finding themes costs is measured in little room, and half as precise numbers find like groups."""

import re

import numpy as np

from hearback.bench.themes.agreement import ami
from hearback.bench.themes.speed import discovery_cost, made, made_halves, print_million
from hearback.themes.grouping import group
from hearback.themes.planning import open_codebook
from hearback.themes.reading.codebook import starter_entries


def test_the_million_is_told_with_its_time_and_its_room(capsys):
    print_million(3000)

    assert re.fullmatch(
        r"3000 vectors: \d+ s CPU, peak \d+ MB, reach ≤ 4096 MB  (ok|MISSED)\n", capsys.readouterr().out
    )


def test_half_floats_make_groups_that_agree_and_stay_as_they_were():
    halves = made_halves(2000)
    before = halves.copy()

    found = group(halves)

    whole = group(halves.astype(np.float32))
    assert ami(found.labels.tolist(), whole.labels.tolist()) > 0.8
    assert (halves == before).all()


def test_discovery_is_measured_on_excerpts_with_words():
    book = open_codebook(starter_entries()).book
    texts = [text for entry in book.entries[:20] for kind, text in entry.texts() if "example" in kind]

    assert 0 < discovery_cost(book, texts, made(200), 200).seconds < 30
