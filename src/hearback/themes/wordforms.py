"""Words as people write them, and what of them is the same: inflections, and the parts of German compounds.

No dictionary: a compound is taken apart where both parts are words of the same texts or of the starter codebook.
Source: Koehn & Knight, Empirical Methods for Compound Splitting, 2003.
"""

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from math import sqrt

from msgspec import Struct

from .lists import words
from .reading.codebook import starter_entries

WORD = re.compile(r"[^\W\d_]+(?:['’\-‐‑][^\W\d_]+)*")
ADDRESS = re.compile(r"\S*(?:@|://)\S*|\bwww\.\S+")
HYPHEN = re.compile(r"[\-‐‑]")
BETWEEN = re.compile(r"\s+")
FOLDED = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss", "’": "'"})
ENDINGS = ("ern", "en", "er", "em", "es", "e", "n", "s")
LEAST_STEM = 3
LEAST_HEAD, LEAST_TAIL = 3, 4  # letters of a compound's parts: „Zug-ausfall“, „Ticket-preis“
LINKS = ("", "s", "n", "en", "es", "e", "er")  # Wartung-s-arbeit, Toilette-n-papier
LONGEST_COMPOUND = 40
STOP_WORDS = (
    words("stop_words") | words("finite_verbs") | words("subordinators") | words("openers") | words("turns")
)
QUALIFIERS = words("qualifiers")
NO_NAMES = STOP_WORDS | words("no_names") | QUALIFIERS


class Word(Struct, frozen=True):
    """A word that names something. sure: its capital, or want of one, is no accident of the sentence's first word.

    near: the word before it in the same phrase, as it is written; empty where there is none.
    """

    written: str
    stem: str
    sure: bool
    near: str = ""

    @property
    def is_noun(self) -> bool:
        """A German noun in the middle of a sentence, or a name."""
        return self.sure and self.written[:1].isupper()


def named(text: str) -> list[Word]:
    """The words of a text that name something, in order; addresses and stop words are left out."""
    text = ADDRESS.sub(" . ", text)
    found: list[Word] = []
    before, end = "", 0
    for number, match in enumerate(WORD.finditer(text)):
        written = match[0]
        touches = bool(before) and BETWEEN.fullmatch(text, end, match.start()) is not None
        lower = written.lower().replace("’", "'")
        names = lower not in NO_NAMES and (len(written) > 2 or (len(written) == 2 and written.isupper()))
        if names:
            sure = number > 0 and not (written.isupper() and len(written) > LEAST_STEM)
            found.append(Word(written, stem(written), sure, before if touches else ""))
        before = written if names or lower in QUALIFIERS else ""
        end = match.end()
    return found


@lru_cache(200_000)
def stem(word: str) -> str:
    """A light stem for German and English: Karte and Karten, Zug and Zügen, toilet and toilets fall together."""
    left = re.sub(r"(.)\1", r"\1", _folded(word)).removesuffix("'s")
    while True:
        ending = next((e for e in ENDINGS if left.endswith(e) and len(left) - len(e) >= _left_of(e)), None)
        if ending is None:
            return left
        left = left.removesuffix(ending)


def _left_of(ending: str) -> int:
    """How many letters must stay: „Laterne“ is no inflection of „Lat“."""
    return LEAST_STEM if len(ending) == 1 else LEAST_STEM + 1


def _is_participle(written: str) -> bool:
    """„gelassen“ is nothing that a „Gel“ and a „Lasse“ make together."""
    return written.startswith("ge")


@lru_cache(200_000)
def _folded(word: str) -> str:
    return word.lower().translate(FOLDED)


@lru_cache(200_000)
def _root(letters: str) -> str:
    """A folded word without its ending; takes away less than a stem, so that few letters are no word by chance."""
    return next(
        (
            letters.removesuffix(e)
            for e in ENDINGS
            if letters.endswith(e) and len(letters) - len(e) >= LEAST_TAIL
        ),
        letters,
    )


class Vocabulary:
    """Which words compounds are made of, learnt from texts: the last part must be a noun."""

    def __init__(self, texts: Iterable[Iterable[Word]]) -> None:
        nouns, others = _codebook_words()
        self._nouns, self._others = dict(nouns), dict(others)
        for text in texts:
            for word in text:
                if not HYPHEN.search(word.written):
                    of = self._nouns if word.is_noun else self._others
                    root = _root(_folded(word.written))
                    of[root] = of.get(root, 0) + 1
        self._parts: dict[str, tuple[str, ...]] = {}

    def parts(self, word: Word) -> tuple[str, ...]:
        """Stems of what the word is made of; the last one says what it is. Empty for a simple word."""
        if word.written not in self._parts:
            self._parts[word.written] = self._taken_apart(word.written)
        return self._parts[word.written]

    def _taken_apart(self, written: str) -> tuple[str, ...]:
        if HYPHEN.search(written):
            pieces = [p for p in HYPHEN.split(written) if len(p) > 1 and p.lower() not in STOP_WORDS]
            return tuple(dict.fromkeys(stem(piece) for piece in pieces))
        letters = _folded(written)
        if not LEAST_HEAD + LEAST_TAIL <= len(letters) <= LONGEST_COMPOUND or _is_participle(written):
            return ()
        best: tuple[str, ...] = ()
        most = 0.0
        for at in range(LEAST_HEAD, len(letters) - LEAST_TAIL + 1):
            tail = _root(letters[at:])
            often = self._nouns.get(tail, 0) if len(tail) >= LEAST_TAIL else 0
            head, how_often = self._head(letters[:at]) if often else ("", 0)
            worth = sqrt(often * how_often) * min(len(tail), len(head))
            if worth > most:
                most, best = worth, (head, letters[at:])
        within = (one for part in best for one in (stem(part), *self._taken_apart(part)))
        return tuple(dict.fromkeys(within))

    def _head(self, letters: str) -> tuple[str, int]:
        """A known word that a compound's first part is, with or without a link, and how often it is said."""
        for link in LINKS:
            if letters.endswith(link):
                head = letters.removesuffix(link)
                root = _root(head)
                often = self._nouns.get(root, 0)
                often += self._others.get(root, 0) if len(root) >= LEAST_TAIL else 0
                if len(head) >= LEAST_HEAD and often and head not in STOP_WORDS:
                    return head, often
        return "", 0


@cache
def _codebook_words() -> tuple[dict[str, int], dict[str, int]]:
    """Roots of German nouns and of other words → how often the starter codebook says them: what feedback is about."""
    nouns: dict[str, int] = {}
    others: dict[str, int] = {}
    for entry in starter_entries():
        for word in named(f": {entry.de}. {entry.definition_de}"):
            if len(word.written) >= LEAST_HEAD and not word.written.isupper():
                of = nouns if word.is_noun else others
                root = _root(_folded(word.written))
                of[root] = of.get(root, 0) + 1
    return nouns, others
