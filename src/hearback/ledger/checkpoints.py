"""A tree is signed as a C2SP signed note: its name, its size, its hash, and an Ed25519 signature under them.

Whoever watches over it puts a signature of their own below (C2SP tlog-cosignature, Ed25519), with the time.
"""

import base64
import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from msgspec import Struct

ED25519 = b"\x01"
COSIGNED = b"\x04"


class Checkpoint(Struct, frozen=True):
    origin: str
    size: int
    root: bytes


class Seen(Struct, frozen=True):
    """A witness's signature. at: when, in seconds since 1970; line: as it stands below the checkpoint."""

    at: int
    line: str
    checkpoint: Checkpoint


class NotSigned(Exception):
    """The note is not one of this key's, or not written as it must be."""


def signed(checkpoint: Checkpoint, key: Ed25519PrivateKey) -> str:
    text = f"{checkpoint.origin}\n{checkpoint.size}\n{_b64(checkpoint.root)}\n"
    signature = key_id(checkpoint.origin, public_of(key)) + key.sign(text.encode())
    return f"{text}\n— {checkpoint.origin} {_b64(signature)}\n"


def opened(note: str, verifier_key: str) -> Checkpoint:
    """Raises NotSigned. verifier_key: as `verifier_key` writes it."""
    try:
        text, key, signature = _signed_with(note, verifier_key, ED25519)
        key.verify(signature, text.encode())
        checkpoint = _checkpoint(text)
        if checkpoint.origin != verifier_key.split("+")[0]:
            raise ValueError("another ledger's")
        return checkpoint
    except (ValueError, InvalidSignature) as error:
        raise NotSigned(str(error)) from error


def claimed(note: str) -> Checkpoint:
    """As it says, whoever signed it. Raises ValueError."""
    return _checkpoint(_text_of(note))


def line_of(note: str) -> str:
    """A checkpoint in one line, short enough for the foot of a page or a mail: name, size, hash, signature."""
    origin, size, root, _, _, _, signature = note.replace("\n", " ").split(" ")[:7]
    return f"{origin} {size} {root} {signature}"


def cosigned(note: str, name: str, key: Ed25519PrivateKey, at: int) -> str:
    """The note with one more line below. name: of the witness; at: when, in seconds since 1970."""
    signature = at.to_bytes(8, "big") + key.sign(_seen(_text_of(note), at))
    below = _b64(key_id(name, public_of(key), COSIGNED) + signature)
    return f"{note}— {name} {below}\n"


def seen(note: str, verifier_key: str) -> Seen:
    """Raises NotSigned. verifier_key: the witness's."""
    try:
        text, key, signature = _signed_with(note, verifier_key, COSIGNED)
        at = int.from_bytes(signature[:8], "big")
        key.verify(signature[8:], _seen(text, at))
        name, id_, _ = verifier_key.split("+", 2)
        return Seen(at, f"— {name} {_b64(bytes.fromhex(id_) + signature)}\n", _checkpoint(text))
    except (ValueError, InvalidSignature) as error:
        raise NotSigned(str(error)) from error


def verifier_key(origin: str, public: bytes, kind: bytes = ED25519) -> str:
    """What somebody needs to check the signature: name, short number and key in one line."""
    return f"{origin}+{key_id(origin, public, kind).hex()}+{_b64(kind + public)}"


def read_witness(line: str) -> tuple[str, bytes]:
    """Name and public key. Raises ValueError for what is no witness's verifier key."""
    name, _, key = line.split("+", 2)
    public = _bytes(key)
    if len(public) != 33 or public[:1] != COSIGNED or line != verifier_key(name, public[1:], COSIGNED):
        raise ValueError("no witness's key")
    return name, public[1:]


def key_id(origin: str, public: bytes, kind: bytes = ED25519) -> bytes:
    return hashlib.sha256(origin.encode() + b"\n" + kind + public).digest()[:4]


def public_of(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def signer_id(note: str) -> bytes:
    """The number of the key that a ledger signed its checkpoint with."""
    return _bytes(line_of(note).split(" ")[3])[:4]


def _signed_with(note: str, verifier_key: str, kind: bytes) -> tuple[str, Ed25519PublicKey, bytes]:
    """Text, key, and what the key's one line below it holds. Raises ValueError."""
    name, id_, key = verifier_key.split("+", 2)
    text, public = _text_of(note), _bytes(key)
    if public[:1] != kind:
        raise ValueError("another kind of key")
    signatures = [line.split(" ") for line in note[len(text) + 1 : -1].split("\n")]
    ours = [
        signature
        for dash, who, signature in signatures
        if dash == "—" and who == name and _bytes(signature)[:4].hex() == id_
    ]
    if len(ours) != 1:
        raise ValueError("not one signature of this key")
    return text, Ed25519PublicKey.from_public_bytes(public[1:]), _bytes(ours[0])[4:]


def _checkpoint(text: str) -> Checkpoint:
    """Raises ValueError."""
    origin, size, root = text.rstrip("\n").split("\n")
    if size != str(int(size)):
        raise ValueError("an odd size")
    return Checkpoint(origin, int(size), _bytes(root))


def _text_of(note: str) -> str:
    """What is signed, with its last line's end. Raises ValueError."""
    text, gap, signatures = note.rpartition("\n\n")
    if not gap or not signatures.endswith("\n") or "\r" in note:
        raise ValueError("not a signed note")
    return text + "\n"


def _seen(text: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def _b64(what: bytes) -> str:
    return base64.b64encode(what).decode()


def _bytes(text: str) -> bytes:
    """Strictly: a lenient decoder takes two ways of writing for the same bytes."""
    found = base64.b64decode(text, validate=True)
    if _b64(found) != text:
        raise ValueError("odd base64")
    return found
