"""How the labelled texts become the model, and how good it is on texts that it has not seen.

Cross-validation goes across domains: what is learnt from festivals, shops and councils is tried on banks. The bounds
are the scores above which, in it, no more than MAY_DISTURB of the honest texts lay.
"""

import re
from collections.abc import Callable, Sequence
from importlib import resources
from pathlib import Path
from typing import TypeAlias

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from hearback.plainspeech import data
from hearback.plainspeech.checking import ALONE_NEEDS, Reader
from hearback.plainspeech.folding import folded, sentences
from hearback.plainspeech.likeness import (
    EACH,
    HOUSE,
    LANGUAGES,
    MODEL,
    Floats,
    Labelled,
    Learnt,
    Traits,
    examples,
    labelled,
    learn,
    nearness,
    passages,
    pieces,
    stamp,
    traits,
)
from hearback.plainspeech.meaning import DIRECTIONS, Bytes, Vocabulary
from hearback.plainspeech.rules import Category

ASIDE = frozenset(
    {"rail", "museum", "food", "bank"}
)  # four of twelve domains, fixed before anything was tuned
GIVEN = "given"
MAY_DISTURB = 0.03
FOLDS = 6
WORD = re.compile(r"[^\W\d_]+(?:'[a-z]+)?")
Bools = NDArray[np.bool_]
Embed: TypeAlias = Callable[[Sequence[str]], NDArray[np.float32]]


class Figure(Struct, frozen=True):
    """recall: of the texts that deserve a remark. alone: of the honest ones that got none. of: recall by category."""

    lang: str
    bad: int
    recall: float
    honest: int
    alone: float
    of: dict[Category, float]


def train(embed: Embed) -> Path:
    """Write the model beside the data it is made from."""
    made, words, vectors = _taught(labelled(), embed)
    file = Path(str(data.__path__[0])) / MODEL
    with file.open("wb") as out:
        np.savez_compressed(
            out,
            words=np.frombuffer("\n".join(words).encode(), np.uint8),
            vectors=vectors,
            known=made.known.astype(np.float16),
            weights=made.weights,
            bounds=np.array([made.bounds[lang] for lang in LANGUAGES]),
            stamp=np.array(stamp()),
        )
    return file


def _taught(texts: Sequence[Labelled], embed: Embed) -> tuple[Learnt, list[str], Bytes]:
    parts = pieces(texts)
    words, vectors = _vectors(parts, embed)
    vocabulary = Vocabulary(words, vectors)
    known = _described(parts, vocabulary)
    number = {domain: at for at, domain in enumerate(sorted({part.domain for part in parts}))}
    folds = np.array([number[part.domain] % FOLDS for part in parts])
    scores = np.empty(len(parts))
    for fold in set(folds):
        out = folds == fold
        scores[out] = _tried(known, parts, out)
    bounds = {lang: _bound(scores, parts, lang) for lang in LANGUAGES}
    made = Learnt(vocabulary, known, learn(known, parts), bounds, parts, examples(parts, known))
    return made, words, vectors


def _tried(known: Floats, parts: Sequence[Labelled], out: Bools) -> Floats:
    """The scores of those that are out, learnt from the others."""
    weights = learn(known[~out], [part for part, left in zip(parts, out, strict=True) if not left])
    scores: Floats = (nearness(known[out], known[~out][::EACH]) @ weights)[:, 0]
    return scores


def _vectors(parts: Sequence[Labelled], embed: Embed) -> tuple[list[str], Bytes]:
    """The listed words and those of the texts, folded and in order; their vectors by their main directions."""
    listed = resources.files(data).joinpath("words.txt").read_text("utf-8").split()
    used = (word for part in parts for word in WORD.findall(part.text.lower().replace("’", "'")))
    spelt = {folded(word): word for word in sorted({*listed, *used})}
    words = sorted(spelt)
    found = embed([spelt[word] for word in words]).astype(np.float64)
    found -= found.mean(axis=0)
    _, directions = np.linalg.eigh(found.T @ found)
    turned = found @ directions[:, : -DIRECTIONS - 1 : -1]
    vectors: Bytes = np.round(turned / np.abs(turned).max() * 127).astype(np.int8)
    return words, vectors


def _bound(scores: NDArray[np.float64], parts: Sequence[Labelled], lang: str) -> float:
    """What MAY_DISTURB of the honest texts lie above, each as high as it or one of its sentences lies.

    Without those of our own house: the model knows each of them, and a test sees that it leaves them alone.
    """
    highest: dict[str, float] = {}
    for part, score in zip(parts, scores, strict=True):
        if part.lang == lang and not part.labels and part.domain != HOUSE:
            least = (
                score if part.id not in highest else score - ALONE_NEEDS
            )  # the text comes before its sentences
            highest[part.id] = max(highest.get(part.id, least), least)
    return float(np.quantile(list(highest.values()), 1 - MAY_DISTURB, method="higher"))


def _described(texts: Sequence[Labelled], vocabulary: Vocabulary) -> Floats:
    found: list[Traits] = []
    spans = []
    for text in texts:
        parts = [traits(one.words, one.read, text.lang, vocabulary) for one in sentences(text.text)]
        spans.append((len(found), len(found) + len(parts)))
        found += parts
    # As it is stored, so that what is measured is what is shipped.
    return passages(found, spans).astype(np.float16).astype(np.float32)


def figures(embed: Embed, used: Callable[[Labelled], bool], tried: Sequence[Labelled]) -> list[Figure]:
    """Learn from the texts that are used, bounds included, and try others through the same door as everybody."""
    reader = Reader(_taught([text for text in labelled() if used(text)], embed)[0])
    return [_figure(reader, lang, [text for text in tried if text.lang == lang]) for lang in LANGUAGES]


def _figure(reader: Reader, lang: str, tried: Sequence[Labelled]) -> Figure:
    warned = [bool(reader.remarks(text.text, lang)) for text in tried]
    bad = [warn for warn, text in zip(warned, tried, strict=True) if text.labels]
    honest = [warn for warn, text in zip(warned, tried, strict=True) if not text.labels]
    of = {
        category: float(np.mean(found))
        for category in Category
        if (found := [warn for warn, text in zip(warned, tried, strict=True) if category in text.labels])
    }
    return Figure(lang, len(bad), float(np.mean(bad)), len(honest), 1 - float(np.mean(honest)), of)


def aside_figures(embed: Embed) -> list[Figure]:
    """The domains kept aside, by a model that knows neither them nor the texts that were given."""
    tried = [text for text in labelled() if text.domain in ASIDE]
    return figures(embed, lambda text: text.domain not in ASIDE and text.domain != GIVEN, tried)


def given_figures(embed: Embed) -> list[Figure]:
    """The texts that were given, by a model that knows only our own."""
    tried = [text for text in labelled() if text.domain == GIVEN]
    return figures(embed, lambda text: text.domain != GIVEN, tried)
