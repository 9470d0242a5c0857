"""How a passage is written, whatever it is about: who speaks, whether a day or a number stands in it, how heavy it is.

Word classes and forms, not topics, so that what is learnt from festivals holds for banks. Sources: Pennebaker's
function words; agency and concreteness (Fausey & Boroditsky 2010; Packard & Berger 2021); nominal style as plain
language guides count it (DIN 8581-1). All values lie between about 0 and 2.
"""

import re
from math import log

import numpy as np
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
EXPRESSIONS = {name: re.compile(pattern) for name, pattern in PRESENT.items()}
WORD = re.compile(r"[a-z']+|\d+")
SENTENCE_END = re.compile(r"[.!?]+(?:\s|$)")
HEAVY = re.compile(r"(?:ung|ungen|keit|keiten|heit|ion|ionen|ment|ness|ity|ance|ence|ierung)$")
HEAVY_FROM, LONG_FROM, SHORT_BELOW = 7, 12, 6  # letters, letters, words
NAME = re.compile(
    r"[a-zäöüß,.] [A-ZÄÖÜ][a-zäöüß]{1,30} [A-ZÄÖÜ][a-zäöüß]"
    r"|[.!?] [A-ZÄÖÜ][a-zäöüß]{1,30}$|\b(?:Herr|Frau|Mr|Ms|Mrs) [A-ZÄÖÜ]"
)
NAMES = (*PRESENT, "name", "words", "letters", "long", "short", "heavy", "sentences", "words a sentence")
Features = NDArray[np.float32]


def features(passage: str) -> Features:
    """Shape (len(NAMES),)."""
    read = folded(passage)
    words = WORD.findall(read) or [""]
    many, parts = len(words), max(1, len(SENTENCE_END.findall(passage)))
    there = [float(expression.search(read) is not None) for expression in EXPRESSIONS.values()]
    counted = [
        float(NAME.search(passage) is not None),
        log(many + 1) / 3,
        sum(map(len, words)) / many / 6,
        3 * sum(len(word) >= LONG_FROM for word in words) / many,
        float(many < SHORT_BELOW),
        4 * sum(len(word) >= HEAVY_FROM and HEAVY.search(word) is not None for word in words) / many,
        min(parts, 4) / 3,
        log(many / parts + 1) / 3,
    ]
    return np.array(there + counted, np.float32)
