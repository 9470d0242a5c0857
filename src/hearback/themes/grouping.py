"""From vectors to suggested themes: centre, nearest neighbours, Leiden, confidence, unsorted.

Everything here is deterministic. Rows are put into an order of their own (by content) first, so the caller's order
does not change who belongs together; ties between equal texts that people placed differently go by the theme's name.
Equal wordings are one voice in the graph, however often they were sent.
"""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from hashlib import blake2b
from typing import Generic, TypeVar

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from hearback.themes.communities import Labels, Vectors, communities, leaf_communities

Key = TypeVar("Key", bound=Hashable)

UNSORTED = -1
FEW = 5.0  # voices whose mean is half believed
FEWEST = 3  # excerpts in a theme that only the machine suggests
# The least sure fiftieth is better left to people, but never an excerpt that lies well inside its theme. Measured:
# a tenth parts translation pairs (.83 and .78 together instead of .95 and .83) and finds hardly more that fits nowhere.
LEFT_OUT, SURE = 0.02, 0.25
OWNED = 0.25  # share of a group that a person must have placed before the group becomes that theme
SAME_WORDING = 0.01  # vectors that agree to this grid in every dimension are the same text
BLOCK = 512  # rows of similarities held at once


class Grouping(Struct, Generic[Key], frozen=True):
    """labels: (n,) groups from 0, largest first, -1 unsorted. confidence: (n,) 0 to 1; 1 where a person placed.

    themes: group → the theme that people's placements make it; others are new.
    """

    labels: Labels
    confidence: Vectors
    themes: dict[int, Key]


def group(
    vectors: Vectors, *, fixed: Mapping[int, Key] | None = None, languages: Sequence[str] = ()
) -> Grouping[Key]:
    """Suggest groups for unit vectors (n, 512).

    fixed: row → theme that a person decided. Those rows keep it, whatever the graph says. languages: of the rows, so
    that what is said in two languages stands together.
    """
    placed = dict(fixed or {})
    with threadpool_limits(1, "blas"):  # the number of threads changes the last bits, and so the themes
        voices, voice_of = _voices(vectors, placed)
        owner = [placed.get(row) for row in voices]
        spoken = [languages[row] for row in voices] if languages else []
        points = [_centred_voices(vectors, voices)]
        del vectors  # of a million they are 2 GB, which their caller may not need any more
        found, sureness = communities(points.pop(), owner, spoken)
    labels, confidence = found[voice_of], sureness[voice_of]
    labels, themes = _owned(labels, placed)
    least = min(SURE, float(np.quantile(confidence, LEFT_OUT))) if len(labels) else SURE
    confidence[list(placed)] = 1.0
    labels = np.where(confidence < least, UNSORTED, labels).astype(np.int32)
    labels, themes = _largest_first(_without_small(labels, themes), voice_of, themes)
    return Grouping(labels, confidence, themes)


def leaves(vectors: Vectors) -> Labels:
    """The second level: many small groups (n,), largest first, -1 for what stands alone.

    What few say is seen here although it lies within a large theme. Measured on labelled texts: of the small
    labels, 99 in 100 have a leaf mostly their own, where 4 in 10 have a group.
    """
    if len(vectors) < 2:
        return np.full(len(vectors), UNSORTED, np.int32)
    with threadpool_limits(1, "blas"):
        voices, voice_of = _voices(vectors, {})
        if len(voices) < 2:
            return np.zeros(len(vectors), np.int32)
        labels = leaf_communities(_centred_voices(vectors, voices))[voice_of]
    alone = np.bincount(labels)[labels] < 2
    return _largest_first(np.where(alone, UNSORTED, labels).astype(np.int32), voice_of, {})[0]


def match_groups(
    old: Mapping[Key, AbstractSet[Hashable]], new: Mapping[int, AbstractSet[Hashable]], *, least: float = 0.3
) -> dict[int, Key]:
    """Which new group is which old theme, one to one, by the share of excerpts in common (Jaccard), best first.

    Leave out groups that Grouping.themes has decided already, and excerpts that are withdrawn. Groups without a match
    are new themes. Excerpts that no old theme knew are not counted, so a theme keeps its id when many answers come in.
    """
    theme_of = {excerpt: theme for theme, excerpts in old.items() for excerpt in excerpts}
    pairs = []
    for number, excerpts in new.items():
        shared = Counter(theme_of[e] for e in excerpts if e in theme_of)
        for theme, common in shared.items():
            union = len(old[theme]) + shared.total() - common
            pairs.append((-common / union, -common, number, str(theme), theme))
    matched: dict[int, Key] = {}
    taken: set[Key] = set()
    for likeness, _, number, _, theme in sorted(pairs, key=lambda pair: pair[:4]):
        if -likeness >= least and number not in matched and theme not in taken:
            matched[number] = theme
            taken.add(theme)
    return matched


def _voices(vectors: Vectors, placed: Mapping[int, Hashable]) -> tuple[list[int], NDArray[np.intp]]:
    """One row for each wording (and each theme a person put it in), in an order that depends on content only."""
    rows: dict[tuple[bytes, str], list[int]] = {}
    for start in range(0, len(vectors), BLOCK):
        coarse = np.rint(vectors[start : start + BLOCK] / SAME_WORDING).astype(np.int8)
        for row, wording in enumerate(coarse, start):
            theme = f"={placed[row]}" if row in placed else ""
            rows.setdefault((blake2b(wording.tobytes(), digest_size=16).digest(), theme), []).append(row)
    voices, voice_of = [], np.zeros(len(vectors), np.intp)
    for number, key in enumerate(sorted(rows)):
        same = rows[key]
        voices.append(same[0] if len(same) == 1 else min(same, key=lambda row: vectors[row].tobytes()))
        voice_of[same] = number
    return voices, voice_of


def _centred_voices(vectors: Vectors, voices: Sequence[int]) -> Vectors:
    """Unit vectors (voices, d) without what all have in common; one copy, as single floats whatever they were."""
    found = np.empty((len(voices), vectors.shape[1]), np.float32)
    for start in range(0, len(voices), BLOCK):
        found[start : start + BLOCK] = vectors[voices[start : start + BLOCK]]
    centre = _centre(found)
    for start in range(0, len(voices), BLOCK):
        moved = found[start : start + BLOCK]
        moved -= centre
        moved /= np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9)
    return found


def _centre(distinct: Vectors) -> Vectors:
    """The mean, which holds what all have in common (the question, the language).

    A handful has no reliable mean: taking it away whole would push even like ones apart.
    """
    n = len(distinct)
    mean = distinct.mean(0) if n else np.zeros(distinct.shape[1])
    return np.asarray(mean * (n / (n + FEW)), dtype=np.float32)


def _owned(labels: Labels, placed: Mapping[int, Key]) -> tuple[Labels, dict[int, Key]]:
    """Give every placed row the group of its theme, and say which groups are whose.

    A group is a theme's when people placed enough of it, and most of what they placed there belongs to that theme.
    """
    voters: dict[int, Counter[Key]] = {}
    for row, theme in placed.items():
        voters.setdefault(int(labels[row]), Counter())[theme] += 1
    sizes = np.bincount(labels) if len(labels) else np.zeros(0, int)
    group_of: dict[Key, int] = {}
    labels = labels.copy()
    for number, votes in sorted(voters.items()):
        theme, most = max(votes.items(), key=lambda vote: (vote[1], str(vote[0])))
        if most * 2 > votes.total() and most >= OWNED * sizes[number]:
            labels[labels == number] = group_of.setdefault(theme, number)
    following = int(labels.max(initial=-1)) + 1
    for theme in sorted(set(placed.values()) - set(group_of), key=str):
        group_of[theme] = following
        following += 1
    for row, theme in placed.items():
        labels[row] = group_of[theme]
    return labels, {number: theme for theme, number in group_of.items()}


def _without_small(labels: Labels, themes: Mapping[int, Key]) -> Labels:
    """A suggested group with too few excerpts is none; a theme of people is one from its first excerpt."""
    sizes = Counter(labels.tolist())
    small = [number for number, size in sizes.items() if size < FEWEST and number not in themes]
    return np.where(np.isin(labels, small), UNSORTED, labels).astype(np.int32)


def _largest_first(
    labels: Labels, voice_of: NDArray[np.intp], themes: Mapping[int, Key]
) -> tuple[Labels, dict[int, Key]]:
    """Number the groups anew: largest first, then by the first voice in the order of content."""
    first: dict[int, int] = {}
    for number, voice in zip(labels.tolist(), voice_of.tolist(), strict=True):
        first[number] = min(first.get(number, voice), voice)
    first.pop(UNSORTED, None)
    sizes = Counter(labels.tolist())
    ranked = sorted(first, key=lambda number: (-sizes[number], first[number]))
    new = {number: i for i, number in enumerate(ranked)}
    renumbered = np.array([new.get(number, UNSORTED) for number in labels.tolist()], np.int32)
    return renumbered, {new[number]: theme for number, theme in themes.items() if number in new}
