"""Words that name what weighs: „Rollstuhl“, „gehörlos“, „groped“. One voice is enough, and a rare word says it best.

A person mostly says once what they live with, and then what follows from it; the vectors of those other excerpts know
nothing of it, so a word speaks for the answer around it too (discovery). Measured on the codebook's own examples: two
in five of the entries that have words hold one, and 95 in 100 that hold one belong to the entry.
"""

import re
from functools import cache

from hearback.themes.lists import phrases

WORD = re.compile(r"\w+")
KEY = 3  # first letters by which a word finds the terms that may begin there
ANYWHERE = ""  # key of terms that may begin within a word

Terms = dict[str, list[tuple[re.Pattern[str], str]]]


def named(text: str) -> frozenset[str]:
    """Slugs of the codebook's entries of weight that a word of this text names."""
    terms = _terms()
    words = WORD.findall(text.lower())
    flat = " ".join(words)
    keys = {word[:KEY] for word in words} | {ANYWHERE}
    return frozenset(slug for key in keys for term, slug in terms.get(key, ()) if term.search(flat))


@cache
def have_words() -> frozenset[str]:
    """Slugs of the entries that words name: mostly what people live with. The others are about things."""
    return frozenset(slug for terms in _terms().values() for _, slug in terms)


@cache
def _terms() -> Terms:
    found: Terms = {}
    for line in phrases("weighty"):
        slug, _, listed = line.partition(": ")
        for term in listed.split(", "):
            key = ANYWHERE if term.startswith("*") else WORD.findall(term)[0][:KEY]
            found.setdefault(key, []).append((_pattern(term), slug))
    return found


def _pattern(term: str) -> re.Pattern[str]:
    parts = [" ".join(WORD.findall(part)) for part in term.split("*")]
    return re.compile(r"\b" + r"\w*".join(parts) + r"\b")
