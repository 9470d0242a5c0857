"""The k largest of every row are found exactly, whatever the shape."""

import numpy as np
import pytest

from hearback.themes.reading.topmost import GROUP, topmost


@pytest.mark.parametrize("n", [1, 9, 16, 255, 256, 257, 1000, 4093])
@pytest.mark.parametrize("k", [1, 8, 24])
def test_they_are_the_same_as_after_sorting(n, k):
    k = min(k, n)
    values = np.random.default_rng(n * k).normal(0, 1, (7, n)).astype(np.float32)

    expected = np.sort(np.argsort(-values, axis=1)[:, :k], axis=1)

    assert (topmost(values, k) == expected).all()


def test_they_are_found_at_both_ends_and_among_equals():
    values = np.zeros((2, GROUP * 100 + 5), np.float32)
    values[0, [0, -1]] = 1
    values[1, 3:8] = 1

    assert topmost(values, 2).tolist()[0] == [0, GROUP * 100 + 4]
    assert topmost(values, 5).tolist()[1] == [3, 4, 5, 6, 7]
    assert len(set(topmost(values, 8)[1].tolist())) == 8
