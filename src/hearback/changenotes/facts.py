"""Numbers, days and names in a text, and where one text says others than another. Pure, linear in both texts."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum

from msgspec import Struct

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januar january jan jänner",
            "februar february feb",
            "märz march mar mrz",
            "april apr",
            "mai may",
            "juni june jun",
            "juli july jul",
            "august aug",
            "september sep sept",
            "oktober october okt oct",
            "november nov",
            "dezember december dez dec",
        ),
        1,
    )
    for name in names.split()
}
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
DAY = re.compile(
    rf"""(?P<iso>\d{{4}}-\d\d-\d\d)
    | (?P<day>\d{{1,2}})\.[\s\u00a0]?(?:(?P<month>{_MONTH})\b|(?P<number>\d{{1,2}})\.)(?:[\s\u00a0]?\d{{4}})?
    | (?P<day_en>\d{{1,2}})(?:st|nd|rd|th)?[\s\u00a0](?P<month_en>{_MONTH})\b(?:[\s\u00a0]\d{{4}})?
    | \b(?P<month_us>{_MONTH})[\s\u00a0](?P<day_us>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?[\s\u00a0]\d{{4}})?""",
    re.IGNORECASE | re.VERBOSE,
)
ADDRESS = re.compile(r"https?://\S+")
THOUSANDS = re.compile(r"[.,](?=\d{3}(?!\d))")
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


class Fact(StrEnum):
    NUMBER = "number"
    DAY = "day"
    NAME = "name"
    PROMISE = "promise"


class Difference(Struct, frozen=True):
    """What a text says and the note does not."""

    fact: Fact
    words: str


def differences(
    note: str, days: Iterable[date], text: str, *, names: Iterable[str], promised: Iterable[date]
) -> list[Difference]:
    """What `text` says otherwise than the note; what it leaves out is its own business.

    days: all that the note names in fields of their own; promised: those of them that it promises something for.
    names: of everybody who works here. A day that is none of the note's is a promise where the note promises one.
    """
    note, text = ADDRESS.sub(" ", note), ADDRESS.sub(" ", text)
    in_note = {(day.day, day.month) for day in days} | {day for _, day in _days(note)}
    promises = any(True for _ in promised)
    found = [
        Difference(Fact.PROMISE if promises else Fact.DAY, words)
        for words, day in _days(text)
        if day not in in_note
    ]
    said = {_value(words) for words in _numbers(note)}
    found += [Difference(Fact.NUMBER, words) for words in _numbers(text) if _value(words) not in said]
    found += [Difference(Fact.NAME, name) for name in names if name in text and name not in note]
    return list(dict.fromkeys(found))


def _days(text: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """Each with the words that name it; the year is left out, as people leave it out."""
    for match in DAY.finditer(text):
        told = match.groupdict()
        if told["iso"]:
            yield match[0], (int(told["iso"][8:]), int(told["iso"][5:7]))
        else:
            month = told["month"] or told["month_en"] or told["month_us"]
            number = MONTHS[month.lower()] if month else int(told["number"])
            yield match[0].strip(), (int(told["day"] or told["day_en"] or told["day_us"]), number)


def _numbers(text: str) -> Iterator[str]:
    """Without those that are part of a day."""
    for match in NUMBER.finditer(DAY.sub(" ", text)):
        yield match[0]


def _value(number: str) -> str:
    """The same for 3.400 and 3,400, and for 1,5 and 1.5: each language writes them in its way."""
    return THOUSANDS.sub("", number).replace(",", ".")
