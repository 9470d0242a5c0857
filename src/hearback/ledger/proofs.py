"""A proof to keep: one entry, its way up to a checkpoint, and the signatures (C2SP tlog-proof)."""

import base64
from collections.abc import Sequence

from msgspec import Struct

from hearback.ledger.checkpoints import Checkpoint, NotSigned, opened
from hearback.ledger.rules import HASH_BYTES, included, leaf_hash

FIRST_LINE = "c2sp.org/tlog-proof@v1"


class Proof(Struct, frozen=True):
    """number: of the entry, from 0. path: the neighbours on its way up. note: the checkpoint with all signatures."""

    number: int
    leaf: bytes
    path: Sequence[bytes]
    note: str


def written(proof: Proof) -> str:
    """The entry itself stands in the extra line, so that nothing else is needed to check it."""
    lines = [FIRST_LINE, f"extra {_b64(proof.leaf)}", f"index {proof.number}", *map(_b64, proof.path)]
    return "\n".join([*lines, "", proof.note])


def proven(text: str, verifier_key: str) -> tuple[Proof, Checkpoint]:
    """Raises NotSigned for what is no proof, or proves nothing under this key."""
    try:
        head, gap, note = text.partition("\n\n")
        first, extra, index, *path = head.split("\n")
        number = int(index.removeprefix("index "))
        proof = Proof(number, _bytes(extra.removeprefix("extra ")), [_bytes(line) for line in path], note)
    except ValueError as error:
        raise NotSigned("no proof") from error
    if not gap or first != FIRST_LINE or any(len(one) != HASH_BYTES for one in proof.path):
        raise NotSigned("no proof")
    checkpoint = opened(note, verifier_key)
    if not included(leaf_hash(proof.leaf), number, checkpoint.size, proof.path, checkpoint.root):
        raise NotSigned("the entry is not where it says")
    if written(proof) != text:
        raise NotSigned("written in an odd way")
    return proof, checkpoint


def _b64(what: bytes) -> str:
    return base64.b64encode(what).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
