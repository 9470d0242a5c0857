"""How far the verifier of the ledger sees: every byte of it changed, and history rewritten with the real key; and what
one more entry costs."""

import json
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hearback.ledger.checkpoints import Checkpoint, public_of, signed, verifier_key
from hearback.ledger.rules import (
    WIDTH,
    Kind,
    bundle,
    canonical,
    edges,
    entry,
    leaf_hash,
    root_at,
    root_of,
    tile_path,
    tile_paths,
)
from hearback.ledger.verify import verify

ORIGIN = "log.example/kranich"
WHEN = datetime(2026, 11, 22, tzinfo=UTC)
SAID = {"title": "Seite 6 erklärt es jetzt in vier Bildern", "did": "Die Regel steht jetzt beim Anzünden."}
MANY, REWRITTEN = 10_000, 100
SIZES, ROUNDS = (1_000, 10_000, 100_000, 1_000_000), 200


def bench_ledger() -> None:
    chance, key = random.Random(22), Ed25519PrivateKey.generate()  # noqa: S311 (to be the same each time)
    known = verifier_key(ORIGIN, public_of(key))
    with tempfile.TemporaryDirectory(prefix="hearback-ledger-") as name:
        folder = Path(name)
        leaves = write_small(folder, key)
        began, (tried, missed) = time.perf_counter(), tamper(folder, known, chance)
        print(f"bytes changed or left out: {tried}, missed: {missed} ({time.perf_counter() - began:.0f} s)")
        caught = rewrite(folder, leaves, key, known, chance)
        print(f"history rewritten with the real key: {REWRITTEN}, caught by an older checkpoint: {caught}")
    with tempfile.TemporaryDirectory(prefix="hearback-ledger-") as name:
        many = [entry(Kind.RECEIVED, uuid4(), {"answer": "x"}, now=WHEN)[0] for _ in range(MANY)]
        write(Path(name), many, key)
        began = time.perf_counter()
        said = verify(name, known)
        print(f"{said}: {time.perf_counter() - began:.1f} s")
    for size, tiles, micros in grow():
        print(
            f"one more entry after {size:,}: {tiles} tiles touched, {micros:.0f} µs for the new hash of the tree"
        )


def grow() -> Iterator[tuple[int, int, float]]:
    """For some sizes of a ledger: how many tiles its next entry touches, and µs for the tree's new hash."""
    levels = [[leaf_hash(b"%d" % number) for number in range(SIZES[-1] + 1)]]
    while len(row := levels[-1]) >= WIDTH:
        levels.append([root_of(row[i : i + WIDTH]) for i in range(0, len(row) - WIDTH + 1, WIDTH)])

    def tile(level: int, number: int) -> bytes:
        return b"".join(levels[level][number * WIDTH : (number + 1) * WIDTH])

    for size in SIZES:
        began = time.perf_counter()
        for _ in range(ROUNDS):
            root_at(size + 1, tile)
        yield size, len(list(edges(size + 1))), (time.perf_counter() - began) / ROUNDS * 1e6


def write_small(folder: Path, key: Ed25519PrivateKey) -> list[bytes]:
    """Ten answers and two notes of two versions, one field of each erased, as an entry says; gives the leaves."""
    told = [(Kind.RECEIVED, {"answer": "Die Steine fehlen"})] * 10
    leaves = [entry(kind, uuid4(), said, now=WHEN)[0] for kind, said in told]
    first, revised = UUID(int=8), UUID(int=9)
    for kind, subject in ((Kind.PUBLISHED, first), (Kind.REVISED, revised), (Kind.FIELD_ERASED, revised)) * 2:
        said = {"did": "[…]"} if kind is Kind.FIELD_ERASED else SAID
        leaf, salts = entry(kind, subject, said, now=WHEN, of=UUID(int=7), figures={"number": 1})
        content = {name: {"salt": salts[name].hex(), "value": words} for name, words in said.items()}
        opened = content | {"did": None} if kind is Kind.REVISED else content
        (folder / "content").mkdir(exist_ok=True)
        (folder / f"content/{len(leaves)}").write_bytes(canonical(opened))
        leaves.append(leaf)
    write(folder, leaves, key)
    return leaves


def write(folder: Path, leaves: Sequence[bytes], key: Ed25519PrivateKey) -> None:
    row, level = [leaf_hash(leaf) for leaf in leaves], 0
    checkpoint = Checkpoint(ORIGIN, len(leaves), root_of(row))
    for at, number, width in tile_paths(len(leaves)):
        if at > level:
            row, level = [root_of(row[i : i + WIDTH]) for i in range(0, len(row) - WIDTH + 1, WIDTH)], at
        first = number * WIDTH
        _put(folder / tile_path(at, number, width), b"".join(row[first : first + width]))
        if at == 0:
            _put(folder / tile_path("entries", number, width), bundle(leaves[first : first + width]))
    _put(folder / "checkpoint", signed(checkpoint, key).encode())


def tamper(folder: Path, known: str, chance: random.Random) -> tuple[int, int]:
    """How many were tried, and how many of them the verifier took for whole."""
    tried = missed = 0
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        whole = path.read_bytes()
        for changed in _changed(whole, chance):
            path.write_bytes(changed)
            tried += 1
            missed += _seems_whole(folder, known)
        path.write_bytes(whole)
    return tried, missed


def rewrite(
    folder: Path, leaves: Sequence[bytes], key: Ed25519PrivateKey, known: str, chance: random.Random
) -> int:
    """How many forged histories somebody with a checkpoint from before finds out."""
    older, caught = (folder / "checkpoint").read_bytes(), 0
    for _ in range(REWRITTEN):
        forged = list(leaves)
        at = chance.randrange(len(forged))
        forged[at] = canonical(json.loads(forged[at]) | {"of": str(UUID(int=chance.getrandbits(128)))})
        write(folder, forged, key)
        caught += _seems_whole(folder, known) and not _seems_whole(folder, known, older)
    write(folder, leaves, key)
    return caught


def _changed(whole: bytes, chance: random.Random) -> Iterator[bytes]:
    """Of each byte: two flipped bits, one random value, and the byte left out."""
    for at, byte in enumerate(whole):
        bits = chance.sample(range(8), 2)
        for other in {byte ^ 1 << bits[0], byte ^ 1 << bits[1], chance.randrange(256)} - {byte}:
            yield whole[:at] + bytes([other]) + whole[at + 1 :]
        yield whole[:at] + whole[at + 1 :]


def _seems_whole(folder: Path, known: str, older: bytes | None = None) -> bool:
    try:
        verify(str(folder), known, older)
    except Exception:  # whatever it says, it does not say that all is well
        return False
    return True


def _put(path: Path, body: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
