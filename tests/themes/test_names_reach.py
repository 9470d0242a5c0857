"""What suggested themes are called is what people who sorted the same answers by hand called them."""

from pathlib import Path

import numpy as np
import pytest

from hearback.bench.naming import REACH, all_labels, measured, print_names
from hearback.refusals import Stopped


def test_most_themes_say_a_word_of_their_definition(shared: Path):
    found = [measured(labels) for labels in all_labels(shared / "data")]

    assert len(found) == 7
    assert np.mean([one.true for one in found]) >= REACH
    assert np.mean([one.true for one in found[:3]]) >= REACH, "the three companies alone"


def test_without_labelled_answers_the_bench_says_where_it_looked(tmp_path: Path):
    with pytest.raises(Stopped, match="--data"):
        print_names(tmp_path)
