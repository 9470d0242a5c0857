"""The receipt code: 26 characters that only the fan has. The database keeps their SHA-256, nothing else."""

import hashlib
import hmac

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base32: no I, L, O, U
LENGTH = 26
BITS = LENGTH * 5
LOOKS_LIKE = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None, "‑": None, "–": None})


def receipt_code(secret: str, form_key: str, content: bytes) -> str:
    """The same form with the same content gets the same code: a retry is recognised by it.

    form_key: 128 random bits of the served form, as hex; content: the answers in one canonical form.
    """
    digest = hmac.digest(secret.encode(), form_key.encode() + b"\0" + content, hashlib.sha256)
    number = int.from_bytes(digest, "big") >> (256 - BITS)
    return "".join(ALPHABET[(number >> shift) & 31] for shift in range(BITS - 5, -1, -5))


def shown(code: str) -> str:
    """7K4QM-… in groups of five, the last one of six."""
    return "-".join([code[0:5], code[5:10], code[10:15], code[15:20], code[20:]])


def read_code(typed: str) -> str | None:
    """The code somebody typed or pasted: small letters, spaces, dashes and look-alikes are forgiven."""
    code = typed.strip().upper().translate(LOOKS_LIKE)
    return code if len(code) == LENGTH and all(sign in ALPHABET for sign in code) else None


def code_hash(code: str) -> bytes:
    return hashlib.sha256(code.encode()).digest()
