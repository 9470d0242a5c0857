"""What the rules do not see: how much a passage is like texts that people have labelled.

A kernel machine (regularised least squares, Rifkin et al. 2003): each labelled text speaks for or against a passage,
the more the nearer it lies in meaning (sentence embedding), manner (features) and what the rules saw. So the nearest
examples are the explanation. Deterministic; made by `hearback plain-speech train`.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from hashlib import blake2b
from importlib import resources
from io import BytesIO
from itertools import islice
from typing import TypeAlias

import numpy as np
from msgspec import Struct, structs
from numpy.typing import NDArray

from hearback.plainspeech import data
from hearback.plainspeech.features import features
from hearback.plainspeech.folding import sentences
from hearback.plainspeech.patterns import hits
from hearback.plainspeech.rules import Category

Embed: TypeAlias = Callable[[Sequence[str]], NDArray[np.float32]]
Vectors: TypeAlias = NDArray[np.float32]

MODEL = "model.npz"
LANGUAGES = ("de", "en")
CATEGORIES = tuple(Category)
MEANING_WEIGHS = (
    3.0  # against the manner's two dozen features; chosen by cross-validation across domains, as are the two
)
REACH = 0.1
CALM = 0.5


class Labelled(Struct, frozen=True, kw_only=True):
    id: str
    lang: str
    domain: str
    text: str
    labels: tuple[Category, ...]


class Learnt(Struct, frozen=True):
    """known: shape (n, features). weights: (n, 1 + categories), the first for whether there is anything at all.

    bounds: for each language the score above which a passage is remarked on. texts: the n labelled ones, in order.
    """

    known: Vectors
    weights: Vectors
    bounds: dict[str, float]
    texts: Sequence[Labelled]


class Judgement(Struct, frozen=True):
    """score: above the language's bound it deserves a remark. like: the labelled texts that spoke most for it."""

    score: float
    category: Category
    like: tuple[str, ...]


def labelled() -> list[Labelled]:
    return [text for name in ("first.jsonl", "texts.jsonl") for text in data.lines_of(name, Labelled)]


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


def described(passages: Sequence[str], langs: Sequence[str], embed: Embed) -> Vectors:
    """Shape (n, features): meaning, manner, and what the rules saw."""
    if not passages:
        return np.empty((0, 0), np.float32)
    manner = [
        np.concatenate([features(words), _seen(words, lang)])
        for words, lang in zip(passages, langs, strict=True)
    ]
    return np.hstack([MEANING_WEIGHS * embed(passages), np.array(manner)]).astype(np.float32)


def _seen(words: str, lang: str) -> Vectors:
    seen = {hit.rule.category for sentence in sentences(words) for hit in hits(sentence, lang)}
    return np.array([category in seen for category in CATEGORIES] + [bool(seen)], np.float32)


def nearness(one: Vectors, other: Vectors) -> Vectors:
    """Between 0 and 1, shape (n, m)."""
    apart = (one**2).sum(1)[:, None] + (other**2).sum(1)[None] - 2 * one @ other.T
    near: Vectors = np.exp(-REACH * np.maximum(apart, 0))
    return near


def learn(near: Vectors, texts: Sequence[Labelled]) -> Vectors:
    """The weights. near: of the texts among each other. Rare labels weigh as much as their absence."""
    bad = np.array([bool(text.labels) for text in texts])
    weight = np.where(bad, 1 / bad.mean(), 1 / (1 - bad.mean())) / 2
    wanted = np.array(
        [
            [1.0 if text.labels else -1.0, *(1.0 if c in text.labels else -1.0 for c in CATEGORIES)]
            for text in texts
        ]
    )
    solved: Vectors = np.linalg.solve(near.astype(np.float64) + CALM * np.diag(1 / weight), wanted).astype(
        np.float32
    )
    return solved


def judged(passages: Vectors, learnt: Learnt, shown: int = 2) -> list[Judgement]:
    """passages: as described()."""
    if not len(passages):
        return []
    near = nearness(passages, learnt.known)
    scores = near @ learnt.weights
    result = []
    for row, score in enumerate(scores):
        category = CATEGORIES[int(np.argmax(score[1:]))]
        nearest = (learnt.texts[i] for i in np.argsort(-near[row], kind="stable"))
        like = tuple(text.text for text in islice((t for t in nearest if category in t.labels), shown))
        result.append(Judgement(float(score[0]), category, like))
    return result


def stamp() -> str:
    """Changes with everything the model is made from."""
    made_of = blake2b(digest_size=16)
    for name in ("first.jsonl", "texts.jsonl", "rules.jsonl"):
        made_of.update(resources.files(data).joinpath(name).read_bytes())
    made_of.update(repr((MEANING_WEIGHS, REACH, CALM)).encode())
    return made_of.hexdigest()


@cache
def learnt() -> Learnt:
    with np.load(BytesIO(resources.files(data).joinpath(MODEL).read_bytes())) as kept:
        texts = pieces(labelled())
        return Learnt(
            kept["known"].astype(np.float32),
            kept["weights"],
            dict(zip(LANGUAGES, kept["bounds"].tolist(), strict=True)),
            texts,
        )
