"""A pool's neighbours: exact where it is small, as good as exact where it is large."""

import numpy as np

from hearback.themes.reading import pool
from hearback.themes.reading.vectors import unit


def clouds(points: int) -> np.ndarray:
    chance = np.random.default_rng(1)
    middles = chance.normal(size=(40, 256))
    spread = chance.normal(size=(points, 256)) * 0.7
    return unit((middles[chance.integers(0, 40, points)] + spread).astype(np.float32))


def test_nobody_is_their_own_neighbour() -> None:
    near, likeness = pool.nearest(clouds(60), 5)
    assert not (near == np.arange(60)[:, None]).any()
    assert likeness.max() <= 1.001


def test_a_large_pool_is_searched_as_well_in_its_main_directions(monkeypatch) -> None:
    points = clouds(1500)
    exact, _ = pool.nearest(points, 8)
    monkeypatch.setattr(pool, "WHOLE", 1000)
    narrow, likeness = pool.nearest(points, 8)
    assert np.mean([len(set(a) & set(b)) / 8 for a, b in zip(exact, narrow, strict=True)]) > 0.6
    np.testing.assert_allclose(likeness[0], points[narrow[0]] @ points[0], atol=1e-5)


def test_shares_of_neighbours_sum_to_one() -> None:
    graph = pool.neighbour_graph(clouds(60), 8)
    np.testing.assert_allclose(np.asarray(graph.sum(1)).ravel(), 1, atol=1e-4)
