"""How a question guards its count, and what makes the program stop and let a person look. No database, no web.

Nothing is refused for being suspected: it waits for a look, or lies aside where it is a repeat beyond doubt. What a
person has looked at, the program never moves again.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from msgspec import Struct


class Level(StrEnum):
    """Who can answer, and what it takes."""

    OPEN = "open"
    PROTECTED = "protected"
    CONFIRMED = "confirmed"
    INVITED = "invited"


class Flag(StrEnum):
    """Why the program did not count an answer at once; the weightiest first. UNCONFIRMED waits for its fan, all others
    for a look."""

    SAME_FORM = "same_form"
    REPEAT = "repeat"
    TRAP = "trap"
    NO_PROOF = "no_proof"
    TOO_FAST = "too_fast"
    SAME_WORDING = "same_wording"
    SAME_BROWSER = "same_browser"
    AT_ONCE = "at_once"
    UNCONFIRMED = "unconfirmed"


BEYOND_DOUBT = frozenset({Flag.SAME_FORM, Flag.REPEAT})
"""These lie aside; all others wait for a look."""

SLOT = timedelta(minutes=10)
MOST_AT_ONCE = 60  # from one network within a slot; a lecture hall can be more, and then somebody looks
SAME_BROWSER_FROM = 8  # a day; and only where they are at least half of what came from that line
SAME_WORDING_FROM = 5
LONG_ENOUGH = 40  # letters; "alles gut" is no campaign


def outcome(flag: Flag) -> str:
    """The state of an answer that was flagged."""
    return "set_aside" if flag in BEYOND_DOUBT else "held"


def at_the_door(
    *, trap: str, started_at: datetime, now: datetime, least: timedelta, proof_missing: bool
) -> Flag | None:
    """What shows while an answer comes in. least: nobody reads a question and answers it faster."""
    if trap:
        return Flag.TRAP
    if proof_missing:
        return Flag.NO_PROOF
    return Flag.TOO_FAST if now - started_at < least else None


class Trace(Struct, frozen=True):
    """One answer of a day. browser, line, burst, form: equal where browser and network, network, network within a slot,
    or the form are the same. wording: None where it says too little. free: it counts, and nobody looked at it yet."""

    response: UUID
    browser: bytes
    line: bytes
    burst: bytes
    form: bytes
    wording: int | None
    free: bool
    judged: bool


class Copy(Struct, frozen=True):
    """One answer of those to a question that have the same wording."""

    response: UUID
    wording: int
    free: bool
    judged: bool


def suspected(traces: Sequence[Trace]) -> dict[UUID, Flag]:
    """Of all answers to one question on one day, those that should not count just so."""
    found: dict[UUID, Flag] = {}
    _flag_all_but_one(found, traces, Flag.SAME_FORM, lambda one: one.form, least=2)
    _flag_all_but_one(
        found,
        [one for one in traces if one.wording is not None],
        Flag.REPEAT,
        lambda one: (one.browser, one.wording),
        least=2,
    )
    lines = Counter(one.line for one in traces)
    browsers = Counter(one.browser for one in traces)
    crowding = [one for one in traces if browsers[one.browser] * 2 >= lines[one.line]]
    _flag_all_but_one(found, crowding, Flag.SAME_BROWSER, lambda one: one.browser, least=SAME_BROWSER_FROM)
    bursts = Counter(one.burst for one in traces)
    for one in traces:
        if one.free and bursts[one.burst] > MOST_AT_ONCE:
            found.setdefault(one.response, Flag.AT_ONCE)
    return found


def same_wording(copies: Sequence[Copy]) -> dict[UUID, Flag]:
    """Of all answers to one question, on whatever day: one voice of a campaign counts, the others wait for a look."""
    found: dict[UUID, Flag] = {}
    _flag_all_but_one(found, copies, Flag.SAME_WORDING, lambda one: one.wording, least=SAME_WORDING_FROM)
    return found


def _flag_all_but_one(
    found: dict[UUID, Flag],
    ones: Sequence[Trace] | Sequence[Copy],
    flag: Flag,
    key: Callable[..., Hashable],
    *,
    least: int,
) -> None:
    groups: dict[Hashable, list[Trace | Copy]] = {}
    for one in ones:
        groups.setdefault(key(one), []).append(one)
    for group in groups.values():
        if len(group) >= least:
            for other in _all_but_one(group):
                found.setdefault(other.response, flag)


def _all_but_one(group: Iterable[Trace | Copy]) -> list[Trace | Copy]:
    """Who counts stays: whoever was there before. Where a person has looked at some of them, that stands for all."""
    members = list(group)
    free = sorted((one for one in members if one.free), key=lambda one: (not one.judged, one.response))
    somebody_counts = bool(free) and free[0].judged
    return free[1:] if somebody_counts or len(free) == len(members) else free
