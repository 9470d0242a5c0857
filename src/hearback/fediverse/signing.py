"""HTTP signatures as the fediverse writes them (draft-cavage-http-signatures-12, rsa-sha256): made and checked. Pure.

Key pairs are RSA with 2,048 bits, which is what every server there reads.
"""

import base64
import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from msgspec import Struct

BITS = 2048
OLDEST = timedelta(hours=12)
"""So old a signature may be, as at Mastodon's: what waited in somebody's queue still comes, and a replay ends."""
SKEW = timedelta(hours=1)
"""So far a signature's date may lie ahead: clocks differ."""
NEEDED = frozenset({"(request-target)", "host", "date", "digest"})
ALGORITHMS = frozenset({"rsa-sha256", "hs2019"})
PART = re.compile(r'([a-zA-Z]+)="([^"]*)"')
LONGEST = 4000


class Doubtful(Exception):
    """The signature is missing, or not what was sent; args: why, for the log."""


class Claim(Struct, frozen=True):
    """Who says to have signed what. key_id: an address; text: what the signature is of."""

    key_id: str
    text: str
    signature: bytes


def new_keys() -> tuple[str, str]:
    """Private and public, as PEM."""
    key = generate_private_key(public_exponent=65537, key_size=BITS)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    return private, public


def digest_of(body: bytes) -> str:
    return "SHA-256=" + base64.b64encode(hashlib.sha256(body).digest()).decode()


def signed_headers(
    method: str, address: str, key_id: str, private_pem: str, *, body: bytes | None, now: datetime
) -> dict[str, str]:
    """What a request has to carry. body: None where it has none."""
    parts = urlsplit(address)
    headers = {"host": parts.netloc, "date": format_datetime(now.astimezone(UTC), usegmt=True)}
    if body is not None:
        headers["digest"] = digest_of(body)
    target = f"{method.lower()} {parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
    names = ["(request-target)", *headers]
    text = _text(names, target, headers)
    key = load_pem_private_key(private_pem.encode(), password=None)
    if not isinstance(key, RSAPrivateKey):
        raise TypeError("not an RSA key")
    signature = base64.b64encode(key.sign(text.encode(), PKCS1v15(), hashes.SHA256())).decode()
    headers["signature"] = (
        f'keyId="{key_id}",algorithm="rsa-sha256",headers="{" ".join(names)}",signature="{signature}"'
    )
    return headers


def read_claim(
    method: str, target: str, headers: Mapping[str, str], body: bytes, *, host: str, now: datetime
) -> Claim:
    """All that can be checked without the key. target: path and query. Raises Doubtful."""
    said = headers.get("signature", "")
    parts = dict(PART.findall(said)) if len(said) <= LONGEST else {}
    names = parts.get("headers", "").lower().split()
    if not parts.get("keyId") or not parts.get("signature"):
        raise Doubtful("unsigned")
    if parts.get("algorithm", "hs2019").lower() not in ALGORITHMS:
        raise Doubtful("algorithm")
    if not set(names) >= NEEDED or len(names) != len(set(names)):
        raise Doubtful("headers")
    if any(name not in headers for name in names if not name.startswith("(")):
        raise Doubtful("headers")
    if headers["host"].lower() != host.lower():
        raise Doubtful("host")
    _check_date(headers["date"], now)
    _check_digest(headers["digest"], body)
    try:
        signature = base64.b64decode(parts["signature"], validate=True)
    except ValueError as error:
        raise Doubtful("base64") from error
    return Claim(parts["keyId"], _text(names, f"{method.lower()} {target}", headers), signature)


def check(claim: Claim, public_pem: str) -> None:
    """Raises Doubtful."""
    try:
        key = load_pem_public_key(public_pem.encode())
        if not isinstance(key, RSAPublicKey) or key.key_size < BITS:
            raise Doubtful("key")
        key.verify(claim.signature, claim.text.encode(), PKCS1v15(), hashes.SHA256())
    except (ValueError, InvalidSignature, TypeError) as error:
        raise Doubtful("signature") from error


def check_moment(at: datetime, now: datetime) -> None:
    """Raises Doubtful."""
    if not now - OLDEST <= at <= now + SKEW:
        raise Doubtful("date")


def _check_date(said: str, now: datetime) -> None:
    try:
        at = parsedate_to_datetime(said)
    except (ValueError, TypeError) as error:
        raise Doubtful("date") from error
    if at.tzinfo is None:
        raise Doubtful("date")
    check_moment(at, now)


def _check_digest(said: str, body: bytes) -> None:
    """One or several (RFC 3230); the name of the algorithm in large or small letters. Raises Doubtful."""
    told = [part.strip().partition("=") for part in said.split(",")]
    ours = [value for name, _, value in told if name.lower() == "sha-256"]
    if ours != [digest_of(body).partition("=")[2]]:
        raise Doubtful("digest")


def _text(names: list[str], target: str, headers: Mapping[str, str]) -> str:
    """Raises Doubtful for what our servers never write."""
    lines = []
    for name in names:
        if name == "(request-target)":
            lines.append(f"(request-target): {target}")
        elif name.startswith("("):
            raise Doubtful("headers")
        else:
            lines.append(f"{name}: {headers[name]}")
    return "\n".join(lines)
