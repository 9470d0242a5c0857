"""A text as the rules read it: folded letters, masked quotations, sentences; offsets lead back to what was typed.

Linear in the text's length.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from msgspec import Struct

FOLDED = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "’": "'", "‘": "'", "\u00a0": " ", "\u202f": " "}
SPELT = str.maketrans(FOLDED)
# Who quotes a phrase may do so to criticise it. 200: an unclosed mark must not hide all that follows. In Markdown
# a line that begins with > is a quotation.
QUOTATION = re.compile(
    r"(?m:^[ \t]*>[^\n]*)|„[^“”\"\n]{1,200}[“”\"]|“[^”\n]{1,200}”|\"[^\"\n]{1,200}\"|»[^«\n]{1,200}«|«[^»\n]{1,200}»"
)
END = re.compile(r"[.!?…]+(?=[\s)“”\"»«]|$)|\n+")
# Without their dot; no sentence ends after one of these.
ABBREVIATIONS = frozenset(
    "z b d h u a s o ca nr dr prof mr mrs ms st bzw evtl ggf usw etc vgl tel str e.g i.e vs no inkl max min".split()  # noqa: SIM905
)
LAST_WORD = re.compile(r"[\w.]{1,20}$")
SHORT_NUMBER = re.compile(r"\d{1,2}$")  # „am 3. Mai“


class Sentence(Struct, frozen=True):
    """start, end: where it stands in the text as it was typed. words: as typed; read: folded, quotations masked.

    at: for each sign of `read` where its letter stands in the text.
    """

    start: int
    end: int
    words: str
    read: str
    at: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """From places in `read` to places in the text."""
        return self.at[start], self.at[max(start, end - 1)] + 1


def sentences(text: str) -> list[Sentence]:
    """Those that hold a letter or a digit, in order."""
    masked = QUOTATION.sub(lambda found: " " * len(found[0]), text)
    return [_sentence(text, masked, start, end) for start, end in _bounds(masked)]


def sentence_around(text: str, start: int, end: int) -> str:
    """The sentence in which these signs stand, or all of them from the first to the last."""
    found = [one for one in sentences(text) if one.start < end and start < one.end]
    return text[found[0].start : found[-1].end]


def _sentence(text: str, masked: str, start: int, end: int) -> Sentence:
    read: list[str] = []
    at: list[int] = []
    for place in range(start, end):
        for letter in _folded(masked[place]):
            read.append(letter)
            at.append(place)
    return Sentence(start, end, text[start:end], "".join(read), tuple(at))


@cache
def _folded(letter: str) -> str:
    """One letter or several; a space for what has no letter of its own, so that offsets stay."""
    small = letter.lower()
    if small in FOLDED:
        return FOLDED[small]
    return "".join(c for c in unicodedata.normalize("NFKD", small) if not unicodedata.combining(c)) or " "


def folded(words: str) -> str:
    quick = words.lower().translate(SPELT)
    return quick if quick.isascii() else "".join(map(_folded, words))


def _bounds(masked: str) -> Iterator[tuple[int, int]]:
    start = 0
    for found in END.finditer(masked):
        if found[0] == "." and _goes_on(masked, start, found.start(), found.end()):
            continue
        yield from _trimmed(masked, start, found.end())
        start = found.end()
    yield from _trimmed(masked, start, len(masked))


def _trimmed(masked: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = masked[start:end]
    begin = start + len(piece) - len(piece.lstrip())
    stop = start + len(piece.rstrip())
    if any(letter.isalnum() for letter in piece):
        yield begin, stop


def _goes_on(masked: str, start: int, dot: int, after: int) -> bool:
    last = LAST_WORD.search(masked[max(start, dot - 20) : dot])
    word = last[0].lower() if last else ""
    if SHORT_NUMBER.fullmatch(word):
        following = masked[after : after + 3].lstrip()
        return bool(following) and (following[0].islower() or _month_follows(masked, after))
    if word in ABBREVIATIONS:
        return True
    if len(word) != 1 or not word.isalpha():
        return False
    # An initial goes on; „spelt with one t.“ ends.
    return masked[dot - 1].isupper() or GOES_ON.match(masked, after) is not None


GOES_ON = re.compile(r"\s*(?:[^\W\d_]\.|[a-zäöüß\d])")
MONTH = re.compile(r"\s*(?:jan|feb|mär|maer|apr|mai|jun|jul|aug|sep|okt|nov|dez)", re.IGNORECASE)


def _month_follows(masked: str, after: int) -> bool:
    return MONTH.match(masked, after) is not None
