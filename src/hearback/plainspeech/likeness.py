"""What the rules do not see: how much a passage is like texts that people have labelled.

A kernel machine (regularised least squares, Rifkin et al. 2003, on every fourth text as landmarks, Williams & Seeger
2001): labelled texts speak for or against a passage, the more the nearer it lies in meaning (its words), manner
(features) and what the rules saw, and the more words it has in common with them in the same order. So the nearest
examples are the explanation. Deterministic; made by `hearback plain-speech train`.
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
from hearback.plainspeech.wording import Places, Wording, places, together

Floats: TypeAlias = NDArray[np.float32]

MODEL = "model.npz"
MADE_FROM = ("first.jsonl", "texts.jsonl", "rules.jsonl", "words.txt")
LANGUAGES = ("de", "en")
CATEGORIES = tuple(Category)
# How much each counts, and how near is near: chosen by cross-validation across domains.
MEANING_WEIGHS = 2.5
REACH = 0.1
CALM = 0.5
ORDER_COUNTS = 0.6  # of what is said about a passage, what the order of its words says; the rest is nearness
EACH = 4  # of the labelled texts: those that others are held against; all of them are learnt from
HOUSE = "house"  # the domain of what our own demo says
HOUSE_COUNTS = 2  # times a text of anybody else: it is read by everybody who tries the program
BLAS = ThreadpoolController()


class Labelled(Struct, frozen=True, kw_only=True):
    id: str
    lang: str
    domain: str
    text: str
    labels: tuple[Category, ...]


class Learnt(Struct, frozen=True):
    """landmarks: shape (n, features). weights: of each, the first for whether there is anything at all, then by
    category; so are those of the wording.

    bounds: for each language the score above which a passage is remarked on. examples: of each category the labelled
    texts, and what lies in them.
    """

    vocabulary: Vocabulary
    landmarks: Floats
    weights: Floats
    wording: Wording
    bounds: dict[str, float]
    examples: dict[Category, tuple[list[str], Floats]]


class Traits(Struct, frozen=True):
    """Of one sentence; those of several add up to their passage's. seen: by the rules, by category; places: wording."""

    manner: Manner
    total: Floats
    seen: Floats
    places: Places


def labelled() -> list[Labelled]:
    return [text for name in ("first.jsonl", "texts.jsonl") for text in data.lines_of(name, Labelled)]


def examples(bad: Sequence[Labelled], known: Floats) -> dict[Category, tuple[list[str], Floats]]:
    """bad: those that deserve a remark; known: what lies in each."""
    rows = {c: [row for row, text in enumerate(bad) if c in text.labels] for c in CATEGORIES}
    return {c: ([bad[row].text for row in found], known[found]) for c, found in rows.items()}


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
    in_all = np.array([*seen, any(seen)], np.float32)
    return Traits(manner(words), vocabulary.total(read), in_all, places(read))


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
    return np.hstack([MEANING_WEIGHS * meaning(totals), described(there, counted, parts), seen])


def nearness(one: Floats, other: Floats) -> Floats:
    """Between 0 and 1, shape (n, m)."""
    near: Floats = one @ (2 * REACH * other.T)
    near -= REACH * (one**2).sum(1)[:, None]  # in place: there are a million of them
    near -= REACH * (other**2).sum(1)[None]
    return np.exp(near, out=near)


class Judged:
    """Passages beside what was learnt. spans: the first sentence, and the one after the last."""

    def __init__(self, said: Sequence[Traits], spans: Sequence[tuple[int, int]], learnt: Learnt) -> None:
        self._passages, self._learnt = passages(said, spans), learnt
        worded = learnt.wording.scores(together([one.places for one in said], spans))
        with BLAS.limit(limits=1, user_api="blas"):  # a second thread would wait longer than it helps
            self._all = nearness(self._passages, learnt.landmarks) @ learnt.weights + worded
        # Above its language's bound a passage deserves a remark.
        self.scores: list[float] = self._all[:, 0].tolist()

    def category(self, row: int) -> Category:
        return CATEGORIES[int(np.argmax(self._all[row, 1:]))]

    def like(self, row: int, shown: int = 2) -> tuple[str, ...]:
        """The labelled texts of its category that lie nearest."""
        texts, known = self._learnt.examples[self.category(row)]
        (near,) = nearness(self._passages[row : row + 1], known)
        return tuple(texts[at] for at in np.argsort(-near, kind="stable")[:shown])


def stamp() -> str:
    """Changes with everything the model is made from."""
    made_of = blake2b(digest_size=16)
    for name in MADE_FROM:
        made_of.update(resources.files(data).joinpath(name).read_bytes())
    made_of.update(repr((MEANING_WEIGHS, REACH, CALM, ORDER_COUNTS, EACH, HOUSE_COUNTS)).encode())
    return made_of.hexdigest()


@cache
def learnt() -> Learnt:
    """With the rules at hand, too: half a second, once a process."""
    for lang in LANGUAGES:
        get_ready(lang)
    with np.load(BytesIO(resources.files(data).joinpath(MODEL).read_bytes())) as kept:
        words = kept["words"].tobytes().decode().split("\n")
        return Learnt(
            Vocabulary(words, kept["vectors"].reshape(len(words), DIRECTIONS)),
            kept["landmarks"].astype(np.float32),
            kept["weights"],
            Wording(kept["rarity"].astype(np.float32), kept["wording"].astype(np.float32)),
            dict(zip(LANGUAGES, kept["bounds"].tolist(), strict=True)),
            examples([text for text in labelled() if text.labels], kept["bad"].astype(np.float32)),
        )
