"""Say a sentence in the reader's language: by key, with numbers, days and plurals as people write them."""

import datetime as dt
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

import structlog
from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.numbers import format_decimal
from markupsafe import Markup, escape

from hearback.clock import now
from hearback.words.catalogue import load

LANGUAGES = ("de", "en")
QUOTES = set("„“”")
SINGLE = {"„{}“": str.maketrans("„“”", "‚‘’"), "“{}”": str.maketrans("„“”", "‘‘’")}
GERMAN_IN_ENGLISH = str.maketrans("„“", "‘’")  # what closes in German opens in English
log = structlog.get_logger()


class Words:
    """One reader's language, way of being addressed, and time zone. Shared and unchanging. dated: every day with its
    year."""

    def __init__(self, catalogue: str, timezone: str, *, dated: bool = False) -> None:
        self.lang = catalogue.split("_")[0]
        self._made_of = (catalogue, timezone)
        self._dated = dated
        self._translations = load(catalogue)
        self._known: dict[object, str] = self._translations._catalog  # type: ignore[attr-defined]
        self._zone = ZoneInfo(timezone)

    def say(self, key: str, **values: object) -> str:
        """The sentence for `key`.

        values: numbers and days are written as people write them; `n` chooses the plural. Where a value
        is Markup the sentence is Markup and everything else in it is escaped.
        """
        n = values.get("n")
        text = self._known.get(key)
        if text is None and isinstance(n, int):
            text = self._known.get((key, self._translations.plural(n)))  # type: ignore[attr-defined]
        if text is None:
            log.error("words.missing", key=key, lang=self.lang)
            return key
        if not values:
            return text
        shown = {name: _quoted_within(text, name, self.shown(value)) for name, value in values.items()}
        if any(isinstance(value, Markup) for value in shown.values()):
            return Markup(escape(text)).format(**shown)  # noqa: S704  (the sentence was just escaped)
        return text.format(**shown)

    def dated(self) -> "Words":
        """For what is taken along: on paper and in a file "this year" says nothing."""
        return _dated(*self._made_of)

    def has(self, key: str) -> bool:
        return key in self._known or (key, 0) in self._known

    def shown(self, value: object) -> object:
        if isinstance(value, bool | str):
            return value
        if isinstance(value, int | float):
            return self.number(value)
        if isinstance(value, dt.datetime):
            return self.moment(value)
        return self.day(value) if isinstance(value, dt.date) else value

    def date(self, day: dt.date) -> str:
        """18. Dezember 2026"""
        return _date(day, "d. MMMM y" if self.lang == "de" else "d MMMM y", self.lang)

    def day(self, day: dt.date) -> str:
        """18. Dezember; with the year where it is not this one."""
        if self._dated or day.year != self._this_year():
            return self.date(day)
        return _date(day, "d. MMMM" if self.lang == "de" else "d MMMM", self.lang)

    def month(self, day: dt.date) -> str:
        """Dezember; with the year where it is not this one."""
        return _date(
            day, "LLLL" if not self._dated and day.year == self._this_year() else "LLLL y", self.lang
        )

    def _this_year(self) -> int:
        return now().astimezone(self._zone).year

    def weekday(self, day: dt.date) -> str:
        """Sonntag, 6. Dezember"""
        return f"{_date(day, 'EEEE', self.lang)}, {self.day(day)}"

    def moment(self, at: dt.datetime) -> str:
        """20. Dezember, 10:12, in the company's time zone."""
        local = at.astimezone(self._zone)
        return f"{self.day(local.date())}, {format_time(local, 'HH:mm', locale=self.lang)}"

    def time(self, at: dt.datetime) -> str:
        return str(format_time(at.astimezone(self._zone), "HH:mm", locale=self.lang))

    def local_day(self, at: dt.datetime) -> dt.date:
        return at.astimezone(self._zone).date()

    def number(self, value: float) -> str:
        return _number(value, self.lang)

    def listed(self, items: list[str]) -> str:
        """Jule, Tarek und Henrike"""
        return str(format_list(items, locale=self.lang))

    def either(self, items: list[str]) -> str:
        """Jule, Tarek oder Henrike"""
        return str(format_list(items, style="or", locale=self.lang))


def _quoted_within(text: str, name: str, value: object) -> object:
    """Quotes of their own, in what the sentence puts into quotes, become single ones."""
    if not isinstance(value, str) or not QUOTES & set(value):
        return value
    around = next((around for around in SINGLE if around.format("{" + name + "}") in text), None)
    if around == "“{}”" and "„" in value:
        return value.translate(GERMAN_IN_ENGLISH)
    return value.translate(SINGLE[around]) if around else value


@cache
def words_for(lang: str, address: str = "du", timezone: str = "Europe/Berlin") -> Words:
    """lang: `de` or `en`; address: `du` or `sie`, which only German knows."""
    return Words("de_formal" if lang == "de" and address == "sie" else lang, timezone)


@cache
def _dated(catalogue: str, timezone: str) -> Words:
    return Words(catalogue, timezone, dated=True)


@lru_cache(maxsize=4096)
def _date(day: dt.date, pattern: str, lang: str) -> str:
    # A day of the month never stands alone at the end of a line.
    return str(format_date(day, pattern, locale=lang)).replace(" ", "\N{NO-BREAK SPACE}", 1)


@lru_cache(maxsize=4096)
def _number(value: float, lang: str) -> str:
    return str(format_decimal(value, locale=lang))
