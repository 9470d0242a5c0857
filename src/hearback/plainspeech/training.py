"""How the labelled texts become the model, and how good it is on texts that it has not seen.

Cross-validation goes across domains: what is learnt from festivals, shops and councils is tried on banks. The bounds
are the scores above which, in it, no more than MAY_DISTURB of the honest texts lay.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from hearback.plainspeech import data
from hearback.plainspeech.checking import ALONE_NEEDS, Reader
from hearback.plainspeech.likeness import (
    LANGUAGES,
    MODEL,
    Embed,
    Labelled,
    Learnt,
    Vectors,
    described,
    labelled,
    learn,
    nearness,
    pieces,
    stamp,
)

ASIDE = frozenset(
    {"rail", "museum", "food", "bank"}
)  # four of twelve domains, fixed before anything was tuned
GIVEN = "given"
MAY_DISTURB = 0.04
Bools = NDArray[np.bool_]


class Figure(Struct, frozen=True):
    """recall: of the texts that deserve a remark. alone: of the honest ones that got none."""

    lang: str
    bad: int
    recall: float
    honest: int
    alone: float


def train(embed: Embed) -> Path:
    """Write the model beside the data it is made from."""
    made = taught(labelled(), embed)
    file = Path(str(data.__path__[0])) / MODEL
    bounds = np.array([made.bounds[lang] for lang in LANGUAGES])
    with file.open("wb") as out:
        np.savez_compressed(
            out,
            known=made.known.astype(np.float16),
            weights=made.weights,
            bounds=bounds,
            stamp=np.array(stamp()),
        )
    return file


def taught(texts: Sequence[Labelled], embed: Embed) -> Learnt:
    parts = pieces(texts)
    known = _described(parts, embed)
    near = nearness(known, known)
    domains = np.array([part.domain for part in parts])
    scores = np.empty(len(parts))
    for domain in sorted(set(domains)):
        out = domains == domain
        scores[out] = near[np.ix_(out, ~out)] @ _learnt(near, parts, ~out)[:, 0]
    bounds = {lang: _bound(scores, parts, lang) for lang in LANGUAGES}
    return Learnt(known, learn(near, parts), bounds, parts)


def _bound(scores: NDArray[np.float64], parts: Sequence[Labelled], lang: str) -> float:
    """What MAY_DISTURB of the honest texts lie above, each as high as it or one of its sentences lies."""
    highest: dict[str, float] = {}
    for part, score in zip(parts, scores, strict=True):
        if part.lang == lang and not part.labels:
            least = (
                score if part.id not in highest else score - ALONE_NEEDS
            )  # the text comes before its sentences
            highest[part.id] = max(highest.get(part.id, least), least)
    return float(np.quantile(list(highest.values()), 1 - MAY_DISTURB, method="higher"))


def _learnt(near: Vectors, texts: Sequence[Labelled], which: Bools) -> Vectors:
    return learn(near[np.ix_(which, which)], [text for text, used in zip(texts, which, strict=True) if used])


def _described(texts: Sequence[Labelled], embed: Embed) -> Vectors:
    # As it is stored, so that what is measured is what is shipped.
    found = described([text.text for text in texts], [text.lang for text in texts], embed)
    return found.astype(np.float16).astype(np.float32)


def figures(embed: Embed, used: Callable[[Labelled], bool], tried: Sequence[Labelled]) -> list[Figure]:
    """Learn from the texts that are used, bounds included, and try others through the same door as everybody."""
    reader = Reader(embed, taught([text for text in labelled() if used(text)], embed))
    return [_figure(reader, lang, [text for text in tried if text.lang == lang]) for lang in LANGUAGES]


def _figure(reader: Reader, lang: str, tried: Sequence[Labelled]) -> Figure:
    warned = [bool(reader.remarks(text.text, lang)) for text in tried]
    bad = [warn for warn, text in zip(warned, tried, strict=True) if text.labels]
    honest = [warn for warn, text in zip(warned, tried, strict=True) if not text.labels]
    return Figure(lang, len(bad), float(np.mean(bad)), len(honest), 1 - float(np.mean(honest)))


def aside_figures(embed: Embed) -> list[Figure]:
    """The domains kept aside, by a model that knows neither them nor the texts that were given."""
    tried = [text for text in labelled() if text.domain in ASIDE]
    return figures(embed, lambda text: text.domain not in ASIDE and text.domain != GIVEN, tried)


def given_figures(embed: Embed) -> list[Figure]:
    """The texts that were given, by a model that knows only our own."""
    tried = [text for text in labelled() if text.domain == GIVEN]
    return figures(embed, lambda text: text.domain != GIVEN, tried)
