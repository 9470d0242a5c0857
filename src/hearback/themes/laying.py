"""Where excerpts lie on the map of themes: what means the same lies near, on a plane. No database, no web.

Principal components first, then a fixed number of steps in which neighbours pull and strangers push, as UMAP does it
(McInnes, Healy, Melville 2018), all points at once. Deterministic: same vectors and same map before, same map. A map
goes on from the one before it and is turned towards it, so what people have learnt to find does not jump: with a fifth
of new points among 185 to 255, half of the old ones move by less than 5 % of the width.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

Vectors = NDArray[np.float32]
Plane = NDArray[np.float64]

NEIGHBOURS = 15
STRANGERS = 20  # points that push each point, drawn anew at every step
STEPS, PACE = 240, 0.3  # of the first map
STEPS_ON, PACE_ON = 60, 0.2  # from a map to the next
SEED = 1
BLOCK = 512  # rows of similarities held at once
# UMAP's curve for a least distance of 0.3: neighbours may touch, and do not lie on top of each other.
WIDE, STEEP = 0.9921, 1.1122
LONGEST_STEP = 4.0
TO_THE_MIDDLE = 0.03  # otherwise what has few neighbours elsewhere drifts away, and leaves the paper empty
GOLDEN_ANGLE = np.pi * (3 - np.sqrt(5))
APART, FURTHEST_APART = 0.008, 0.08  # how far copies of one wording lie from each other
WIDTH = 3.0  # of a map when it begins to settle, about what it has in the end
TURNED_BY = 3  # points in common from which two maps can be compared
STANDS_BESIDE = 3  # known points between which a new one begins


def lay(vectors: Vectors, before: Mapping[int, tuple[float, float]] | None = None) -> Plane:
    """Spots of unit vectors (n, 512), each in the disc of radius 1: shape (n, 2).

    before: row → where it lay on the last map, for rows that were on it.
    """
    if not len(vectors):
        return np.zeros((0, 2))
    # One thread: who adds up first changes the last bits, and after many steps the whole picture.
    with threadpool_limits(1):
        distinct, copy_of = np.unique(vectors, axis=0, return_inverse=True)
        copy_of = copy_of.ravel()
        points = _centred(distinct.astype(np.float64))
        known = {int(copy_of[row]): spot for row, spot in sorted((before or {}).items())}
        if len(known) * 2 > len(points):
            spots = _settled(points, _where_they_were(points, known), steps=STEPS_ON, pace=PACE_ON)
        else:
            spots = _turned_by_itself(_settled(points, _main_plane(points), steps=STEPS, pace=PACE))
        return _spread(_turned_towards(_within_one(spots - spots.mean(0)), known), copy_of)


def _centred(vectors: Plane) -> Plane:
    moved = vectors - vectors.mean(0)
    return np.asarray(moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9))


def _settled(points: Plane, spots: Plane, *, steps: int, pace: float) -> Plane:
    n = len(points)
    if n <= TURNED_BY:
        return spots
    head, tail, pull = _neighbours(points, min(NEIGHBOURS, n - 1))
    draw = np.random.default_rng(SEED)
    for step in range(steps):
        force = _pulled(spots, head, tail, pull) + _pushed(spots, draw.integers(0, n, (n, STRANGERS)))
        force = np.clip(force - TO_THE_MIDDLE * spots, -LONGEST_STEP, LONGEST_STEP)
        spots = spots + pace * (1 - step / steps) * force
    return spots


def _main_plane(points: Plane) -> Plane:
    """The two directions in which the points differ most, each pointing where its largest entry does."""
    _, directions = np.linalg.eigh(points.T @ points)
    plane = directions[:, [-1, -2]]
    plane = plane * np.sign(plane[np.abs(plane).argmax(0), [0, 1]])
    spots = points @ plane
    return np.asarray(spots * (WIDTH / max(float(np.abs(spots).max()), 1e-9)))


def _where_they_were(points: Plane, known: Mapping[int, tuple[float, float]]) -> Plane:
    """What is new begins between those that are most like it."""
    old = sorted(known)
    were = np.array([known[row] for row in old])
    new = np.setdiff1d(np.arange(len(points)), old)
    spots = np.empty((len(points), 2))
    spots[old] = were
    beside = np.argsort(-(points[new] @ points[old].T), axis=1, kind="stable")[:, :STANDS_BESIDE]
    spots[new] = were[beside].mean(1)
    return spots * WIDTH


def _neighbours(points: Plane, k: int) -> tuple[NDArray[np.intp], NDArray[np.intp], Plane]:
    """Pairs of neighbours, both ways, and how strongly each pulls: 1 for the nearest, less for those further off."""
    n = len(points)
    near, likeness = np.empty((n, k), np.intp), np.empty((n, k))
    for start in range(0, n, BLOCK):
        cosines = points[start : start + BLOCK] @ points.T
        rows = np.arange(len(cosines))
        cosines[rows, rows + start] = -9
        near[start : start + BLOCK] = best = np.argsort(-cosines, axis=1, kind="stable")[:, :k]
        likeness[start : start + BLOCK] = np.take_along_axis(cosines, best, 1)
    away = likeness[:, :1] - likeness
    pull = np.exp(-away / np.maximum(away.mean(1, keepdims=True), 1e-9)).ravel()
    head, tail = np.repeat(np.arange(n), k), near.ravel()
    return np.concatenate([head, tail]), np.concatenate([tail, head]), np.concatenate([pull, pull]) / k


def _pulled(spots: Plane, head: NDArray[np.intp], tail: NDArray[np.intp], pull: Plane) -> Plane:
    apart = spots[tail] - spots[head]
    square = (apart**2).sum(1)
    power = np.where(square > 0, square, 1.0) ** (STEEP - 1) * (square > 0)
    strength = 2 * WIDE * STEEP * power / (1 + WIDE * square**STEEP) * pull
    n = len(spots)
    return np.stack([np.bincount(head, strength * apart[:, axis], n) for axis in (0, 1)], axis=1)


def _pushed(spots: Plane, strangers: NDArray[np.int64]) -> Plane:
    apart = spots[:, None, :] - spots[strangers]
    square = (apart**2).sum(2)
    strength = 2 * STEEP / ((0.001 + square) * (1 + WIDE * square**STEEP))
    return np.asarray(np.clip(strength[:, :, None] * apart, -LONGEST_STEP, LONGEST_STEP).sum(1) / STRANGERS)


def _turned_by_itself(spots: Plane) -> Plane:
    """Lying on its longer side, with the longer tails to the right and up: so the first map has only one way to lie."""
    moved = spots - spots.mean(0)
    _, directions = np.linalg.eigh(moved.T @ moved)
    lying = moved @ directions[:, ::-1]
    return np.asarray(lying * np.where((lying**3).sum(0) < 0, -1, 1))


def _within_one(spots: Plane) -> Plane:
    furthest = float(np.linalg.norm(spots, axis=1).max())
    return spots * ((1 - FURTHEST_APART) / furthest) if furthest > 0 else spots


def _turned_towards(spots: Plane, before: Mapping[int, tuple[float, float]]) -> Plane:
    """Turned, and mirrored where that is nearer, so that what was on the last map lies as near to it as it can."""
    if len(before) < TURNED_BY:
        return spots
    rows = sorted(before)
    left, _, right = np.linalg.svd(spots[rows].T @ np.array([before[row] for row in rows]))
    return np.asarray(spots @ left @ right)


def _spread(spots: Plane, copy_of: NDArray[np.intp]) -> Plane:
    """Every row its own spot: copies of one wording lie around it like the seeds of a sunflower."""
    order = np.argsort(copy_of, kind="stable")
    starts = np.searchsorted(copy_of[order], np.arange(len(spots)))
    rank = np.empty(len(copy_of))
    rank[order] = np.arange(len(copy_of)) - starts[copy_of[order]]
    copies = np.bincount(copy_of)[copy_of]
    step = np.minimum(APART, FURTHEST_APART / np.sqrt(copies))
    away, angle = step * np.sqrt(rank), rank * GOLDEN_ANGLE
    return np.asarray(spots[copy_of] + np.stack([away * np.cos(angle), away * np.sin(angle)], axis=1))
