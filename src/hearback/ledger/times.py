"""Times in the ledger never go back, whatever the clocks of those who wrote the entries did.

Of what happens to answers, and of promises kept or broken, an entry tells the company's day; of all else the second.
"""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from hearback.clock import day_in
from hearback.ledger.rules import Kind, canonical, second

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class Told(Struct, frozen=True):
    """Up to where a ledger has told. day: the latest that any entry names or lies in."""

    day: date
    moment: datetime


def tells_the_day(kind: Kind) -> bool:
    return kind.startswith("answer.") or kind in (Kind.PROMISE_KEPT, Kind.PROMISE_BROKEN)


def told_until(moment: datetime | None, day: date | None, timezone: str) -> Told:
    """moment, day: those of the newest entries; None where there is none."""
    moment = moment or LONG_AGO
    return Told(max(day or LONG_AGO.date(), day_in(timezone, moment)), moment)


def not_before(leaf: bytes, told: Told, timezone: str) -> tuple[bytes, Told]:
    """The entry, as late as what stands before it; and what is told with it.

    An entry that came with a clock set back says the latest time that the ledger already knew.
    """
    said = msgspec.json.decode(leaf)
    if len(said["at"]) == len("2026-11-22"):
        told = Told(max(date.fromisoformat(said["at"]), told.day), told.moment)
        at = told.day.isoformat()
    else:
        day_began = datetime.combine(told.day, time.min, ZoneInfo(timezone)).astimezone(UTC)
        moment = max(datetime.fromisoformat(said["at"]), told.moment, day_began)
        told, at = told_until(moment, told.day, timezone), second(moment)
    return (leaf if at == said["at"] else canonical(said | {"at": at})), told
