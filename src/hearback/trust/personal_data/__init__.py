"""Personal data in what people write: found by form, not understood. No database, no web; linear in the text.

Better one mask too many than a telephone number on a wall: whoever may, can open a single answer.
"""

import re
from collections.abc import Callable, Iterator
from enum import StrEnum

from msgspec import Struct

from hearback.trust.personal_data import names, numbers, places, web


class Kind(StrEnum):
    MAIL = "mail"
    PHONE = "phone"
    IBAN = "iban"
    CARD = "card"
    PLATE = "plate"
    NUMBER = "number"
    BIRTH = "birth"
    HANDLE = "handle"
    LINK = "link"
    ADDRESS = "address"
    NAME = "name"


class Span(Struct, frozen=True, order=True):
    """Characters `start` to `end` of the text."""

    start: int
    end: int
    kind: Kind


DIGIT = re.compile(r"\d")
# Most texts hold neither sign, and need not be looked through any further.
FINDERS: list[tuple[Kind, Callable[[str], Iterator[tuple[int, int]]], re.Pattern[str]]] = [
    (Kind.MAIL, web.mails, re.compile(r"@|\bat\b|\bät\b|\(a\)", re.IGNORECASE)),
    (Kind.LINK, web.links, re.compile("/")),
    (Kind.IBAN, numbers.ibans, DIGIT),
    (Kind.CARD, numbers.cards, DIGIT),
    (Kind.NUMBER, numbers.of_a_customer, DIGIT),
    (Kind.BIRTH, numbers.births, DIGIT),
    (Kind.PHONE, numbers.phones, DIGIT),
    (Kind.PLATE, numbers.plates, DIGIT),
    (Kind.HANDLE, web.handles, re.compile("[@:]")),
    (Kind.ADDRESS, places.addresses, DIGIT),
]


def personal_data(text: str) -> list[Span]:
    """In the order of the text, never overlapping. Names come last: one beside a telephone number is a name."""
    found: list[Span] = []
    for kind, finder, needs in FINDERS:
        if needs.search(text):
            found = sorted([*found, *_free(found, kind, finder(text))])
    contacts = [(span.start, span.end) for span in found]
    return sorted([*found, *_free(found, Kind.NAME, names.names(text, contacts))])


def _free(taken: list[Span], kind: Kind, found: Iterator[tuple[int, int]]) -> Iterator[Span]:
    """Those that overlap nothing that is taken already; both in the order of the text."""
    at, last = 0, 0
    for start, end in found:
        while at < len(taken) and taken[at].end <= start:
            at += 1
        if start >= last and (at == len(taken) or taken[at].start >= end):
            yield Span(start, end, kind)
            last = end
