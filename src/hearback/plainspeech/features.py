"""How a sentence is written, whatever it is about: who speaks, whether a day or a number stands in it, how heavy it is.

Word classes and forms, not topics, so that what is learnt from festivals holds for banks. Sources: Pennebaker's
function words; agency and concreteness (Fausey & Boroditsky 2010; Packard & Berger 2021); nominal style as plain
language guides count it (DIN 8581-1). All values lie between about 0 and 2.

What is counted adds up: a passage is described by the sums of its sentences, and none is read twice.
"""

import re

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from hearback.plainspeech.folding import folded

MONTHS = (
    "(?:januar|februar|maerz|april|mai|juni|juli|august|september|oktober|november|dezember"
    "|january|february|march|may|june|july|october|december)"
)
DAYS = (
    "(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|heute|morgen|gestern"
    "|monday|tuesday|wednesday|thursday|friday|saturday|sunday|today|tomorrow|yesterday|tonight)"
)
# Is it there or not?
PRESENT = {
    "digit": r"\d",
    "number": r"\b\d{2,}\b",
    "money": r"€|\beuros?\b|£|\$|\bprozent\b|\bper cent\b|%",
    "date": rf"\b\d{{1,2}}(?:\.|st|nd|rd|th)? ?{MONTHS}|{MONTHS} \d|\b\d{{1,2}} ?(?:uhr|am|pm)\b",
    "day": rf"\b{DAYS}s?(?:abend|morgen|nachmittag|mittag)?s?\b",
    "month": rf"\b{MONTHS}\b",
    "I": r"\b(?:ich|mir|mich|mein\w*|i|me|my|myself)\b",
    "we": r"\b(?:wir|uns|unser\w*|we|us|our)\b",
    "you": r"\b(?:ihr|euch|euer|eure\w*|du|dir|dich|dein\w*|you|your|yours)\b",
    "they": r"\b(?:sie|ihnen|ihre\w*)\b",
    "we did": r"\b(?:wir|ich) (?:haben|habe|hatten|hatte|sind|bin|waren|war)\b"
    r"|\b(?:haben|habe|hatten|hatte) (?:wir|ich)\b"
    r"|\b(?:we|i)(?:'ve| have| had| did| made| didn't)?\b \w+(?:ed|t|ew|de)\b",
    "passive": r"\b(?:wird|wurde|wurden|werden|worden)\b"
    r"|\b(?:was|were|been|be|being|is|are) (?:\w+ )?\w+(?:ed|en|t)\b",
    "not": r"\b(?:nicht|kein\w*|nie|nein|not|no|never)\b|n't\b",
    "because": r"\b(?:weil|denn|deshalb|grund|because|why|warum|reason|so)\b",
    "if": r"\b(?:wenn|falls|sollte\w*|if|should)\b",
    "maybe": r"\b(?:moeglicherweise|eventuell|vielleicht|koennte\w*|may|might|could|perhaps)\b",
    "calling": r"!",
    "asking": r"\?",
    "colon": r":",
    "quoting": r"[\"„“]",
}
EXPRESSIONS = tuple(re.compile(pattern) for pattern in PRESENT.values())
WORD = re.compile(r"[a-z']+|\d+")
HEAVY = re.compile(r"(?:ung|ungen|keit|keiten|heit|ion|ionen|ment|ness|ity|ance|ence|ierung)$")
HEAVY_FROM, LONG_FROM, SHORT_BELOW = 7, 12, 6  # letters, letters, words
NAME = re.compile(
    r"[a-zäöüß,.] [A-ZÄÖÜ][a-zäöüß]{1,30} [A-ZÄÖÜ][a-zäöüß]"
    r"|^[A-ZÄÖÜ][a-zäöüß]{1,30}(?: [A-ZÄÖÜ][a-zäöüß]{1,30})?$|\b(?:Herr|Frau|Mr|Ms|Mrs) [A-ZÄÖÜ]"
)
Floats = NDArray[np.float32]


class Manner(Struct, frozen=True):
    """there: what is there or not, at last a name. counted: words, their letters, long ones, heavy ones."""

    there: Floats
    counted: Floats


def manner(sentence: str) -> Manner:
    read = folded(sentence)
    words = WORD.findall(read)
    there = [expression.search(read) is not None for expression in EXPRESSIONS]
    there.append(NAME.search(sentence) is not None)
    counted = (
        len(words),
        sum(map(len, words)),
        sum(len(word) >= LONG_FROM for word in words),
        sum(len(word) >= HEAVY_FROM and HEAVY.search(word) is not None for word in words),
    )
    return Manner(np.array(there, np.float32), np.array(counted, np.float32))


def described(there: Floats, counted: Floats, parts: Floats) -> Floats:
    """Passages: what their sentences have, what was counted in them together, and of how many sentences each is."""
    many, letters, long, heavy = counted.T
    words = np.maximum(1, many)
    measures = (
        np.log(words + 1) / 3,
        letters / words / 6,
        3 * long / words,
        words < SHORT_BELOW,
        4 * heavy / words,
        np.minimum(parts, 4) / 3,
        np.log(words / parts + 1) / 3,
    )
    return np.hstack([there, np.stack(measures, axis=1).astype(np.float32)])
