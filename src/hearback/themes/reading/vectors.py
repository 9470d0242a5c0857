"""One space to compare excerpts and themes in, out of one model or two.

Every language and every kind of text (excerpt, name, definition) has a mean of its own, and that mean says nothing
about the theme: it is taken away. What differs between examples of one and the same theme (tone, praise or blame,
length, dialect) says as little: the starter codebook's examples show these directions, and they are damped. Source:
within-class covariance normalisation, Hatch, Kajarekar & Stolcke, 2006.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
BLOCK = 4096  # vectors at once
FEW = 5.0  # texts whose mean is half believed
SPREADS_LESS = 0.85  # standard deviation of cosines between fan answers by both models, to that by one
DAMPED = 2.0  # ridge, in mean variances: measured .5 to 6 on fan answers, flat from 1 to 6


class Lens(Struct, frozen=True):
    """scales: one a model, so that each weighs alike. turn: (d, d), which damps what themes do not differ in.

    length: of every point. In the more directions of two models likeness spreads less; points are so much longer that
    a number means the same for one model and for two.
    """

    scales: tuple[float, ...]
    turn: Vectors

    @property
    def length(self) -> np.float32:
        return np.float32(1 if len(self.scales) == 1 else SPREADS_LESS**-0.5)

    def seen(self, vectors: Vectors) -> Vectors:
        """Joined vectors without the mean of their kind, (n, d), as points."""
        points = vectors @ self.turn
        for start in range(0, len(points), BLOCK):
            points[start : start + BLOCK] = unit(points[start : start + BLOCK]) * self.length
        return points


def unit(vectors: Vectors) -> Vectors:
    """Block by block, as `centre`: what is held beside many vectors would else be several times as large as they."""
    found = np.empty(vectors.shape, np.float32)
    for start in range(0, len(vectors), BLOCK):
        block = vectors[start : start + BLOCK]
        found[start : start + BLOCK] = block / np.maximum(np.linalg.norm(block, axis=1, keepdims=True), 1e-9)
    return found


def joined(readings: Sequence[Vectors], scales: Sequence[float]) -> Vectors:
    """Vectors (n, d1), (n, d2)… of the same texts side by side: (n, d1 + d2)."""
    found = np.empty((len(readings[0]), sum(one.shape[1] for one in readings)), np.float32)
    start = 0
    for one, scale in zip(readings, scales, strict=True):
        np.multiply(one, scale, out=found[:, start : start + one.shape[1]])
        start += one.shape[1]
    return found


def scales_of(readings: Sequence[Vectors]) -> tuple[float, ...]:
    """What makes the texts of every model lie one apart from their mean on average."""
    return tuple(float(1 / np.linalg.norm(one - one.mean(0), axis=1).mean()) for one in readings)


def means(vectors: Vectors, languages: Sequence[str], expected: Mapping[str, Vectors]) -> dict[str, Vectors]:
    """The mean of each language. A handful has no reliable mean, so what is expected counts as a few texts more."""
    spoken = np.array(languages, dtype=object)
    usual = np.mean(list(expected.values()), axis=0)
    found = dict(expected)
    for language in sorted(set(languages)):
        of = vectors[spoken == language]
        total = of.sum(0) + FEW * expected.get(language, usual)
        found[language] = np.asarray(total / (len(of) + FEW), dtype=np.float32)
    return found


def centre(vectors: Vectors, languages: Sequence[str], centres: Mapping[str, Vectors]) -> None:
    """In place: unit vectors without their language's mean; a language that has none goes by the mean of all."""
    other = np.mean(list(centres.values()), axis=0)
    for start in range(0, len(vectors), BLOCK):
        block = slice(start, start + BLOCK)
        vectors[block] = unit(
            vectors[block] - np.stack([centres.get(one, other) for one in languages[block]])
        )


def lens(readings: Sequence[Vectors], kinds: Sequence[str], classes: NDArray[np.intp]) -> Lens:
    """Learn from texts whose class is known. kinds: groups with a mean of their own (language and kind of text)."""
    scales = scales_of(readings)
    points = joined(readings, scales)
    kind = np.array(kinds, dtype=object)
    for one in sorted(set(kinds)):
        points[kind == one] -= points[kind == one].mean(0)
    points = unit(points)
    middles = np.zeros((int(classes.max()) + 1, points.shape[1]))
    np.add.at(middles, classes, points)
    middles /= np.maximum(np.bincount(classes), 1)[:, None]
    within = points - middles[classes]
    scatter = within.T @ within / len(points)
    scatter += DAMPED * np.trace(scatter) / len(scatter) * np.eye(len(scatter))
    values, directions = np.linalg.eigh(scatter)
    return Lens(scales, ((directions * values**-0.5) @ directions.T).astype(np.float32))
