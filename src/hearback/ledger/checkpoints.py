"""A tree is signed as a C2SP signed note: its name, its size, its hash, and an Ed25519 signature under them."""

import base64
import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from msgspec import Struct

ED25519 = b"\x01"


class Checkpoint(Struct, frozen=True):
    origin: str
    size: int
    root: bytes


class NotSigned(Exception):
    """The note is not one of this key's, or not written as it must be."""


def signed(checkpoint: Checkpoint, key: Ed25519PrivateKey) -> str:
    text = f"{checkpoint.origin}\n{checkpoint.size}\n{_b64(checkpoint.root)}\n"
    signature = key_id(checkpoint.origin, public_of(key)) + key.sign(text.encode())
    return f"{text}\n— {checkpoint.origin} {_b64(signature)}\n"


def opened(note: str, verifier_key: str) -> Checkpoint:
    """Raises NotSigned. verifier_key: as `verifier_key` writes it."""
    try:
        name, id_, key = verifier_key.split("+", 2)
        text, gap, signatures = note.rpartition("\n\n")
        if not gap or not signatures.endswith("\n") or "\r" in note:
            raise ValueError("not a signed note")
        text += "\n"
        ours = [
            signature
            for dash, who, signature in (line.split(" ") for line in signatures[:-1].split("\n"))
            if dash == "—" and who == name and _bytes(signature)[:4].hex() == id_
        ]
        if len(ours) != 1:
            raise ValueError("not one signature of this key")
        Ed25519PublicKey.from_public_bytes(_bytes(key)[1:]).verify(_bytes(ours[0])[4:], text.encode())
        origin, size, root = text.rstrip("\n").split("\n")
        if origin != name or size != str(int(size)):
            raise ValueError("another ledger's, or an odd size")
        return Checkpoint(origin, int(size), _bytes(root))
    except (ValueError, InvalidSignature) as error:
        raise NotSigned(str(error)) from error


def verifier_key(origin: str, public: bytes) -> str:
    """What somebody needs to check the signature: name, short number and key in one line."""
    return f"{origin}+{key_id(origin, public).hex()}+{_b64(ED25519 + public)}"


def key_id(origin: str, public: bytes) -> bytes:
    return hashlib.sha256(origin.encode() + b"\n" + ED25519 + public).digest()[:4]


def public_of(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def _b64(what: bytes) -> str:
    return base64.b64encode(what).decode()


def _bytes(text: str) -> bytes:
    """Strictly: a lenient decoder takes two ways of writing for the same bytes."""
    found = base64.b64decode(text, validate=True)
    if _b64(found) != text:
        raise ValueError("odd base64")
    return found
