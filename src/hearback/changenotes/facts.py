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
    told = list(_days(text))
    own = [*(_Day("", day.day, day.month, day.year) for day in days), *_days(note)]
    years: dict[tuple[int, int], set[int]] = {}
    for one in own:
        years.setdefault((one.day, one.month), set()).update([one.year] if one.year else [])
    weekdays = {WEEKDAYS[words.lower()] for words in WEEKDAY.findall(note)} | {
        one.weekday for one in own + told
    }
    promises = any(True for _ in promised)
    of_a_day = Fact.PROMISE if promises else Fact.DAY
    found = [
        Difference(of_a_day, one.words)
        for one in told
        if (there := years.get((one.day, one.month))) is None
        or (one.year and there and one.year not in there)
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


class _Day(Struct, frozen=True):
    """words: that name it. year: 0 where it is left out, as people leave it out."""

    words: str
    day: int
    month: int
    year: int

    @property
    def weekday(self) -> int | None:
        """From Monday, 0. None where the year is left out, or there is no such day."""
        try:
            return date(self.year, self.month, self.day).weekday()
        except ValueError:
            return None


def _days(text: str) -> Iterator[_Day]:
    for match in DAY.finditer(text):
        told = match.groupdict()
        if told["iso"]:
            year, number, day = map(int, told["iso"].split("-"))
        else:
            month = told["month"] or told["month_en"] or told["month_us"]
            number = MONTHS[month.lower()] if month else int(told["number"])
            day = int(told["day"] or told["day_en"] or told["day_us"])
            year = int(told["year"] or told["year_en"] or told["year_us"] or 0)
        yield _Day(match[0].strip(), day, number, year)


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
