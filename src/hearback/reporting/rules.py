"""What the listening report tells, and what it does not: how well we listened, never how much we were liked.

No database, no web.
"""

import re
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

READ_WITHIN_DAYS = 7
REPLIED_WITHIN_DAYS = 30
MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")
MOST_MONTHS = 24


class Reached(Struct, frozen=True):
    """What happened to answers in the month. n: of how many people; within: of how many as soon as we want to;
    median: days it took, None where it was for too few; waiting: whose answers still waited when the month was over;
    too_long: of how many of these for longer than we want to, None where a month was counted before we told that."""

    n: int = 0
    within: int = 0
    median: float | None = None
    waiting: int = 0
    too_long: int | None = None

    @property
    def percent(self) -> int | None:
        """Of those whom it happened to, and those who have waited for it too long. Never rounded up: a hundred means
        everybody."""
        due = self.n + (self.waiting if self.too_long is None else self.too_long)
        return 100 * self.within // due if due else None


class Kept(Struct, frozen=True):
    """Promises kept, kept late and broken in the month; overdue and running when it was over."""

    kept: int = 0
    late: int = 0
    broken: int = 0
    overdue: int = 0
    running: int = 0


class Three(Struct, frozen=True):
    """So many said yes, partly, no. hidden: fewer than the public may count; then all are 0."""

    yes: int = 0
    partly: int = 0
    no: int = 0
    hidden: bool = False

    @property
    def n(self) -> int:
        return self.yes + self.partly + self.no


class Figures(Struct, frozen=True):
    """asked: questions that opened in the month; received: answers, of which `counted` count; decided: themes that a
    public note spoke to. held: what we said of repairs; better: what the people behind our mistakes said weeks later
    (better, same, worse or not their point). understood: right, not quite, wrong. heard: whether people felt heard.
    """

    asked: int
    received: int
    counted: int
    read: Reached
    replied: Reached
    decided: int
    promises: Kept
    mistakes: int
    held: Three
    better: Three
    understood: Three
    heard: Three


def guarded(figures: Figures, fewest: int) -> Figures:
    """As everybody may read it, inside as well: nothing that a handful of people said can be read off it."""
    return replace(
        figures,
        read=_guarded_median(figures.read, fewest),
        replied=_guarded_median(figures.replied, fewest),
        better=_guarded(figures.better, fewest),
        understood=_guarded(figures.understood, fewest),
        heard=_guarded(figures.heard, fewest),
    )


def _guarded(three: Three, fewest: int) -> Three:
    return Three(hidden=True) if 0 < three.n < fewest else three


def _guarded_median(reached: Reached, fewest: int) -> Reached:
    return replace(reached, median=None) if reached.n < fewest else reached


def month_in(text: str) -> date | None:
    """The first day of `2026-11`; None for what is no month."""
    found = MONTH.fullmatch(text)
    return date(int(found[1]), int(found[2]), 1) if found else None


def next_month(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def months_over(first: date, today: date) -> list[date]:
    """The first days of all months from that of `first` that are over, the oldest first; at most two years of them."""
    months, month = [], first.replace(day=1)
    while next_month(month) <= today:
        months.append(month)
        month = next_month(month)
    return months[-MOST_MONTHS:]
