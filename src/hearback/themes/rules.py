"""What a theme is and what may happen to it. No database, no web."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from msgspec import Struct

Id = TypeVar("Id")

FEWEST_EXCERPTS = 30  # before that a grouping says more about chance than about people
RESTS_TIMES = 4  # as long as its last reading took
ROWS_AN_ANSWER = 200  # so many excerpts may be counted for one answer, on average
GROWN_ENOUGH = 10  # fewer new ones than this are never worth another grouping
MOST_DRAWN = 2000  # dots on a map; more hide each other, and every word shown is looked at for personal data
VOICES_TO_HEAR = 5  # before a theme is answered in public; principle P61
MOST_TELLING = ("in_progress", "planned", "considering", "done", "declined")  # of an action's states


class ThemeState(StrEnum):
    SUGGESTED = "suggested"
    NAMED = "named"


class PlacedBy(StrEnum):
    MACHINE = "machine"
    PERSON = "person"
    FAN = "fan"


class ThemeDeed(StrEnum):
    """What happened in a theme's life; written down once, never changed."""

    SUGGESTED = "suggested"
    NAMED = "named"
    RENAMED = "renamed"
    DEFINED = "defined"
    MERGED = "merged"
    UNMERGED = "unmerged"
    MOVED = "moved"
    MOVED_MANY = "moved_many"
    LEFT_MANY = "left_many"
    SET_ASIDE = "set_aside"
    SPLIT = "split"
    CUT = "cut"
    JOINED = "joined"
    NOT_HERE = "not_here"
    DISMISSED = "dismissed"
    WEIGHTED = "weighted"
    UNWEIGHTED = "unweighted"
    NOT_WEIGHTY = "not_weighty"
    RESTING = "resting"
    WOKEN = "woken"
    REOPENED = "reopened"
    ASSIGNED = "assigned"
    ASKED = "asked"
    UNASKED = "unasked"


class ProposalKind(StrEnum):
    """NEW: a suggestion becomes a theme. JOIN: what the machine put into a theme without being sure belongs there.

    Two are only asked: NEAR, what could belong to a theme; ALIKE, what looks alike, wherever it belongs.
    """

    NEW = "new"
    JOIN = "join"
    SPLIT = "split"
    MERGE = "merge"
    NEAR = "near"
    ALIKE = "alike"


class ProposalState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class LifeState(StrEnum):
    """How far a theme has come; told from what is known of it, only its rest is set by a person."""

    SUGGESTED = "suggested"
    NAMED = "named"
    ASKED = "asked"
    DECIDED = "decided"
    RESTING = "resting"


def asks_whether_due(response_id: UUID, excerpts_then: int) -> bool:
    """Whether this answer is one of those after which all excerpts are counted, to see if they should be grouped anew.

    One in so many that each answer pays for ROWS_AN_ANSWER rows, however large the company is: the sum is late by half
    a hundredth of what was there. Ids of responses are random, so they need no counter.
    excerpts_then: at the last grouping, 0 when there was none yet.
    """
    return response_id.int % max(1, excerpts_then // ROWS_AN_ANSWER) == 0


def grouping_is_due(excerpts: int, unsorted: int, last: tuple[int, int] | None) -> bool:
    """Whether everything should be grouped anew: the unsorted grew by a quarter, or all by half.

    last: excerpts and unsorted ones right after the last grouping; None when there was none yet.
    """
    if last is None:
        return excerpts >= FEWEST_EXCERPTS
    excerpts_then, unsorted_then = last
    more_unsorted, more = unsorted - unsorted_then, excerpts - excerpts_then
    return (more_unsorted >= GROWN_ENOUGH and more_unsorted * 4 >= unsorted_then) or (
        more >= GROWN_ENOUGH and more * 2 >= excerpts_then
    )


class Turn(Struct, frozen=True):
    """When a company is read anew after an act of a person. why: `first`, `rested` or `resting`."""

    rests: timedelta
    why: str


def next_turn(took: timedelta | None, since: timedelta) -> Turn:
    """Readings take at most a fifth of the time, so a company that takes a minute learns every five.

    took: the last reading, None where there was none; since: it began.
    """
    if took is None:
        return Turn(timedelta(), "first")
    rests = took * (1 + RESTS_TIMES) - since
    if rests <= timedelta():
        return Turn(timedelta(), "rested")
    return Turn(min(rests, took * (1 + RESTS_TIMES)), "resting")


def over_time(voices: Mapping[date, int], first: date, last: date, points: int = 14) -> list[int]:
    """Voices per stretch of time from the first to the last day; at most so many points, each as long as the others."""
    days = (last - first).days + 1
    width = max(1, -(-days // points))
    found = [0] * max(2, -(-days // width))
    for day, n in voices.items():
        if first <= day <= last:
            found[(day - first).days // width] += n
    return found


def life_state(*, named: bool, resting: bool, asked: bool, decided: bool) -> LifeState:
    """resting: and nothing has woken it; asked: a question about it is open; decided: a public note says what we do."""
    if resting:
        return LifeState.RESTING
    if asked:
        return LifeState.ASKED
    if decided:
        return LifeState.DECIDED
    return LifeState.NAMED if named else LifeState.SUGGESTED


def woken_by(
    *, today: date, voices: int, wakes_on: date | None, wakes_at: int | None, look_again: date | None
) -> str | None:
    """What ended its rest, as a key: `voices`, `day` or `promise`; None while it rests.

    look_again: the day on which a public note promised to look at it again, where one falls into its rest.
    """
    if wakes_at is not None and voices >= wakes_at:
        return "voices"
    if wakes_on is not None and today >= wakes_on:
        return "day"
    return "promise" if look_again is not None and today >= look_again else None


def mentioned(words: str, names: Mapping[Id, str], teams: Mapping[Id, str]) -> list[Id]:
    """Whom a text speaks to with `@Name`: the whole name, or a member's first where only one has it; in no order.

    Upper and lower case are alike; a longer name wins over a shorter one that it begins with.
    """
    spoken, found = words.casefold(), []
    firsts = Counter(name.split(" ")[0].casefold() for name in names.values())
    called = [(name.casefold(), key) for key, name in [*names.items(), *teams.items()]]
    called += [
        (first, key) for key, name in names.items() if firsts[first := name.split(" ")[0].casefold()] == 1
    ]
    for form, key in sorted(called, key=lambda one: -len(one[0])):
        spoken, times = re.subn(rf"(?<!\w)@{re.escape(form)}(?!\w)", "", spoken)
        if times and key not in found:
            found.append(key)
    return found


def parts_spoken(words: str, names: Iterable[str], teams: Iterable[str]) -> list[tuple[str, bool]]:
    """The text in parts, each with whether it is an `@Name` of somebody here: that is nobody's secret."""
    called = {form for name in names for form in (name, name.split(" ")[0]) if form} | set(teams)
    if not called:
        return [(words, False)]
    longest_first = "|".join(re.escape(form) for form in sorted(called, key=len, reverse=True))
    found = re.split(rf"((?<!\w)@(?:{longest_first})(?!\w))", words, flags=re.IGNORECASE)
    return [(part, bool(at % 2)) for at, part in enumerate(found) if part]


def few_voices(voices: int, counted: int, fewest: int) -> bool:
    """Whether so few speak of it that size alone would hide it: less than a tenth of all, or than may be broken down.

    fewest: the company's own least number of voices.
    """
    return voices < fewest or voices * 10 < counted


def stage(*, named: bool, weight_reason: str, note: str | None, actions: Sequence[str]) -> str:
    """How far a theme is, in one key: what was said in public counts most, then what is being done."""
    if note:
        return f"note.{note}"
    doing = next((state for state in MOST_TELLING if state in actions), None)
    if doing:
        return f"action.{doing}"
    if weight_reason:
        return "weighted"
    return "open" if named else "suggested"
