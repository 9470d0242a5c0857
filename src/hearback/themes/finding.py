"""What somebody types to find answers, and what is marked in those that were found. No database."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from uuid import UUID

from markupsafe import Markup, escape
from msgspec import Struct

from hearback.themes.splitting import BARE_JOINERS

MOST_WORDS = 12
LONGEST_WORD = 60
WORD = re.compile(r"[^\W_]+")
# Thai to Khmer, and what Chinese and Japanese write with: a sentence has no spaces, so it is one word to an index.
UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u9fff\uf900-\ufaff]"
)
PHRASE = re.compile(r'["„“”«»]([^"„“”«»]*)["„“”«»]')
FOLDED = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "s"})
NOT_WORDS = re.compile(r'(<span class="masked">.*?</span>|<[^>]*>|&\w+;|&#\w+;)')


class Sought(Struct, frozen=True):
    """words: in small letters, each once. phrases: words that must follow each other. unspaced: words of scripts
    without spaces, which may stand anywhere in a sentence."""

    words: list[str]
    phrases: list[str]
    unspaced: list[str]

    @property
    def indexed(self) -> bool:
        return bool(self.words or self.phrases)


class Span(Struct, frozen=True):
    """An excerpt in its answer, in characters; None where the answer has none."""

    excerpt: UUID | None
    starts: int
    ends: int


def sought(typed: str) -> Sought:
    """Every sign that is no letter or digit only parts words; quotes hold words together."""
    phrases = [" ".join(_words(phrase)) for phrase in PHRASE.findall(typed)]
    loose = _words(PHRASE.sub(" ", typed)) + [phrase for phrase in phrases if " " not in phrase and phrase]
    words = list(dict.fromkeys(loose))[:MOST_WORDS]
    return Sought(
        [word for word in words if not UNSPACED.search(word)],
        list(dict.fromkeys(phrase for phrase in phrases if " " in phrase))[:MOST_WORDS],
        [word for word in words if UNSPACED.search(word)],
    )


def pieces(words: str, spans: Sequence[Span]) -> Iterator[Span]:
    """All of an answer in its order: its excerpts, and what stands between them where that says more than "and"."""
    at = 0
    for span in spans:
        if span.excerpt is None:
            continue
        yield from _between(words, at, span.starts)
        yield span
        at = max(at, span.ends)
    yield from _between(words, at, len(words))


def worth_comparing(texts: Iterable[str], of: Sought) -> list[str]:
    """Words of the texts that may be hits: a slip never changes the first letter."""
    firsts = {_first(word) for phrase in (*of.words, *of.phrases) for word in phrase.split()}
    found = {word for text in texts for word in _words(text) if _first(word) in firsts}
    return sorted(found)


def holding(texts: Iterable[str], parts: Sequence[str]) -> set[str]:
    """What of the texts stands between two signs and holds one of the parts, to be marked as a whole."""
    return {word for text in texts for word in _words(text) if any(part in word for part in parts)}


def marked(text: str, hits: set[str]) -> Markup:
    """For what is shown, after `masked`: each hit stands out; a mask is never looked into."""
    if not hits:
        return escape(text)
    parts = NOT_WORDS.split(str(escape(text)))
    return Markup("").join(
        _mark(part, hits) if at % 2 == 0 else Markup(part)  # noqa: S704  (a tag or entity of what was escaped)
        for at, part in enumerate(parts)
    )


def _mark(part: str, hits: set[str]) -> Markup:
    """part: escaped already, without tags and entities."""
    found = [
        (hit, "".join(of))
        for hit, of in groupby(re.split(f"({WORD.pattern})", part), lambda w: w.lower() in hits)
    ]
    return Markup("").join(Markup("<mark>{}</mark>").format(words) if hit else words for hit, words in found)


def _between(words: str, start: int, end: int) -> Iterator[Span]:
    part = words[start:end]
    if any(word not in BARE_JOINERS for word in _words(part)):
        yield Span(None, start + len(part) - len(part.lstrip()), start + len(part.rstrip()))


def _words(text: str) -> list[str]:
    return [word[:LONGEST_WORD].lower() for word in WORD.findall(text)]


def _first(word: str) -> str:
    return word[:1].translate(FOLDED)
