"""The map of themes: what means the same lies near, the same answers give the same map, and it does not jump."""

import numpy as np
import pytest

from hearback.themes.embedding import DIMENSIONS
from hearback.themes.laying import lay


def clouds(*sizes, spread=0.4, seed=5):
    """Unit vectors around as many directions as there are sizes, and which is whose."""
    draw = np.random.default_rng(seed)
    middles = draw.normal(size=(len(sizes), DIMENSIONS))
    whose = np.repeat(np.arange(len(sizes)), sizes)
    vectors = middles[whose] + spread * draw.normal(size=(len(whose), DIMENSIONS)) * 4
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32), whose


def shuffled(n):
    return np.random.default_rng(7).permutation(n)


def moved(now, then):
    return float(np.median(np.linalg.norm(now - then, axis=1)))


def test_what_means_the_same_lies_near():
    vectors, whose = clouds(30, 30, 30, 30)

    spots = lay(vectors)

    apart = np.linalg.norm(spots[:, None] - spots[None], axis=2)
    np.fill_diagonal(apart, 9)
    nearest = apart.argsort(1)[:, :5]
    assert (whose[nearest] == whose[:, None]).mean() > 0.95


def test_the_same_answers_give_the_same_map_in_any_order():
    vectors, _ = clouds(20, 30, 15)
    order = shuffled(len(vectors))

    first, again, other = lay(vectors), lay(vectors), lay(vectors[order])

    assert np.array_equal(first, again)
    assert np.array_equal(first[order], other)


def test_every_spot_lies_within_the_map():
    for vectors in (clouds(40, 40)[0], clouds(1, 1, 300)[0], clouds(2)[0]):
        assert np.linalg.norm(lay(vectors), axis=1).max() <= 1


def test_a_mirrored_and_turned_map_is_turned_back():
    vectors, _ = clouds(25, 25, 25)
    first = lay(vectors)
    turn = np.array([[0.6, 0.8], [0.8, -0.6]])  # a quarter and a half, and mirrored
    few = {row: tuple(first[row] @ turn) for row in range(0, 75, 3)}

    assert moved(lay(vectors, few), first @ turn) < 1e-6
    assert moved(lay(vectors), first @ turn) > 0.2


def test_the_map_does_not_jump_when_answers_come():
    vectors, _ = clouds(40, 40, 40, 40)
    vectors = vectors[shuffled(len(vectors))]
    then = lay(vectors[:130])

    now = lay(vectors, {row: tuple(spot) for row, spot in enumerate(then)})

    assert moved(now[:130], then) < 0.1


def test_new_answers_come_to_lie_beside_what_means_the_same():
    vectors, whose = clouds(30, 30, 30)
    order = shuffled(len(vectors))
    vectors, whose = vectors[order], whose[order]
    then = lay(vectors[:70])

    now = lay(vectors, {row: tuple(spot) for row, spot in enumerate(then)})

    apart = np.linalg.norm(now[70:, None] - now[None, :70], axis=2)
    assert (whose[:70][apart.argmin(1)] == whose[70:]).mean() > 0.95


def test_copies_of_one_wording_can_each_be_pointed_at():
    vectors = np.repeat(clouds(1, 1, 1, 1)[0], [500, 1, 1, 40], axis=0)

    spots = lay(vectors)

    assert len({tuple(spot) for spot in spots.round(5)}) == len(vectors)
    assert np.linalg.norm(spots[:500] - spots[:500].mean(0), axis=1).max() < 0.1


@pytest.mark.parametrize("n", [0, 1, 2, 3, 4, 10])
def test_few_or_equal_answers_are_no_trouble(n):
    vectors, _ = clouds(*[1] * n) if n else (np.zeros((0, DIMENSIONS), np.float32), None)
    equal = np.repeat(vectors[:1], n, axis=0)

    for some in (vectors, equal):
        spots = lay(some)
        assert spots.shape == (n, 2) and np.isfinite(spots).all()
