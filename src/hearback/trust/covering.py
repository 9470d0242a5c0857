"""Covered words: bars in the place of what a person wrote, of the same length, and a sign in them of the reason.

What everybody reads is stored with its bars, so no page, file or search can forget to put them there; what was cut
from an answer keeps its place. No database, no web; linear in the text.
"""

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum

from msgspec import Struct


class Heard(StrEnum):
    """As what a member heard an answer, or a part of it. The order is kept: the bars hold its position."""

    QUESTION = "question"
    WISH = "wish"
    CRITICISM = "criticism"
    PRAISE = "praise"
    MISUNDERSTANDING = "misunderstanding"
    INSULT = "insult"
    THREAT = "threat"
    PERSONAL_DATA = "personal_data"
    SPAM = "spam"
    OFF_TOPIC = "off_topic"


class Covered(Struct, frozen=True, order=True):
    """Characters `start` to `end` of what the fan wrote."""

    start: int
    end: int
    heard: Heard


BAR = "▬"
# Every second sign of a bar is a variation selector, which nobody sees: fans write bars too, but not these.
FIRST_SIGN = 0xFE00
COVERED = re.compile(rf"(?:{BAR}?[\uFE00-\uFE09]{BAR}?)+")
SHORTEST = 2


def covered(text: str, spans: Iterable[Covered]) -> str:
    """The text with bars, as long as it was. Spans may overlap: the later one stands."""
    signs = list(text)
    for span in sorted(spans):
        sign = chr(FIRST_SIGN + list(Heard).index(span.heard))
        for at in range(span.start, span.end):
            signs[at] = sign if (at - span.start) % 2 else BAR
    return "".join(signs)


def parts(text: str) -> Iterator[tuple[str, Heard | None]]:
    """The text cut at its bars: words with None, each bar with why it is there."""
    at = 0
    for bar in COVERED.finditer(text):
        yield text[at : bar.start()], None
        sign = next(ord(one) for one in bar[0] if one != BAR)
        yield bar[0], list(Heard)[sign - FIRST_SIGN]
        at = bar.end()
    yield text[at:], None


def places_of(part: str, text: str) -> list[tuple[int, int]]:
    """Wherever these words stand in the text, whatever their letters' size; never overlapping."""
    if len(part) < SHORTEST:
        return []
    return [found.span() for found in re.finditer(re.escape(part), text, re.IGNORECASE)]
