"""Limits that hold across processes and restarts: counters in PostgreSQL."""

import hashlib
import hmac
from datetime import datetime, timedelta

from piccolo.columns import UUID, Bytea, Integer, Timestamptz
from piccolo.table import Table

from hearback.database.columns import id_column
from hearback.database.engine import execute, fetch_value
from hearback.refusals import TooMany


class Bucket(Table, tablename="bucket"):
    """How often something was tried in a window. key: a keyed hash, never an address."""

    id: UUID = id_column()
    key = Bytea(unique=True)
    tries = Integer(default=0)
    ends_at = Timestamptz(index=True)


def bucket_key(secret: str, what: str, whom: str, now: datetime) -> bytes:
    """Keyed with the secret and the day, so that it can be recognised for a day at the most."""
    return hmac.digest(secret.encode(), f"{what}\0{now.date().isoformat()}\0{whom}".encode(), hashlib.sha256)


async def count_try(key: bytes, *, most: int, window: timedelta, now: datetime) -> None:
    """Count one try; raise TooMany with the seconds to wait when the window already holds `most`."""
    ends_at: datetime | None = await fetch_value(
        """insert into bucket (id, key, tries, ends_at) values (gen_random_uuid(), $1, 1, $2)
           on conflict (key) do update set
             tries = case when bucket.ends_at <= $3 then 1 else bucket.tries + 1 end,
             ends_at = case when bucket.ends_at <= $3 then excluded.ends_at else bucket.ends_at end
           returning case when tries > $4 then ends_at end""",
        key,
        now + window,
        now,
        most,
    )
    if ends_at is not None:
        raise TooMany(wait_s=max(1, int((ends_at - now).total_seconds())))


async def forget_tries(key: bytes) -> None:
    """After a success: earlier slips no longer count."""
    await execute("delete from bucket where key = $1", key)


async def purge_buckets(now: datetime) -> int:
    return await execute("delete from bucket where ends_at <= $1", now)
