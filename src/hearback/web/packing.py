"""Replies made small for the way. Only what is the same for everybody: static files, and public pages that are kept.

Never what answers a form or holds a code: a reply with a secret beside words that a reader chose tells, by its length
alone, when the two are alike.
"""

import gzip
from collections.abc import Iterable

LEAST = 800  # bytes; below that there is nothing to win


def pack(body: bytes, level: int) -> bytes | None:
    """None where it would not become smaller."""
    packed = gzip.compress(body, level, mtime=0) if len(body) >= LEAST else body
    return packed if len(packed) < len(body) else None


def takes_packed(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Whether the reader's program can unpack it."""
    return any(
        name == b"accept-encoding" and b"gzip" in value and b"gzip;q=0" not in value.replace(b" ", b"")
        for name, value in headers
    )
