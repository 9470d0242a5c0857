"""The key of a form: random, and signed with the moment at which the page was asked for."""

import hashlib
import hmac
import re
import secrets
from datetime import UTC, datetime

RANDOM, MOMENT, SIGNATURE = 8, 4, 4  # bytes
SHAPE = re.compile(r"[0-9a-f]{32}")


def new_key(secret: str, at: datetime) -> str:
    """32 hex characters."""
    open_part = secrets.token_bytes(RANDOM) + int(at.timestamp()).to_bytes(MOMENT, "big")
    return (open_part + _signature(secret, open_part)).hex()


def started_at(secret: str, key: str) -> datetime | None:
    """When the page with this key was asked for, to the second; None for a key that is not ours."""
    if not SHAPE.fullmatch(key):
        return None
    whole = bytes.fromhex(key)
    open_part, signature = whole[:-SIGNATURE], whole[-SIGNATURE:]
    if not hmac.compare_digest(signature, _signature(secret, open_part)):
        return None
    return datetime.fromtimestamp(int.from_bytes(open_part[RANDOM:], "big"), UTC)


def _signature(secret: str, open_part: bytes) -> bytes:
    return hmac.digest(secret.encode(), b"form key\0" + open_part, hashlib.sha256)[:SIGNATURE]
