"""Secrets that must be read again: addresses and the mail server's password, under the installation's key.

A dump of the database alone opens none of them.
"""

import base64
import hashlib
import hmac
from functools import lru_cache
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hearback.refusals import NotFound

MAC_BYTES = 16


class OtherKey(Exception):
    """What was sealed with another secret key; nobody can open it any more."""


def seal(secret: str, purpose: str, text: str) -> bytes:
    return _box(secret, purpose).encrypt(text.encode())


def unseal(secret: str, purpose: str, sealed: bytes) -> str:
    """Raises OtherKey."""
    try:
        return _box(secret, purpose).decrypt(sealed).decode()
    except InvalidToken as error:
        raise OtherKey from error


def address_key(secret: str, company_id: UUID, address: str) -> bytes:
    """The same for the same address of one company; of two companies nobody can tell."""
    return hmac.digest(secret.encode(), f"mail address\0{company_id}\0{address}".encode(), hashlib.sha256)


def token(secret: str, purpose: str, row_id: UUID) -> str:
    """What stands in a link: which row, and that we wrote the link. purpose: a link for one opens no other."""
    return base64.urlsafe_b64encode(row_id.bytes + _mac(secret, purpose, row_id)).decode().rstrip("=")


def read_token(secret: str, purpose: str, given: str) -> UUID:
    """Raises NotFound for what we did not write."""
    try:
        raw = base64.b64decode(given + "=" * (-len(given) % 4), altchars=b"-_", validate=True)
    except ValueError as error:
        raise NotFound from error
    if len(raw) != 16 + MAC_BYTES or base64.urlsafe_b64encode(raw).decode().rstrip("=") != given:
        raise NotFound
    row_id = UUID(bytes=raw[:16])
    if not hmac.compare_digest(raw[16:], _mac(secret, purpose, row_id)):
        raise NotFound
    return row_id


def _mac(secret: str, purpose: str, row_id: UUID) -> bytes:
    return hmac.digest(secret.encode(), f"mail link\0{purpose}\0{row_id}".encode(), hashlib.sha256)[
        :MAC_BYTES
    ]


@lru_cache(maxsize=16)
def _box(secret: str, purpose: str) -> Fernet:
    derived = HKDF(hashes.SHA256(), 32, None, f"hearback {purpose}".encode()).derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
