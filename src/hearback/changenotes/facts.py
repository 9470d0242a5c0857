"""Numbers, days and names in a text, and where one text says others than another. Pure, linear in both texts."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum

from msgspec import Struct

from hearback.changenotes.numerals import numerals
from hearback.changenotes.owning import calls

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
    | (?P<day>\d{{1,2}})\.[\s\u00a0]?(?:(?P<month>{_MONTH})\b|(?P<number>\d{{1,2}})\.)(?:[\s\u00a0]?(?P<year>\d{{4}}))?
    | (?P<day_en>\d{{1,2}})(?:st|nd|rd|th)?[\s\u00a0](?P<month_en>{_MONTH})\b(?:[\s\u00a0](?P<year_en>\d{{4}}))?
    | \b(?P<month_us>{_MONTH})[\s\u00a0](?P<day_us>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?[\s\u00a0](?P<year_us>\d{{4}}))?""",
    re.IGNORECASE | re.VERBOSE,
)
WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "montag monday",
            "dienstag tuesday",
            "mittwoch wednesday",
            "donnerstag thursday",
            "freitag friday",
            "samstag sonnabend saturday",
            "sonntag sunday",
        )
    )
    for name in names.split()
}
WEEKDAY = re.compile(rf"\b(?:{'|'.join(WEEKDAYS)})\b", re.IGNORECASE)
PROMISED = re.compile(
    r"\b(?:versprechen|versprochen|verspreche|zugesagt|garantier\w+|promis\w+|guarantee\w*)\b", re.IGNORECASE
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
    own = [((day.day, day.month), day.year) for day in days] + [day for _, day in _days(note)]
    in_note: dict[tuple[int, int], set[int]] = {}
    for day, year in own:
        in_note.setdefault(day, set()).update([year] if year else [])
    weekdays = {WEEKDAYS[one.lower()] for one in WEEKDAY.findall(note)}
    weekdays |= {
        weekday for day in [*own, *(day for _, day in _days(text))] if (weekday := _weekday(*day)) is not None
    }
    promises = any(True for _ in promised)
    of_a_day = Fact.PROMISE if promises else Fact.DAY
    found = [
        Difference(of_a_day, words)
        for words, (day, year) in _days(text)
        if day not in in_note or (year and in_note[day] and year not in in_note[day])
    ]
    found += [
        Difference(of_a_day, words)
        for words in WEEKDAY.findall(text)
        if WEEKDAYS[words.lower()] not in weekdays
    ]
    if not promises and not PROMISED.search(note):
        found += [Difference(Fact.PROMISE, words) for words in PROMISED.findall(text)]
    said = {value for _, value in _numbers(note)}
    found += [Difference(Fact.NUMBER, words) for words, value in _numbers(text) if value not in said]
    found += [Difference(Fact.NAME, name) for name in names if calls(text, name) and not calls(note, name)]
    return list(dict.fromkeys(found))


def _days(text: str) -> Iterator[tuple[str, tuple[tuple[int, int], int]]]:
    """Day and month, and the year or 0, as people leave it out; each with the words that name it."""
    for match in DAY.finditer(text):
        told = match.groupdict()
        if told["iso"]:
            yield match[0], ((int(told["iso"][8:]), int(told["iso"][5:7])), int(told["iso"][:4]))
        else:
            month = told["month"] or told["month_en"] or told["month_us"]
            number = MONTHS[month.lower()] if month else int(told["number"])
            year = int(told["year"] or told["year_en"] or told["year_us"] or 0)
            yield match[0].strip(), ((int(told["day"] or told["day_en"] or told["day_us"]), number), year)


def _weekday(day: tuple[int, int], year: int) -> int | None:
    """None where the year is not told, or there is no such day."""
    try:
        return date(year, day[1], day[0]).weekday()
    except ValueError:
        return None


def _numbers(text: str) -> Iterator[tuple[str, str]]:
    """Each with its value, in figures or in words, without those that are part of a day."""
    text = DAY.sub(" ", text)
    for match in NUMBER.finditer(text):
        yield match[0], _value(match[0])
    for words, value in numerals(text):
        yield words, str(value)


def _value(number: str) -> str:
    """The same for 3.400 and 3,400, and for 1,5 and 1.5: each language writes them in its way."""
    return THOUSANDS.sub("", number).replace(",", ".")
