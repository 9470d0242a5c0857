"""Two implementations that are not ours read the same out of it: pymerkle the tree, aics-tlog every file."""

import random
from pathlib import Path

import pymerkle
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hearback.bench.ledger import ORIGIN, WHEN, write
from hearback.ledger.checkpoints import COSIGNED, cosigned, public_of, verifier_key
from hearback.ledger.rules import Kind, consistency, entry, inclusion, leaf_hash, root_of
from hearback.ledger.verify import verify
from tests import made

KEY, OTHER = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
KNOWN = verifier_key(ORIGIN, public_of(KEY))
WATCHES = verifier_key("other.example", public_of(OTHER), COSIGNED)
LEAVES = [entry(Kind.ERASED, made.some_id(), {}, now=WHEN)[0] for _ in range(600)]
HASHES = [leaf_hash(one) for one in LEAVES]
SIZES = [1, 2, 3, 7, 8, 9, 255, 256, 257, 300, 511, 512, 513, 600]


def between(low: int, high: int) -> bytes:
    return root_of(HASHES[low:high])


def test_pymerkle_has_the_same_root_for_every_size():
    tree = pymerkle.InmemoryTree(algorithm="sha256")
    for size, leaf in enumerate(LEAVES, 1):
        tree.append_entry(leaf)
        if size in SIZES:
            assert tree.get_root() == root_of(HASHES[:size]), size


@pytest.fixture(scope="module")
def aics():
    return pytest.importorskip("aics_tlog", reason="aics-tlog needs Python 3.12")


def test_aics_tlog_takes_our_proofs(aics):
    for size in SIZES:
        root = between(0, size)
        for number in {0, size // 2, size - 1}:
            path = inclusion(number, size, between)
            assert aics.verify_leaf_inclusion(LEAVES[number], number, size, path, root)
        for old in {1, size // 2 or 1, size}:
            path = consistency(old, size, between)
            assert aics.verify_consistency(old, size, between(0, old), root, path)


def agreed(aics, folder: Path) -> bool:
    """Signed by the key we know, and every tile and bundle of entries fits."""
    try:
        note = aics.parse_note((folder / "checkpoint").read_bytes())
        found = aics.verify_checkpoint(note, aics.parse_vkey(KNOWN), expected_origin=ORIGIN)
        if not found.ok:
            return False
        aics.audit_tiles(aics.FileSystemTileReader(folder), found.size, found.root)
    except Exception:  # whatever it says, it does not say that all is well
        return False
    return True


def ours(folder: Path) -> bool:
    try:
        verify(str(folder), KNOWN)
    except Exception:
        return False
    return True


def test_aics_tlog_finds_the_ledger_whole_and_a_hundred_changed_ones_not(aics, tmp_path):
    write(tmp_path, LEAVES, KEY)
    assert ours(tmp_path)
    assert agreed(aics, tmp_path)
    chance, files = random.Random(22), sorted(one for one in tmp_path.rglob("*") if one.is_file())
    for _ in range(100):
        path = chance.choice(files)
        whole = path.read_bytes()
        at = chance.randrange(len(whole))
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << chance.randrange(8)]) + whole[at + 1 :])
        assert not ours(tmp_path)
        assert not agreed(aics, tmp_path), (path, at)
        path.write_bytes(whole)


def test_aics_tlog_counts_our_witness(aics, tmp_path):
    write(tmp_path, LEAVES[:9], KEY)
    note = cosigned((tmp_path / "checkpoint").read_text(), "other.example", OTHER, 1_795_000_000)
    found = aics.verify_checkpoint(
        aics.parse_note(note), aics.parse_vkey(KNOWN), [aics.parse_vkey(WATCHES)], quorum=1
    )
    assert (found.ok, found.witnesses) == (True, ["other.example"])
