"""Where an excerpt may be cut: by a person before a word, and by nobody so that something hidden comes to light.

No database, no web.
"""

import re
from collections.abc import Sequence

from msgspec import Struct

from hearback.themes.splitting import Span
from hearback.trust.personal_data import personal_data

WORD = re.compile(r"\S+")


class Part(Struct, frozen=True):
    """A word, or several that hold one piece of personal data. at: where it begins, in characters of the answer.

    said: its letters in order, each with the kind of personal data that is to be masked, or None.
    """

    at: int
    said: list[tuple[str, str | None]]


def parts(words: str, starts: int) -> list[Part]:
    """What a cut can fall between. starts: where the excerpt begins in its answer."""
    hidden = [(span.start, span.end, str(span.kind)) for span in personal_data(words)]
    begins = [
        found.start()
        for found in WORD.finditer(words)
        if not any(start < found.start() < end for start, end, _ in hidden)
    ]
    return [
        Part(starts + begin, _said(words, begin, end, hidden))
        for begin, end in zip(begins, [*begins[1:], len(words)], strict=True)
    ]


def _said(
    words: str, begin: int, end: int, hidden: list[tuple[int, int, str]]
) -> list[tuple[str, str | None]]:
    found, at = list[tuple[str, str | None]](), begin
    for start, stop, kind in hidden:
        if begin <= start < end:
            found += [(words[at:start], None), (words[start:stop], kind)]
            at = stop
    found.append((words[at:end].rstrip(), None))
    return [(text, kind) for text, kind in found if text]


def covered(words: str, spans: Sequence[Span]) -> list[Span]:
    """The spans, but for neighbours that by themselves would show what the whole answer hides: those are one."""
    kept: list[Span] = []
    hidden = _hidden(words) if len(spans) > 1 else set()
    for span in spans:
        kept.append(span)
        while len(kept) > 1 and _shows(words, kept[-1], hidden):
            kept[-2:] = [Span(kept[-2].start, kept[-1].end)]
        if len(kept) > 1 and _shows(words, kept[-2], hidden):
            kept[-2:] = [Span(kept[-2].start, kept[-1].end)]
    return kept


def _shows(words: str, span: Span, hidden: set[int]) -> bool:
    inside = {n for n in hidden if span.start <= n < span.end}
    return bool(inside) and not inside <= {n + span.start for n in _hidden(words[span.start : span.end])}


def uncovers(words: str, at: int) -> bool:
    """Whether two halves would show what the whole hides: „Mein Name ist“ tells that a name follows."""
    second = {n + at for n in _hidden(words[at:])}
    return not _hidden(words) <= _hidden(words[:at]) | second


def _hidden(words: str) -> set[int]:
    """Signs that count; a space between two masks shows nothing."""
    return {n for span in personal_data(words) for n in range(span.start, span.end) if not words[n].isspace()}
