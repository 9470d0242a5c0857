"""Groups are the same every time, small sets are sensible, and what people decided stays."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hearback.themes.grouping import FEWEST, UNSORTED, group, leaves, match_groups

DIMENSIONS = 64


def some_points(sizes: list[int], *, spread: float = 0.5, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Unit vectors around one direction a kind, and the kind of each."""
    rng = np.random.default_rng(seed)
    kinds = np.repeat(np.arange(len(sizes)), sizes)
    directions = np.linalg.qr(rng.normal(size=(DIMENSIONS, DIMENSIONS)))[0][: len(sizes)]
    points = directions[kinds] + spread * rng.normal(size=(len(kinds), DIMENSIONS)) / np.sqrt(DIMENSIONS)
    return (points / np.linalg.norm(points, axis=1, keepdims=True)).astype(np.float32), kinds


def as_sets(labels: np.ndarray) -> set[frozenset[int]]:
    return {frozenset(np.flatnonzero(labels == n).tolist()) for n in set(labels.tolist()) - {UNSORTED}}


def mostly(labels: np.ndarray) -> int:
    """The commonest label that is not unsorted."""
    values, counts = np.unique(labels[labels >= 0], return_counts=True)
    return int(values[counts.argmax()])


def test_kinds_that_lie_apart_become_groups_largest_first():
    points, kinds = some_points([60, 40, 20])

    found = group(points)

    for number, kind in enumerate((0, 1, 2)):
        assert set(found.labels[kinds == kind].tolist()) <= {number, UNSORTED}
        assert (found.labels[kinds == kind] == number).mean() > 0.7
    assert found.themes == {}


def test_confidence_lies_between_nothing_and_one():
    points, _ = some_points([30, 30, 5], spread=2.0)

    found = group(points, fixed={0: "a"})

    assert found.confidence.dtype == np.float32
    assert ((found.confidence >= 0) & (found.confidence <= 1 + 1e-5)).all()


def test_the_order_of_rows_changes_nothing():
    points, _ = some_points([40, 30, 20, 10], spread=1.2)
    order = np.random.default_rng(5).permutation(len(points))

    assert (group(points).labels[order] == group(points[order]).labels).all()
    assert (group(points).labels == group(points).labels).all()


@pytest.mark.parametrize("n", [0, 1, 2])
def test_too_few_make_no_theme(n: int):
    points, _ = some_points([n])

    assert group(points).labels.tolist() == [UNSORTED] * n


@pytest.mark.parametrize("n", [3, 4, 5, 8, 12, 20, 29])
def test_a_small_set_has_no_theme_of_fewer_than_three(n: int):
    for seed in range(5):
        points, _ = some_points([n - n // 3, n // 3], spread=1.0, seed=seed)
        sizes = [len(members) for members in as_sets(group(points).labels)]
        assert min(sizes, default=FEWEST) >= FEWEST


def test_a_handful_of_two_kinds_is_parted():
    points, kinds = some_points([6, 6], spread=0.3)

    labels = group(points).labels

    assert not set(labels[kinds == 0].tolist()) & (set(labels[kinds == 1].tolist()) - {UNSORTED})
    assert (labels >= 0).mean() >= 0.7


def test_ten_thousand_copies_are_one_theme():
    labels = group(np.repeat(some_points([1])[0], 10_000, axis=0)).labels

    assert set(labels.tolist()) == {0}


def test_a_campaign_weighs_as_one_voice():
    points, _ = some_points([30, 30], spread=0.6)
    loud = np.concatenate([points, np.repeat(points[:1], 500, axis=0)])

    quiet_labels, loud_labels = group(points).labels, group(loud).labels

    assert len(set(loud_labels[60:].tolist())) == 1
    assert as_sets(quiet_labels) == as_sets(loud_labels[:60])
    assert loud_labels[60] == loud_labels[0]


def test_what_a_person_placed_stays_there():
    points, _ = some_points([40, 40], spread=0.6)
    wrong = {0: "b", 1: "b"}  # of kind 0, put to the others by a person
    right = dict.fromkeys(range(40, 70), "b")

    found = group(points, fixed=wrong | right)

    theme_b = next(number for number, theme in found.themes.items() if theme == "b")
    assert all(found.labels[row] == theme_b for row in wrong | right)
    assert all(found.confidence[row] == 1 for row in wrong | right)
    assert mostly(found.labels[70:]) == theme_b
    assert mostly(found.labels[2:40]) != theme_b


def test_one_placement_does_not_take_over_a_large_group():
    points, _ = some_points([40, 40], spread=0.5)

    found = group(points, fixed={0: "a"})

    theme_a = next(iter(found.themes))
    assert np.flatnonzero(found.labels == theme_a).tolist() == [0]


def test_people_may_part_what_looks_alike():
    points, _ = some_points([40], spread=0.5)
    fixed = {row: "left" if row < 20 else "right" for row in range(40)}

    found = group(points, fixed=fixed)

    assert sorted(found.themes.values()) == ["left", "right"]
    assert all(found.themes[int(found.labels[row])] == theme for row, theme in fixed.items())


@settings(derandomize=True, deadline=None, max_examples=60)
@given(
    st.lists(st.integers(0, 25), min_size=1, max_size=4),
    st.dictionaries(st.integers(0, 99), st.sampled_from("abc"), max_size=30),
    st.floats(0.1, 3),
)
def test_every_placement_survives_every_grouping(sizes: list[int], fixed: dict[int, str], spread: float):
    points, _ = some_points(sizes, spread=spread)
    fixed = {row: theme for row, theme in fixed.items() if row < len(points)}

    found = group(points, fixed=fixed)

    assert {row: found.themes[int(found.labels[row])] for row in fixed} == fixed
    assert set(found.labels.tolist()) - {UNSORTED} == set(range(found.labels.max(initial=-1) + 1))
    assert len(set(found.themes.values())) == len(found.themes)


def test_themes_keep_their_ids_by_what_they_share():
    old = {"nebel": {1, 2, 3, 4}, "torf": {5, 6, 7}}
    new = {0: {5, 6, 7, 20, 21}, 1: {1, 2, 3, 22}, 2: {30, 31, 32}}

    assert match_groups(old, new) == {0: "torf", 1: "nebel"}


def test_one_theme_is_matched_once_and_a_slight_overlap_is_none():
    assert match_groups({"nebel": {1, 2, 3, 4, 5}}, {0: {1, 2, 3}, 1: {4, 5}}) == {0: "nebel"}
    assert match_groups({"nebel": {1, 2, 3, 4, 5, 6}}, {0: {1, 7, 8}, 1: {2, 3, 4, 5, 6}}) == {1: "nebel"}
    assert match_groups({"nebel": set(range(10))}, {0: {0}, 1: set(range(50, 60))}) == {}
    assert match_groups({"a": {1, 2, 3, 4}, "b": {5, 6, 7, 8}}, {0: {1, 5}, 1: {2, 3, 4}, 2: {6, 7, 8}}) == {
        1: "a",
        2: "b",
    }


def test_a_theme_that_grew_fast_keeps_its_id():
    assert match_groups({"nebel": {1, 2, 3}}, {0: {1, 2, 3, *range(100, 200)}}) == {0: "nebel"}
    assert match_groups({}, {0: {1}}) == {}
    assert match_groups({"nebel": {1}}, {}) == {}


def test_leaves_see_what_few_say_within_a_large_theme():
    chance = np.random.default_rng(3)
    middles = chance.normal(size=(6, 64))
    many = np.repeat(middles, 60, 0) + 0.8 * chance.normal(size=(360, 64))
    few = 0.7 * middles[0] + 0.7 * chance.normal(size=64) + 0.2 * chance.normal(size=(6, 64))
    vectors = np.vstack([many, few]).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)

    labels = leaves(vectors)

    theirs = np.bincount(labels[-6:][labels[-6:] >= 0]).argmax()
    assert (labels[-6:] == theirs).sum() >= 4
    assert (labels[:-6] == theirs).sum() <= 4


def test_leaves_of_nothing_one_and_equal_texts():
    one = np.ones((1, 8), np.float32) / np.sqrt(8)

    assert leaves(one[:0]).tolist() == []
    assert leaves(one).tolist() == [-1]
    assert leaves(np.repeat(one, 5, 0)).tolist() == [0] * 5


def in_two_languages(sizes: list[int], *, seed: int = 0) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Every other point in English; points of one language have something in common, whatever their kind."""
    points, kinds = some_points(sizes, spread=0.8, seed=seed)
    accent = np.random.default_rng(seed + 1).normal(size=DIMENSIONS) / np.sqrt(DIMENSIONS)
    english = np.arange(len(points)) % 2 == 1
    moved = points + 0.9 * np.where(english[:, None], 1, -1) * accent
    spoken = ["en" if one else "de" for one in english]
    return (moved / np.linalg.norm(moved, axis=1, keepdims=True)).astype(np.float32), kinds, spoken


def together_across(labels: np.ndarray, kinds: np.ndarray) -> float:
    """Share of kinds whose German and English points are mostly in one group."""
    sides = [(labels[kinds == kind][::2], labels[kinds == kind][1::2]) for kind in set(kinds.tolist())]
    return float(np.mean([mostly(german) == mostly(english) for german, english in sides]))


def test_what_is_said_in_two_languages_stands_together():
    points, kinds, spoken = in_two_languages([60, 60, 60, 60])

    assert together_across(group(points).labels, kinds) == 0
    assert together_across(group(points, languages=spoken).labels, kinds) == 1


def test_a_language_that_hardly_anybody_speaks_changes_nothing():
    points, _ = some_points([60, 40, 20])
    spoken = ["pl"] * 3 + ["de"] * 117

    assert np.array_equal(group(points).labels, group(points, languages=spoken).labels)
