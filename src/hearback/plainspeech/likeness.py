"""What the rules do not see: how much a passage is like texts that people have labelled.

A kernel machine (regularised least squares, Rifkin et al. 2003, on every fourth text as landmarks, Williams & Seeger
2001): labelled texts speak for or against a passage, the more the nearer it lies in meaning (its words), manner
(features) and what the rules saw. So the nearest examples are the explanation. Deterministic; made by
`hearback plain-speech train`.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from hashlib import blake2b
from importlib import resources
from io import BytesIO
from typing import TypeAlias

import numpy as np
from msgspec import Struct, structs
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from hearback.plainspeech import data
from hearback.plainspeech.features import Manner, described, manner
from hearback.plainspeech.folding import sentences
from hearback.plainspeech.meaning import DIRECTIONS, Vocabulary, meaning
from hearback.plainspeech.patterns import get_ready, matches
from hearback.plainspeech.rules import Category

Floats: TypeAlias = NDArray[np.float32]

MODEL = "model.npz"
MADE_FROM = ("first.jsonl", "texts.jsonl", "rules.jsonl", "words.txt")
LANGUAGES = ("de", "en")
CATEGORIES = tuple(Category)
# How much each counts, and how near is near: chosen by cross-validation across domains.
MEANING_WEIGHS = 2.5
LETTERS_WEIGH = 1.0
REACH = 0.1
CALM = 0.5
EACH = 4  # of the labelled texts: whose weights are learnt; all of them are learnt from
HOUSE = "house"  # the domain of what our own demo says
HOUSE_COUNTS = 4  # times a text of anybody else: it is read by everybody who tries the program
JITTER = 1e-6  # keeps landmarks that are nearly alike apart
BLAS = ThreadpoolController()


class Labelled(Struct, frozen=True, kw_only=True):
    id: str
    lang: str
    domain: str
    text: str
    labels: tuple[Category, ...]


class Learnt(Struct, frozen=True):
    """known: shape (n, features). weights: of every EACH-th of them, the first for whether there is anything at all.

    bounds: for each language the score above which a passage is remarked on. texts: the n labelled ones, in order.
    examples: of each category, the rows of those, and what lies in them.
    """

    vocabulary: Vocabulary
    known: Floats
    weights: Floats
    bounds: dict[str, float]
    texts: Sequence[Labelled]
    examples: dict[Category, tuple[list[int], Floats]]


class Traits(Struct, frozen=True):
    """Of one sentence; those of several add up to their passage's. seen: by the rules, by category."""

    manner: Manner
    total: Floats
    seen: Floats


def labelled() -> list[Labelled]:
    return [text for name in ("first.jsonl", "texts.jsonl") for text in data.lines_of(name, Labelled)]


def examples(parts: Sequence[Labelled], known: Floats) -> dict[Category, tuple[list[int], Floats]]:
    rows = {
        category: [row for row, part in enumerate(parts) if category in part.labels]
        for category in CATEGORIES
    }
    return {category: (found, known[found]) for category, found in rows.items()}


def pieces(texts: Iterable[Labelled]) -> list[Labelled]:
    """What is learnt from: each text, and each sentence of an honest one. Length is counted, not learnt."""
    found = []
    for text in texts:
        if text.labels == (Category.LONG_SENTENCE,):
            continue
        found.append(text)
        parts = sentences(text.text)
        if not text.labels and len(parts) > 1:
            found += [structs.replace(text, text=part.words) for part in parts]
    return found


def traits(words: str, read: str, lang: str, vocabulary: Vocabulary) -> Traits:
    """words, read: of a sentence."""
    categories = {rule.category for _, _, rule in matches(read, lang)}
    seen = [category in categories for category in CATEGORIES]
    return Traits(manner(words), vocabulary.total(read), np.array([*seen, any(seen)], np.float32))


def passages(sentences: Sequence[Traits], spans: Sequence[tuple[int, int]]) -> Floats:
    """Shape (spans, features): meaning, manner, what the rules saw. spans: the first, and the one after the last."""

    def of_each(adding: np.ufunc, rows: list[Floats]) -> Floats:
        ended = np.array(
            [*rows, np.zeros_like(rows[0])]
        )  # no span may begin after the last row, nor end there
        found: Floats = adding.reduceat(ended, np.array(spans).ravel(), axis=0)[::2]
        return found

    totals = of_each(np.add, [one.total for one in sentences])
    there = of_each(np.maximum, [one.manner.there for one in sentences])
    counted = of_each(np.add, [one.manner.counted for one in sentences])
    seen = of_each(np.maximum, [one.seen for one in sentences])
    parts = np.array([after - first for first, after in spans], np.float32)
    return np.hstack([meaning(totals, MEANING_WEIGHS, LETTERS_WEIGH), described(there, counted, parts), seen])


def nearness(one: Floats, other: Floats) -> Floats:
    """Between 0 and 1, shape (n, m)."""
    near: Floats = one @ (2 * REACH * other.T)
    near -= REACH * (one**2).sum(1)[:, None]  # in place: there are a million of them
    near -= REACH * (other**2).sum(1)[None]
    return np.exp(near, out=near)


def learn(known: Floats, texts: Sequence[Labelled]) -> Floats:
    """The weights. Rare labels weigh as much as their absence."""
    bad = np.array([bool(text.labels) for text in texts])
    weight = np.where(bad, 1 / bad.mean(), 1 / (1 - bad.mean()))[:, None] / 2
    weight[[text.domain == HOUSE for text in texts]] *= HOUSE_COUNTS
    wanted = np.array(
        [
            [1.0 if text.labels else -1.0, *(1.0 if c in text.labels else -1.0 for c in CATEGORIES)]
            for text in texts
        ]
    )
    near = nearness(known, known[::EACH]).astype(np.float64)
    among = near[::EACH]
    calm = CALM * among + JITTER * np.eye(len(among))
    return np.linalg.solve(near.T @ (weight * near) + calm, near.T @ (weight * wanted)).astype(np.float32)


class Judged:
    """Passages, shape (n, features), beside what was learnt."""

    def __init__(self, passages: Floats, learnt: Learnt) -> None:
        self._passages, self._learnt = passages, learnt
        with BLAS.limit(limits=1, user_api="blas"):  # a second thread would wait longer than it helps
            self._all = nearness(passages, learnt.known[::EACH]) @ learnt.weights
        self.scores: list[float] = self._all[
            :, 0
        ].tolist()  # above its language's bound one deserves a remark

    def category(self, row: int) -> Category:
        return CATEGORIES[int(np.argmax(self._all[row, 1:]))]

    def like(self, row: int, shown: int = 2) -> tuple[str, ...]:
        """The labelled texts of its category that lie nearest."""
        rows, known = self._learnt.examples[self.category(row)]
        (near,) = nearness(self._passages[row : row + 1], known)
        return tuple(self._learnt.texts[rows[at]].text for at in np.argsort(-near, kind="stable")[:shown])


def stamp() -> str:
    """Changes with everything the model is made from."""
    made_of = blake2b(digest_size=16)
    for name in MADE_FROM:
        made_of.update(resources.files(data).joinpath(name).read_bytes())
    made_of.update(repr((MEANING_WEIGHS, LETTERS_WEIGH, REACH, CALM, EACH, HOUSE_COUNTS)).encode())
    return made_of.hexdigest()


@cache
def learnt() -> Learnt:
    """With the rules at hand, too: half a second, once a process."""
    for lang in LANGUAGES:
        get_ready(lang)
    with np.load(BytesIO(resources.files(data).joinpath(MODEL).read_bytes())) as kept:
        words = kept["words"].tobytes().decode().split("\n")
        parts, known = pieces(labelled()), kept["known"].astype(np.float32)
        return Learnt(
            Vocabulary(words, kept["vectors"].reshape(len(words), DIRECTIONS)),
            known,
            kept["weights"],
            dict(zip(LANGUAGES, kept["bounds"].tolist(), strict=True)),
            parts,
            examples(parts, known),
        )
