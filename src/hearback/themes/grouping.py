"""From vectors to suggested themes: centre, nearest neighbours, Leiden, confidence, unsorted.

Everything here is deterministic. Rows are put into an order of their own (by content) first, so the caller's order
does not change who belongs together; ties between equal texts that people placed differently go by the theme's name.
Equal wordings are one voice in the graph, however often they were sent.
"""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from hashlib import blake2b
from itertools import combinations
from math import log
from typing import Generic, TypeVar

import graspologic_native
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from scipy.sparse import coo_matrix, csr_matrix
from threadpoolctl import threadpool_limits

from hearback.themes.reading.pool import WHOLE, nearest

Key = TypeVar("Key", bound=Hashable)
Vectors = NDArray[np.float32]
Labels = NDArray[np.int32]

UNSORTED = -1
FEW = 5.0  # voices whose mean is half believed
FEWEST = 3  # excerpts in a theme that only the machine suggests
RESOLUTION = 2.0
LEAF_RESOLUTION = 16.0  # measured: 10 leaves small labels unseen, 25 tears large ones apart
SEED = 1
# The least sure fiftieth is better left to people, but never an excerpt that lies well inside its theme. Measured:
# a tenth parts translation pairs (.83 and .78 together instead of .95 and .83) and finds hardly more that fits nowhere.
LEFT_OUT, SURE = 0.02, 0.25
OWNED = 0.25  # share of a group that a person must have placed before the group becomes that theme
ALIKE = 0.9  # likeness between two groups, relative to that within them, from which they are one
APART = -1.0  # likeness of what is not to become one
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
        distinct = _rows(vectors, voices)
        del vectors  # of a million they are 2 GB, which their caller may not need any more
        _centre_here(distinct, _centre(distinct))
        communities, sureness = _communities(
            distinct, owner, [languages[row] for row in voices] if languages else []
        )
    labels, confidence = communities[voice_of], sureness[voice_of]
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
        distinct = _rows(vectors, voices)
        if len(distinct) < 2:
            return np.zeros(len(vectors), np.int32)
        _centre_here(distinct, _centre(distinct))
        near, likeness = nearest(distinct, _neighbours_wanted(len(distinct)))
        nobody: list[Hashable] = [None] * len(distinct)
        graph = _graph(near, likeness, _links_of_people(distinct, nobody), nobody)
        labels = _leiden(graph, LEAF_RESOLUTION)[voice_of]
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
    for row, vector in enumerate(vectors):
        coarse = np.rint(vector / SAME_WORDING).astype(np.int8).tobytes()
        theme = f"={placed[row]}" if row in placed else ""
        rows.setdefault((blake2b(coarse, digest_size=16).digest(), theme), []).append(row)
    voices, voice_of = [], np.zeros(len(vectors), np.intp)
    for number, key in enumerate(sorted(rows)):
        voices.append(min(rows[key], key=lambda row: vectors[row].tobytes()))
        voice_of[rows[key]] = number
    return voices, voice_of


def _centre(distinct: Vectors) -> Vectors:
    """The mean, which holds what all have in common (the question, the language).

    A handful has no reliable mean: taking it away whole would push even like ones apart.
    """
    n = len(distinct)
    mean = distinct.mean(0) if n else np.zeros(distinct.shape[1])
    return np.asarray(mean * (n / (n + FEW)), dtype=np.float32)


def _centred(vectors: Vectors, centre: Vectors) -> Vectors:
    moved = vectors - centre
    return np.asarray(
        moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9), dtype=np.float32
    )


def _rows(vectors: Vectors, rows: Sequence[int]) -> Vectors:
    """A copy, as single floats whatever they were."""
    found = np.empty((len(rows), vectors.shape[1]), np.float32)
    for start in range(0, len(rows), BLOCK):
        found[start : start + BLOCK] = vectors[rows[start : start + BLOCK]]
    return found


def _centre_here(vectors: Vectors, centre: Vectors) -> None:
    """The same without another copy of them, which of a million would be 2 GB."""
    for start in range(0, len(vectors), BLOCK):
        block = slice(start, start + BLOCK)
        vectors[block] = _centred(vectors[block], centre)


def _neighbours_wanted(n: int) -> int:
    """Grows with the logarithm, as a graph of n nodes needs to stay connected: 5 of 30, 8 of 250, 14 of 10,000."""
    return max(2, min(n - 1, round(1.5 * log(max(n, 2)))))


def _communities(
    points: Vectors, owner: Sequence[Hashable], languages: Sequence[str]
) -> tuple[Labels, Vectors]:
    """Leiden communities of the neighbour graph and how sure each point is of its own."""
    n = len(points)
    if n < 2:
        return np.zeros(n, np.int32), np.ones(n, np.float32)
    near, likeness = nearest(points, _neighbours_wanted(n), languages)
    graph = _graph(near, likeness, _links_of_people(points, owner), owner)
    found = _leiden(graph, RESOLUTION)
    labels = _merged(found, points, owner)
    return labels, _sureness(near, likeness, labels)


def _sureness(near: NDArray[np.intp], likeness: Vectors, labels: Labels) -> Vectors:
    """How near the neighbours of one's own group lie, near ones counting far more.

    And each counts as far as it is sure itself: what lies at the rim is near to others at the rim. Measured on texts
    that belong to no theme: AUROC .944 by the mean of likeness, .950 by that of its square, .954 with this.
    """
    squares = (np.clip(likeness, 0, 1) * (labels[near] == labels[:, None])) ** 2
    room = np.minimum(near.shape[1], np.maximum(np.bincount(labels)[labels] - 1, 1))
    own = np.sqrt(squares.sum(1) / room)
    return np.asarray(np.cbrt((squares * own[near]).sum(1) / room), dtype=np.float32)


def _leiden(graph: csr_matrix, resolution: float) -> Labels:
    n = graph.shape[0]
    _, found = graspologic_native.leiden_csr(
        graph.indptr.astype(np.int64),
        graph.indices.astype(np.int32),
        graph.data,
        n,
        resolution=resolution,
        seed=SEED,
        iterations=3,
        trials=3 if n <= WHOLE else 1,  # a large graph hardly differs from one trial to the next
    )
    return np.fromiter((found[i] for i in range(n)), np.int32, n)


def _merged(labels: Labels, points: Vectors, owner: Sequence[Hashable]) -> Labels:
    """Put together communities that lie no further from each other than each from itself.

    Leiden cuts even one dense cloud (a campaign and its variants) at a high resolution. Measured: nothing changes on
    labelled feedback, and clouds that were in eight pieces are whole. What people parted is never put together.
    """
    n = len(labels)
    belongs = csr_matrix((np.ones(n, np.float32), (labels, np.arange(n))), shape=(int(labels.max()) + 1, n))
    sums = (belongs @ points).astype(np.float64)
    sizes = np.bincount(labels).astype(np.float64)
    people: list[set[Hashable]] = [set() for _ in sizes]
    for theme, label in zip(owner, labels.tolist(), strict=True):
        if theme is not None:
            people[label].add(theme)
    likeness = _likeness(sums, sizes)
    for a, b in combinations([i for i, themes in enumerate(people) if themes], 2):
        if people[a] != people[b]:
            likeness[a, b] = likeness[b, a] = APART
    stands = np.arange(len(sums))  # community → the one that it has become part of
    while len(sums) > 1:
        a, b = sorted(int(i) for i in np.unravel_index(likeness.argmax(), likeness.shape))
        if likeness[a, b] < ALIKE:
            break
        sums[a] += sums[b]
        sizes[a] += sizes[b]
        people[a] |= people[b]
        stands[stands == b] = a
        likeness[b, :] = likeness[:, b] = APART
        others = np.unique(stands)
        likeness[a, others] = likeness[others, a] = _likeness_of(a, others, sums, sizes, people)
    return np.unique(stands[labels], return_inverse=True)[1].astype(np.int32)


def _likeness(sums: NDArray[np.float64], sizes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean cosine between two groups, relative to that within the looser of them; APART on the diagonal."""
    within = _within(sums, sizes)
    looser = np.minimum.outer(within, within)
    between = (sums @ sums.T) / np.outer(sizes, sizes)
    relative = np.where(looser > 0, between / np.maximum(looser, 1e-6), 0.0)
    np.fill_diagonal(relative, APART)
    return relative


def _likeness_of(
    one: int,
    others: NDArray[np.intp],
    sums: NDArray[np.float64],
    sizes: NDArray[np.float64],
    people: Sequence[AbstractSet[Hashable]],
) -> NDArray[np.float64]:
    """One row of _likeness, of a group that has just grown; a merge changes no other."""
    within = _within(sums[others], sizes[others])
    looser = np.minimum(within, within[others == one])
    between = (sums[others] @ sums[one]) / (sizes[others] * sizes[one])
    relative = np.where(looser > 0, between / np.maximum(looser, 1e-6), 0.0)
    parted = [bool(people[one]) and bool(people[i]) and people[i] != people[one] for i in others.tolist()]
    return np.where((others == one) | parted, APART, relative)


def _within(sums: NDArray[np.float64], sizes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean cosine between two points of a group; 1 for a single one."""
    pairs = np.maximum(sizes * (sizes - 1), 1)
    return np.where(sizes > 1, (np.einsum("ij,ij->i", sums, sums) - sizes) / pairs, 1.0)


Edges = tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]


def _links_of_people(points: Vectors, owner: Sequence[Hashable]) -> Edges:
    """Each placed point beside its nearest of the same theme, as strong as an equal text."""
    ends: list[tuple[int, int]] = []
    for theme in sorted({o for o in owner if o is not None}, key=str):
        members = np.array([i for i, o in enumerate(owner) if o == theme], np.intp)
        if len(members) > 1:
            near, _ = nearest(points[members], min(3, len(members) - 1))
            ends += [(int(members[a]), int(members[b])) for a, row in enumerate(near) for b in row]
    a, b = np.array(ends, np.intp).reshape(-1, 2).T
    return a, b, np.ones(len(ends))


def _graph(near: NDArray[np.intp], likeness: Vectors, links: Edges, owner: Sequence[Hashable]) -> csr_matrix:
    """Symmetric neighbour graph; no edge joins what people put into different themes."""
    n, k = near.shape
    if not len(links[0]) and all(one is None for one in owner):
        # Nothing that is there twice and nothing to part: a quarter of the memory.
        weight = likeness.clip(1e-3, None).ravel().astype(np.float64)
        return _both_ways(
            csr_matrix((weight, near.ravel().astype(np.int32), np.arange(0, n * k + 1, k)), (n, n))
        )
    a = np.concatenate([np.repeat(np.arange(n), k), links[0]])
    b = np.concatenate([near.ravel(), links[1]])
    weight = np.concatenate([np.clip(likeness, 1e-3, None).ravel().astype(np.float64), links[2]])
    numbers = {theme: i for i, theme in enumerate(sorted({o for o in owner if o is not None}, key=str))}
    theme = np.array([UNSORTED if o is None else numbers[o] for o in owner])
    apart = (theme[a] >= 0) & (theme[b] >= 0) & (theme[a] != theme[b])
    a, b, weight = a[~apart], b[~apart], weight[~apart]
    keep = np.lexsort(
        (-weight, b, a)
    )  # an edge and a person's link between the same two: the stronger counts once
    a, b, weight = a[keep], b[keep], weight[keep]
    first = np.r_[True, (a[1:] != a[:-1]) | (b[1:] != b[:-1])] if len(a) else np.zeros(0, bool)
    return _both_ways(coo_matrix((weight[first], (a[first], b[first])), shape=(n, n)).tocsr())


def _both_ways(graph: csr_matrix) -> csr_matrix:
    graph.sort_indices()
    graph = graph.maximum(graph.T.tocsr())
    graph.sort_indices()
    return graph


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
