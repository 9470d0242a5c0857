"""Traces of an answer: what makes repeats alike, as hashes under the salt of a day. No address and no user agent is
kept, and once the salt is gone no hash can be made again to compare with."""

import hashlib
import secrets
from datetime import UTC, date, datetime
from uuid import UUID

from msgspec import Struct

from hearback.database.columns import new_id
from hearback.database.engine import execute, fetch_value
from hearback.trust.integrity.rules import SLOT

SALT_BYTES = 16
TRACE_BYTES = 16


class Seen(Struct, frozen=True):
    day: date
    browser: bytes
    line: bytes
    burst: bytes
    form: bytes


class _Kept:
    """This process's salt: the current day's, no other."""

    day: date | None = None
    salt = b""


async def salt_of(now: datetime) -> bytes:
    """The same in every process; a query only for the first answer of a day (UTC)."""
    day = now.astimezone(UTC).date()
    if _Kept.day != day:
        await execute(
            "insert into salt (id, day, salt, made_at) values ($1, $2, $3, $4) on conflict (day) do nothing",
            new_id(),
            day,
            secrets.token_bytes(SALT_BYTES),
            now,
        )
        _Kept.salt = await fetch_value("select salt from salt where day = $1", day)
        _Kept.day = day
    return _Kept.salt


def forget_salt() -> None:
    """What this process remembers of it."""
    _Kept.day, _Kept.salt = None, b""


def seen(salt: bytes, question_id: UUID, *, network: str, agent: str, key: str, now: datetime) -> Seen:
    """agent: the browser's user agent; key: that of the form."""
    slot = int(now.timestamp() // SLOT.total_seconds())
    question = question_id.bytes

    def trace(what: str) -> bytes:
        return hashlib.blake2b(question + what.encode(), key=salt, digest_size=TRACE_BYTES).digest()

    return Seen(
        day=now.astimezone(UTC).date(),
        browser=trace(f"browser\0{network}\0{agent}"),
        line=trace(f"line\0{network}"),
        burst=trace(f"burst\0{network}\0{slot}"),
        form=trace(f"form\0{key}"),
    )


async def forget_salts(now: datetime) -> None:
    """Those of days that are over: a day's repeats are found on that day or not at all."""
    await execute("delete from salt where day < $1", now.astimezone(UTC).date())
    if _Kept.day is not None and _Kept.day < now.astimezone(UTC).date():
        forget_salt()
