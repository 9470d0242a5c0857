"""Passwords as argon2id; checking takes as long for an address that nobody has."""

import asyncio
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# OWASP's smallest setting: 19 MiB a check, so that a few at once do not fill a small server.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)


async def hash_password(password: str) -> str:
    return await asyncio.to_thread(_HASHER.hash, _as_kept(password))


async def is_right(password: str, password_hash: str | None) -> bool:
    """Never for an account without a password, but not sooner than for any other."""
    return await asyncio.to_thread(_verify, password_hash or _nobodys(), _as_kept(password)) and bool(
        password_hash
    )


def _verify(password_hash: str, password: str) -> bool:
    try:
        return _HASHER.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys() -> str:
    return _HASHER.hash("nobody has this password")


def _as_kept(password: str) -> str:
    """Keyboards write é in two ways, and forms trim."""
    return unicodedata.normalize("NFC", password.strip())
