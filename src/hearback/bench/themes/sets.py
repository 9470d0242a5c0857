"""Labelled short texts: how far groups of vectors agree with what people sorted by hand."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from hearback.bench.themes.agreement import UNSORTED, Numbers, ami, auroc, small_seen, together
from hearback.bench.themes.anchor import Anchor
from hearback.bench.themes.joining import Said, later, lost_by_joining
from hearback.themes.embedding import embed
from hearback.themes.grouping import Grouping, group, leaves
from hearback.themes.second_reading import reads_twice
from hearback.themes.trying.rows import Row
from hearback.themes.trying.theming import excerpts_of, theme

NOWHERE = "oos"  # what fits no theme

Vectors = NDArray[np.float32]


class TextSet(Struct, frozen=True):
    """truth: label of each text. pairs: which texts translate each other; empty where none do."""

    name: str
    texts: list[str]
    truth: list[str]
    languages: list[str]
    pairs: list[str]
    vectors: Vectors

    @property
    def in_scope(self) -> NDArray[np.bool_]:
        inside: NDArray[np.bool_] = np.array(self.truth) != NOWHERE
        return inside


class Scores(Struct, frozen=True):
    """Of one set; None where the set has no such texts, or the method no such thing.

    joined: AMI of texts that came later, minus that of the same texts when all are read anew. leaves: small labels
    seen at the second level.
    """

    agreement: float
    together: float | None
    language: float | None
    auroc: float | None
    lost: float | None
    joined: float | None
    leaves: float | None


def read_sets(folder: Path) -> list[TextSet]:
    """All *.jsonl in the folder whose rows have a label, by name."""
    found = []
    for file in sorted(folder.glob("*.jsonl")):
        rows = [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]
        if rows and "label" in rows[0]:
            texts = [row["text"] for row in rows]
            truth, languages = [row["label"] for row in rows], [row["lang"] for row in rows]
            pairs = [row["pair"] for row in rows if "pair" in row]
            found.append(TextSet(file.stem, texts, truth, languages, pairs, embed(texts)))
    return found


def ours(one: TextSet, *, fast: bool = False) -> Scores:
    """Groups as `themes try --whole` finds them; confidence and leaves as grouping alone has them."""
    rows = [Row(number, text) for number, text in enumerate(one.texts)]
    labels = np.array(theme(excerpts_of(rows, whole=True), whole=True, fast=fast).of, np.intp)
    whole: Grouping[str] = group(one.vectors, languages=one.languages)
    return _scores(
        one,
        labels,
        whole.confidence,
        joined=lost_by_joining(
            Said(one.texts, one.languages, one.truth, one.vectors), twice=reads_twice() and not fast
        ),
        leaves=small_seen(one.truth, leaves(one.vectors).astype(np.intp)),
    )


def anchored(one: TextSet, anchor: Anchor) -> Scores:
    """It has no second level, so its themes count as such."""
    whole = anchor.group(one.vectors)
    known, new = np.split(one.vectors, [-later(len(one.texts))])
    joined = anchor.join(new, known, anchor.group(known).labels)
    return _scores(
        one,
        whole.labels,
        whole.confidence,
        joined=_agreement_of_last(one, joined) - _agreement_of_last(one, whole.labels[-len(new) :]),
        leaves=small_seen(one.truth, whole.labels),
    )


def _agreement_of_last(one: TextSet, labels: NDArray[np.integer]) -> float:
    return ami(one.truth[-len(labels) :], labels.tolist())


def _scores(one: TextSet, labels: Numbers, confidence: Vectors, *, joined: float, leaves: float) -> Scores:
    inside, paired = one.in_scope, bool(one.pairs)
    some_outside = not inside.all()
    return Scores(
        agreement=ami(one.truth, labels.tolist()),
        together=together(one.pairs, one.languages, labels) if paired else None,
        language=ami(one.languages, labels.tolist()) if paired else None,
        auroc=auroc(inside, confidence) if some_outside else None,
        lost=float((labels[inside] == UNSORTED).mean()) if some_outside else None,
        joined=joined,
        leaves=None if np.isnan(leaves) else leaves,
    )


def pooled(sets: Sequence[TextSet], n: int, *, seed: int = 0) -> Vectors:
    """n vectors drawn from all sets, each moved a little, so that none is there twice: (n, d) unit."""
    return drawn(np.vstack([one.vectors for one in sets]), n, seed=seed)


def drawn(pool: Vectors, n: int, *, seed: int = 0) -> Vectors:
    chance = np.random.default_rng(seed)
    picked = pool[chance.choice(len(pool), n, replace=n > len(pool))]
    moved = picked + chance.normal(0, 0.25 / np.sqrt(pool.shape[1]), picked.shape)
    return np.asarray(moved / np.linalg.norm(moved, axis=1, keepdims=True), dtype=np.float32)
