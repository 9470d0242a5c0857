"""Proof of work by altcha: a browser computes for a second, so that a thousand answers cost a script a thousand times
that. Each proof is bound to its question, lasts five minutes, and is good for one answer.

Version 2 of the protocol signs all parameters as one JSON text: what is spliced from two challenges fits neither
(version 1 had that fault, CVE-2025-68113).
"""

import hashlib
import secrets
from base64 import b64decode
from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

import altcha
import msgspec
from msgspec import Meta, Struct

LASTS = timedelta(minutes=5)
ALGORITHM = "SHA-256"
FEWEST, MOST = 50_000, 150_000  # hashes; about a second on an old phone
LONGEST_PROOF = 2_000
Hex = Annotated[str, Meta(pattern="^[0-9a-f]{2,128}$")]


class _Parameters(Struct, forbid_unknown_fields=True):
    algorithm: str
    nonce: Hex
    salt: Hex
    cost: int
    keyLength: int
    keyPrefix: Hex
    expiresAt: int


class _Challenge(Struct, forbid_unknown_fields=True):
    parameters: _Parameters
    signature: Hex


class _Solution(Struct, forbid_unknown_fields=True):
    counter: Annotated[int, Meta(ge=0, le=2**32 - 1)]
    derivedKey: Hex


class _Given(Struct, forbid_unknown_fields=True):
    challenge: _Challenge
    solution: _Solution


class Proof(Struct, frozen=True):
    """id: what it is known by once it is used."""

    id: bytes
    ends_at: datetime


def challenge(secret: str, question_id: UUID, now: datetime) -> dict[str, Any]:
    """What a browser is to solve, as altcha's JSON."""
    made = altcha.create_challenge(
        ALGORITHM,
        1,
        counter=FEWEST + secrets.randbelow(MOST - FEWEST),
        expires_at=now + LASTS,
        hmac_secret=_key(secret, question_id),
    )
    return made.to_dict()


def read_proof(secret: str, question_id: UUID, typed: str, now: datetime) -> Proof | None:
    """What the browser brought, if it holds for this question and now; the database knows whether it was used."""
    if not typed or len(typed) > LONGEST_PROOF:
        return None
    try:
        given = msgspec.json.decode(b64decode(typed, validate=True), type=_Given)
    except (ValueError, msgspec.DecodeError, RecursionError):
        return None
    expires_at = given.challenge.parameters.expiresAt
    if not now.timestamp() <= expires_at <= (now + LASTS).timestamp() + 1:
        return None
    payload = altcha.Payload.from_dict(msgspec.to_builtins(given))
    if not altcha.verify_solution(payload, _key(secret, question_id)).verified:
        return None
    return Proof(hashlib.sha256(bytes.fromhex(given.challenge.signature)).digest(), now + 2 * LASTS)


def _key(secret: str, question_id: UUID) -> bytes:
    return hashlib.sha256(f"proof of work\0{question_id}\0{secret}".encode()).digest()
