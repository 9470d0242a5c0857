"""The words that set a group of excerpts apart from the others, and its most central excerpts."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from math import log

import numpy as np
from numpy.typing import NDArray

from .lists import words

MOST_TERMS = 4
FEWEST_EXCERPTS = 2  # a word that only one excerpt says describes that excerpt, not the group
WORD = re.compile(r"[^\W\d_]+(?:['’\-‐‑][^\W\d_]+)*")
FOLDED = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss", "’": "'"})
ENDINGS = ("ern", "en", "er", "em", "es", "e", "n", "s")
LEAST_STEM = 3
UNSURE_CAPITAL = 0.4  # weight of a form whose capital says nothing: first word, or all in capitals
STOP_WORDS = (
    words("stop_words") | words("finite_verbs") | words("subordinators") | words("openers") | words("turns")
)


def key_terms(groups: Sequence[Sequence[str]]) -> list[list[str]]:
    """Up to four terms a group, the most telling first, as people write them; groups are lists of excerpts.

    Class-based TF-IDF over word stems: the share of the group's excerpts that say the word, against how often it is
    said anywhere. Every inflection counts for its stem, and the form written most often is shown.
    """
    said = [Counter(stem for text in texts for stem in _stems(text)) for texts in groups]
    everywhere = sum(said, Counter[str]())
    average = sum(everywhere.values()) / max(len(groups), 1)
    terms = []
    for texts, counts in zip(groups, said, strict=True):
        shared = {stem: n for stem, n in counts.items() if n >= FEWEST_EXCERPTS} or counts
        weight = {stem: n / len(texts) * log(1 + average / everywhere[stem]) for stem, n in shared.items()}
        best = sorted(weight, key=lambda stem: (-weight[stem], stem))[:MOST_TERMS]
        shown = _shown(texts, best)
        terms.append([shown[stem] for stem in best])
    return terms


def central(vectors: NDArray[np.float32]) -> list[int]:
    """Rows of unit vectors (n, d), nearest to their common direction first; equals keep their order."""
    if not len(vectors):
        return []
    return [int(row) for row in np.argsort(-(vectors @ vectors.mean(0)), kind="stable")]


def _stems(text: str) -> set[str]:
    """A word counts once an excerpt, so that one excited voice does not name the theme."""
    return {_stem(word) for word, _ in _content_words(text)}


def _content_words(text: str) -> Iterator[tuple[str, bool]]:
    """Words that name something, each with whether its capital is to be trusted."""
    first = True
    for word in (word for part in text.split() if not _is_address(part) for word in WORD.findall(part)):
        lower = word.lower().replace("’", "'")
        if lower not in STOP_WORDS and (len(word) > 2 or (len(word) == 2 and word.isupper())):
            yield word, not first and not (word.isupper() and len(word) > LEAST_STEM)
        first = False


def _is_address(part: str) -> bool:
    return "@" in part or "://" in part or part.startswith("www.")


def _stem(word: str) -> str:
    """A light stem for German and English: Karte and Karten, Zug and Zügen, toilet and toilets fall together."""
    stem = re.sub(r"(.)\1", r"\1", word.lower().translate(FOLDED)).removesuffix("'s")
    while True:
        ending = next((e for e in ENDINGS if stem.endswith(e) and len(stem) - len(e) >= LEAST_STEM), None)
        if ending is None:
            return stem
        stem = stem.removesuffix(ending)


def _shown(texts: Sequence[str], stems: Sequence[str]) -> dict[str, str]:
    """How a stem is written most often; a German noun keeps its capital, a sentence's first word proves none."""
    forms: dict[str, dict[str, float]] = {stem: defaultdict(float) for stem in stems}
    for text in texts:
        for word, trusted in _content_words(text):
            stem = _stem(word)
            if stem in forms:
                written = word if trusted or len(word) <= LEAST_STEM else word.capitalize()
                forms[stem][written] += 1.0 if trusted else UNSURE_CAPITAL
    return {stem: max(sorted(written), key=written.__getitem__) for stem, written in forms.items()}
