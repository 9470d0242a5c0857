"""The tree is RFC 6962's, checked against its definition written down as it stands there."""

import hashlib
import json
import random
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from hearback.ledger.checkpoints import Checkpoint, NotSigned, opened, public_of, signed, verifier_key
from hearback.ledger.proving import root_between
from hearback.ledger.rules import (
    WIDTH,
    Damaged,
    Kind,
    canonical,
    commitment,
    consistency,
    entry,
    grown,
    included,
    inclusion,
    leaf_hash,
    parts,
    root_at,
    root_of,
    tile_path,
)

ENTRIES = [str(number).encode() for number in range(700)]
HASHES = [leaf_hash(one) for one in ENTRIES]
NOW = datetime(2026, 11, 22, 15, 4, 5, 678, tzinfo=UTC)
NAME = "log.example/kranich"


def as_defined(entries: list[bytes]) -> bytes:
    """MTH of RFC 6962, 2.1."""
    if not entries:
        return hashlib.sha256(b"").digest()
    if len(entries) == 1:
        return hashlib.sha256(b"\0" + entries[0]).digest()
    k = 1
    while k * 2 < len(entries):
        k *= 2
    return hashlib.sha256(b"\1" + as_defined(entries[:k]) + as_defined(entries[k:])).digest()


def of(low: int, high: int) -> bytes:
    return root_of(HASHES[low:high])


def tiles(size: int):
    """As a writer keeps them: level, number → hashes."""
    kept, row, level = {}, HASHES[:size], 0
    while row:
        for at in range(0, len(row), WIDTH):
            kept[level, at // WIDTH] = b"".join(row[at : at + WIDTH])
        row = [root_of(row[at : at + WIDTH]) for at in range(0, len(row) - WIDTH + 1, WIDTH)]
        level += 1
    return lambda level, number: kept.get((level, number), b"")


SIZES = [*range(1, 18), 255, 256, 257, 511, 513, 700]


@pytest.mark.parametrize("size", SIZES)
def test_the_hash_of_a_tree_is_the_defined_one_also_from_its_tiles(size):
    assert root_of(HASHES[:size]) == as_defined(ENTRIES[:size])
    assert root_at(size, tiles(700)) == as_defined(ENTRIES[:size])


def test_a_tree_of_65537_leaves_needs_three_tiles():
    many = [leaf_hash(b"%d" % number) for number in range(65_537)]
    first = root_of(many[:65_536])
    there = {(0, 256): many[65_536], (2, 0): first}
    assert root_at(65_537, lambda level, number: there.get((level, number), b"")) == root_of(many)


def test_a_missing_tile_is_noticed():
    with pytest.raises(Damaged):
        root_at(300, lambda level, number: b"")


@pytest.mark.parametrize("size", SIZES)
def test_an_entry_is_proven_to_be_in_the_tree_and_no_other_is(size):
    root = root_of(HASHES[:size])
    for number in {0, size // 3, size // 2, size - 1}:
        path = inclusion(number, size, of)
        assert included(HASHES[number], number, size, path, root)
        assert not included(HASHES[number - 1] if size > 1 else root_of([]), number, size, path, root)
        assert not included(HASHES[number], number, size, [*path, root], root)
        if path:
            assert not included(HASHES[number], number, size, path[:-1], root)


def test_the_hash_of_any_part_comes_from_the_tiles_alone():
    many = [leaf_hash(b"%d" % number) for number in range(66_100)]
    there = {(0, n): b"".join(many[n * WIDTH : (n + 1) * WIDTH]) for n in range(259)}
    above = [root_of(many[n * WIDTH : (n + 1) * WIDTH]) for n in range(258)]
    there |= {
        (1, 0): b"".join(above[:WIDTH]),
        (1, 1): b"".join(above[WIDTH:]),
        (2, 0): root_of(many[:65_536]),
    }
    for low, high in (
        (0, 66_100),
        (0, 65_536),
        (65_536, 66_100),
        (512, 768),
        (66_048, 66_100),
        (7, 8),
        (0, 300),
    ):
        found = root_between(low, high, lambda level, number: there[level, number])
        assert found == root_of(many[low:high]), (low, high)


@pytest.mark.parametrize("size", SIZES)
def test_a_tree_is_proven_to_have_grown_from_an_older_one(size):
    root = root_of(HASHES[:size])
    for old in {1, size // 3 or 1, size // 2 or 1, max(1, size - 1), size}:
        path = consistency(old, size, of)
        assert grown(old, root_of(HASHES[:old]), size, root, path), (old, size)
        rewritten = [leaf_hash(b"another"), *HASHES[1:old]]
        assert not grown(old, root_of(rewritten), size, root, path)


def test_an_entry_tells_hashes_and_neither_words_nor_the_minute_of_an_answer():
    subject, question = uuid4(), uuid4()
    leaf, salts = entry(Kind.RECEIVED, subject, {"answer": "Die Steine fehlen"}, now=NOW, of=question)
    told = json.loads(leaf)
    assert told == {
        "v": 1,
        "kind": "answer.received",
        "subject": str(subject),
        "of": str(question),
        "at": "2026-11-22",
        "fields": {"answer": commitment("answer", "Die Steine fehlen", salts["answer"]).hex()},
    }
    assert entry(Kind.RECEIVED, subject, {"answer": "Die Steine fehlen"}, now=NOW, of=question)[0] != leaf
    assert json.loads(entry(Kind.PUBLISHED, subject, {}, now=NOW)[0])["at"] == "2026-11-22T15:04:05Z"


@pytest.mark.parametrize(
    ("number", "width", "path"),
    [
        (0, WIDTH, "tile/0/000"),
        (7, 3, "tile/0/007.p/3"),
        (1234067, WIDTH, "tile/0/x001/x234/067"),
        (999, 1, "tile/0/999.p/1"),
        (1000, WIDTH, "tile/0/x001/000"),
    ],
)
def test_tiles_lie_where_the_standard_says(number, width, path):
    assert tile_path(0, number, width) == path


def test_a_signed_checkpoint_opens_for_its_key_and_for_no_other():
    key, other = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    checkpoint = Checkpoint(NAME, 700, root_of(HASHES))
    note = signed(checkpoint, key)
    assert opened(note, verifier_key(NAME, public_of(key))) == checkpoint
    with pytest.raises(NotSigned):
        opened(note, verifier_key(NAME, public_of(other)))
    with pytest.raises(NotSigned):
        opened(note, verifier_key("elsewhere/kranich", public_of(key)))


def test_a_changed_byte_of_a_checkpoint_is_always_noticed():
    key = Ed25519PrivateKey.generate()
    note = signed(Checkpoint(NAME, 700, root_of(HASHES)), key).encode()
    known, chance = verifier_key(NAME, public_of(key)), random.Random(7)
    for at in range(len(note)):
        for other in {note[at] ^ 1, note[at] ^ 128, chance.randrange(256)} - {note[at]}:
            changed = note[:at] + bytes([other]) + note[at + 1 :]
            with pytest.raises((NotSigned, UnicodeDecodeError)):
                opened(changed.decode(), known)
        with pytest.raises((NotSigned, UnicodeDecodeError)):
            opened((note[:at] + note[at + 1 :]).decode(), known)


def test_hashes_of_a_tile_are_told_apart():
    assert parts(HASHES[0] + HASHES[1]) == HASHES[:2]


@given(st.dictionaries(st.text(), st.one_of(st.text(), st.integers(-(2**53), 2**53), st.lists(st.text()))))
def test_an_entry_is_written_as_the_verifier_writes_it(entry: dict[str, object]) -> None:
    as_the_verifier = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()

    assert canonical(entry) == as_the_verifier
