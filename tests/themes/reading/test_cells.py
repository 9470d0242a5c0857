"""Neighbours among very many points are nearly those that comparing all would find."""

import numpy as np
import pytest

from hearback.bench.themes.speed import made
from hearback.themes.reading import pool
from hearback.themes.reading.cells import near_in_cells
from hearback.themes.reading.pool import nearest
from hearback.themes.reading.vectors import unit

K = 10


def test_most_true_neighbours_are_found_and_nobody_is_his_own():
    points = made(6000)[:, :64]
    points = unit(points - points.mean(0))
    cosines = points @ points.T
    np.fill_diagonal(cosines, -9)
    true = np.argpartition(-cosines, K, axis=1)[:, :K]
    found = near_in_cells(points, K)

    assert (found != np.arange(len(points))[:, None]).all()
    assert all(len(set(row)) == K for row in found.tolist())
    assert (
        np.mean([len(set(a) & set(b)) / K for a, b in zip(found.tolist(), true.tolist(), strict=True)]) > 0.8
    )


def test_the_same_points_have_the_same_neighbours_every_time():
    points = made(1500)
    assert (near_in_cells(points, K) == near_in_cells(points, K)).all()


def test_points_that_are_all_the_same_have_neighbours_too():
    points = np.tile(made(1), (2000, 1))
    found = near_in_cells(points, K)
    assert (found != np.arange(2000)[:, None]).all()


def test_cells_smaller_than_what_is_wanted_borrow_from_more():
    points = made(700)
    assert near_in_cells(points, 600).shape == (700, 600)


def test_a_very_large_pool_is_searched_in_cells_with_exact_cosines(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pool, "WHOLE", 100)
    monkeypatch.setattr(pool, "LARGE", 1000)
    points = made(2000)
    near, likeness = nearest(points, K)
    assert likeness[7] == pytest.approx(points[near[7]] @ points[7], abs=1e-5)
