"""Pieces of one cloud are put together, most alike first, and what people parted stays apart."""

from collections.abc import Hashable, Sequence

import numpy as np
import pytest

from hearback.themes import communities as found_by
from hearback.themes.communities import ALIKE, communities
from hearback.themes.grouping import group


def clouds(sizes: Sequence[int], *, spread: float, seed: int = 0) -> np.ndarray:
    """Unit vectors about one middle a cloud."""
    chance = np.random.default_rng(seed)
    middles = chance.normal(size=(len(sizes), 32))
    points = np.repeat(middles, sizes, axis=0) + spread * chance.normal(size=(sum(sizes), 32))
    return (points / np.linalg.norm(points, axis=1, keepdims=True)).astype(np.float32)


def merged_one_by_one(labels: np.ndarray, points: np.ndarray) -> set[frozenset[int]]:
    """What merging says, without any memory: the two most alike become one, as long as two are."""
    groups = [np.flatnonzero(labels == label) for label in range(labels.max() + 1)]

    def within(rows: np.ndarray) -> float:
        n = len(rows)
        return 1.0 if n < 2 else float(((points[rows].sum(0) ** 2).sum() - n) / (n * (n - 1)))

    def likeness(one: np.ndarray, other: np.ndarray) -> float:
        looser = min(within(one), within(other))
        return float((points[one] @ points[other].T).mean()) / looser if looser > 0 else 0.0

    while len(groups) > 1:
        pairs = [(a, b) for a in range(len(groups)) for b in range(a)]
        a, b = max(pairs, key=lambda pair: likeness(groups[pair[0]], groups[pair[1]]))
        if likeness(groups[a], groups[b]) < ALIKE:
            break
        groups[b] = np.concatenate([groups[b], groups.pop(a)])
    return {frozenset(rows.tolist()) for rows in groups}


@pytest.mark.parametrize("seed", range(6))
def test_remembering_who_is_most_alike_merges_the_same_as_asking_all_each_time(seed: int):
    points = clouds([30, 25, 20, 12, 9, 6], spread=0.9, seed=seed)
    cloud = np.repeat(np.arange(6), [30, 25, 20, 12, 9, 6])
    pieces = 4 * cloud + np.random.default_rng(seed).integers(0, 4, len(points))
    labels = np.unique(pieces, return_inverse=True)[1].astype(np.int32)

    found = found_by._merged(labels, points, [None] * len(points))

    assert {frozenset(np.flatnonzero(found == one).tolist()) for one in set(found.tolist())} == (
        merged_one_by_one(labels, points)
    )
    assert found.max() < labels.max(), "some pieces are one cloud"


def test_pieces_that_people_put_into_different_themes_stay_apart():
    points = clouds([40], spread=0.4)
    labels = np.repeat([0, 1, 2, 3], 10).astype(np.int32)
    owner: list[Hashable] = [None] * 40
    assert set(found_by._merged(labels, points, owner).tolist()) == {0}

    owner[0], owner[10] = "left", "right"
    found = found_by._merged(labels, points, owner)

    assert found[0] != found[10]
    assert set(found.tolist()) == {found[0], found[10]}


def test_points_are_summed_up_in_parts(monkeypatch: pytest.MonkeyPatch):
    points, labels = clouds([20, 13], spread=0.5), np.repeat([1, 0], [20, 13]).astype(np.int32)
    at_once = found_by._sums(labels, points)
    monkeypatch.setattr(found_by, "SUMMED", 7)

    assert np.allclose(found_by._sums(labels, points), at_once, atol=1e-5)
    assert np.allclose(at_once, [points[20:].sum(0), points[:20].sum(0)], atol=1e-5)


def test_very_many_points_are_kept_in_half_the_room_and_find_the_same(monkeypatch: pytest.MonkeyPatch):
    points = clouds([60, 50, 40, 30], spread=0.7)
    whole = group(points)
    kept = []
    merged = found_by._merged
    monkeypatch.setattr(found_by, "LARGE", 100)
    monkeypatch.setattr(
        found_by,
        "_merged",
        lambda labels, rows, owner: kept.append(rows.dtype) or merged(labels, rows, owner),
    )

    assert (group(points).labels == whole.labels).all()
    assert kept == [np.float16]


def test_one_point_is_a_community_of_its_own():
    labels, sureness = communities(clouds([1], spread=1), [None], [])
    assert (labels.tolist(), sureness.tolist()) == ([0], [1])
