"""How well two ways of sorting the same things agree."""

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln
from scipy.stats import rankdata

UNSORTED = -1
SMALL_ROWS, SMALL_SHARE = 10, 0.02  # a label is small up to this many rows, or this share of all
SEEN_FROM = 5  # rows: nobody can find a theme in fewer

Numbers = NDArray[np.intp]


def ami(one: Sequence[Hashable], other: Sequence[Hashable]) -> float:
    """Adjusted mutual information: 1 the same sorting, 0 as good as chance.

    Normalised by the mean of both entropies. Source: Vinh, Epps & Bailey, 2010.
    """
    a, b = numbered(one), numbered(other)
    table = np.zeros((int(a.max(initial=-1)) + 1, int(b.max(initial=-1)) + 1))
    np.add.at(table, (a, b), 1)
    if table.shape[0] == table.shape[1] <= 1:
        return 1.0
    rows, columns, n = table.sum(1), table.sum(0), len(a)
    held = table[table > 0]
    expected = np.outer(rows, columns)[table > 0]
    found = float((held / n * np.log(n * held / expected)).sum())
    by_chance = _by_chance(rows, columns, n)
    room = (_entropy(rows, n) + _entropy(columns, n)) / 2 - by_chance
    return (found - by_chance) / room if abs(room) > 1e-12 else 0.0


def numbered(labels: Sequence[Hashable]) -> Numbers:
    number: dict[Hashable, int] = {}
    return np.array([number.setdefault(label, len(number)) for label in labels], np.intp)


def auroc(inside: NDArray[np.bool_], confidence: NDArray[np.floating]) -> float:
    """Chance that what is inside has the higher confidence; ties are half."""
    ranks = rankdata(confidence)
    a, b = int(inside.sum()), int((~inside).sum())
    return float((ranks[inside].sum() - a * (a + 1) / 2) / (a * b))


def small_seen(truth: Sequence[str], labels: Numbers) -> float:
    """Share of small true labels that hold at least half of some theme; nan where no label is small."""
    true = np.array(truth)
    most = max(SMALL_ROWS, SMALL_SHARE * len(true))
    small = [label for label in sorted(set(truth)) if SEEN_FROM <= (true == label).sum() <= most]
    seen = [
        any(
            (true[labels == theme] == label).mean() >= 0.5
            for theme in np.unique(labels[(true == label) & (labels != UNSORTED)])
        )
        for label in small
    ]
    return float(np.mean(seen)) if seen else float("nan")


def together(pairs: Sequence[str], languages: Sequence[str], labels: Numbers) -> float:
    """Share of translation pairs, German and English, in one theme; unsorted counts as a miss."""
    of: dict[str, dict[str, int]] = {}
    for pair, language, label in zip(pairs, languages, labels.tolist(), strict=True):
        of.setdefault(pair, {})[language] = label
    both = [(one["de"], one["en"]) for one in of.values() if len(one) == 2]
    return float(np.mean([a == b != UNSORTED for a, b in both]))


def _entropy(sizes: NDArray[np.floating], n: int) -> float:
    return float(-(sizes / n * np.log(sizes / n)).sum())


def _by_chance(rows: NDArray[np.floating], columns: NDArray[np.floating], n: int) -> float:
    """Mutual information to be expected of random sortings into groups of these sizes."""
    total = 0.0
    for a, often_a in zip(*np.unique(rows, return_counts=True), strict=True):
        for b, often_b in zip(*np.unique(columns, return_counts=True), strict=True):
            common = np.arange(max(1, a + b - n), min(a, b) + 1)
            gain = common / n * np.log(n * common / (a * b))
            likely = (
                gammaln(a + 1) + gammaln(b + 1) + gammaln(n - a + 1) + gammaln(n - b + 1) - gammaln(n + 1)
            )
            likely = likely - gammaln(common + 1) - gammaln(a - common + 1) - gammaln(b - common + 1)
            likely = likely - gammaln(n - a - b + common + 1)
            total += float(often_a * often_b * (gain * np.exp(likely)).sum())
    return total
