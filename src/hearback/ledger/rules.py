"""What an entry says, and the tree over all of them: RFC 6962 hashes in the layout of C2SP tlog-tiles."""

import hashlib
import re
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from enum import StrEnum
from uuid import UUID

import msgspec

WIDTH = 256  # hashes in a full tile
HASH_BYTES = 32
CANONICAL = msgspec.json.Encoder(order="sorted")
LONGEST_ENTRY = 65_535  # its length stands in two bytes of a bundle

Salts = dict[str, bytes]
Tile = Callable[[int, int], bytes]
"""level, number → the hashes of a tile, as many as there are."""


class Kind(StrEnum):
    """What can happen to an answer, to the count of a question, to a note, to a promise and to the ledger's key."""

    RECEIVED = "answer.received"
    CORRECTED = "answer.corrected"
    SET_ASIDE = "answer.set-aside"
    RESTORED = "answer.restored"
    WITHDRAWN = "answer.withdrawn"
    ERASED = "answer.erased"
    REDACTED = "answer.redacted"
    COUNTED = "question.counted"
    PUBLISHED = "note.published"
    REVISED = "note.revised"
    NOTE_WITHDRAWN = "note.withdrawn"
    FIELD_ERASED = "note.field-erased"
    PROMISE_MADE = "promise.made"
    PROMISE_MOVED = "promise.moved"
    PROMISE_KEPT = "promise.kept"
    KEY_CHANGED = "ledger.key-changed"
    PROMISE_BROKEN = "promise.broken"

    @property
    def waits(self) -> bool:
        """For the minute, so that no signature tells the second in which an answer came; and counts wait with them.

        All else is public with its time anyway, and is signed at once.
        """
        return self.startswith("answer.") or self is Kind.COUNTED


def entry(
    kind: Kind,
    subject: UUID,
    said: Mapping[str, str],
    *,
    now: datetime | date,
    of: UUID | None = None,
    figures: Mapping[str, int] | None = None,
) -> tuple[bytes, Salts]:
    """The leaf as bytes, and the salt of each field: without its salt, nobody can tell what a field said.

    of: the question of an answer, the note of a revision, the promise that got a new date. Of what happens to answers
    only the day is told.
    """
    salts = {name: secrets.token_bytes(HASH_BYTES) for name in said}
    told: dict[str, object] = {
        "v": 1,
        "kind": kind.value,
        "subject": str(subject),
        "at": _at(kind, now),
        "fields": {name: commitment(name, text, salts[name]).hex() for name, text in said.items()},
    }
    if of:
        told["of"] = str(of)
    if figures is not None:
        told["figures"] = dict(figures)
    leaf = canonical(told)
    if len(leaf) > LONGEST_ENTRY:
        raise ValueError("too long for a leaf")
    return leaf, salts


def _at(kind: Kind, now: datetime | date) -> str:
    if not isinstance(now, datetime):
        return now.isoformat()
    return now.astimezone(UTC).date().isoformat() if kind.startswith("answer.") else second(now)


def second(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def commitment(name: str, text: str, salt: bytes) -> bytes:
    return _sha(b"field/v1\0" + salt + canonical([name, text]))


def canonical(value: object) -> bytes:
    """To the byte what `json.dumps(…, sort_keys=True, separators=(",", ":"), ensure_ascii=False)` of the verifier says.

    Each answer is written so while its fan waits.
    """
    return CANONICAL.encode(value)


def leaf_hash(leaf: bytes) -> bytes:
    return _sha(b"\0" + leaf)


def root_of(hashes: Sequence[bytes]) -> bytes:
    """RFC 6962's tree hash, from the hashes of its leaves or of whole subtrees of one size; the last may be smaller."""
    row = list(hashes)
    while len(row) > 1:
        row = [_node(*row[i : i + 2]) if i + 1 < len(row) else row[i] for i in range(0, len(row), 2)]
    return row[0] if row else _sha(b"")


def root_at(size: int, tile: Tile) -> bytes:
    """The tree hash of the first `size` leaves, from one tile a level. A tile may hold more than belongs to them.

    Raises Damaged for a tile that holds less.
    """
    below: list[bytes] = []  # the hash of what is too little for the level, if any
    for level, number in edges(size):
        width = (size >> (8 * level)) % WIDTH
        hashes = parts(tile(level, number))[:width]
        if len(hashes) < width:
            raise Damaged(f"tile {level}/{number} holds {len(hashes)} hashes instead of {width}")
        if hashes or below:
            below = [root_of([*hashes, *below])]
    return below[0] if below else root_of([])


def edges(size: int) -> Iterator[tuple[int, int]]:
    """Level and number of the tiles on the right edge of a tree."""
    level = 0
    while size >> (8 * level):
        yield level, (size >> (8 * level)) // WIDTH
        level += 1


class Damaged(Exception):
    """What is stored is not what a whole ledger looks like."""


def parts(hashes: bytes) -> list[bytes]:
    return [hashes[i : i + HASH_BYTES] for i in range(0, len(hashes), HASH_BYTES)]


def inclusion(number: int, size: int, root: Callable[[int, int], bytes]) -> list[bytes]:
    """The neighbours on the way from leaf `number` up to the tree hash. root: that of the leaves from … to before …"""
    path, low, high = [], 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if number < middle:
            path.append(root(middle, high))
            high = middle
        else:
            path.append(root(low, middle))
            low = middle
    return path[::-1]


def consistency(old: int, size: int, root: Callable[[int, int], bytes]) -> list[bytes]:
    """What proves that the first `old` leaves of this tree are the tree it once was; RFC 6962, 2.1.2."""
    path, low, high, whole = [], 0, size, True
    while old != high:
        middle = low + _split(high - low)
        if old <= middle:
            path.append(root(middle, high))
            high = middle
        else:
            path.append(root(low, middle))
            low, whole = middle, False
    return [*([] if whole else [root(low, high)]), *path[::-1]]


def included(leaf: bytes, number: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """leaf: its hash. RFC 9162, 2.1.3.2."""
    if not 0 <= number < size:
        return False
    at, last, found = number, size - 1, leaf
    for beside in path:
        if last == 0:
            return False
        if at & 1 or at == last:
            found = _node(beside, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = _node(found, beside)
        at, last = at >> 1, last >> 1
    return last == 0 and found == root


def grown(old: int, old_root: bytes, size: int, root: bytes, path: Sequence[bytes]) -> bool:
    """Whether the tree of `size` leaves begins with the old one. RFC 9162, 2.1.4.2."""
    if not 0 < old <= size:
        return old == 0 and not path
    if old == size:
        return not path and old_root == root
    steps = list(path) if old & (old - 1) else [old_root, *path]
    at, last = old - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    if not steps:
        return False
    before = after = steps[0]
    for beside in steps[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            before, after = _node(beside, before), _node(beside, after)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            after = _node(after, beside)
        at, last = at >> 1, last >> 1
    return last == 0 and before == old_root and after == root


def tile_paths(size: int) -> Iterator[tuple[int, int, int]]:
    """Every tile of a tree: level, number, how many hashes."""
    level = 0
    while count := size >> (8 * level):
        for number in range(-(-count // WIDTH)):
            yield level, number, min(WIDTH, count - number * WIDTH)
        level += 1


def tile_path(level: int | str, number: int, width: int = WIDTH) -> str:
    """`tile/0/x001/234` or `tile/entries/000.p/7`. level: of hashes, or `entries`."""
    digits = str(number)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    *above, last = [digits[i : i + 3] for i in range(0, len(digits), 3)]
    partial = "" if width == WIDTH else f".p/{width}"
    return "/".join([f"tile/{level}", *(f"x{three}" for three in above), last]) + partial


TILE = re.compile(
    r"(?P<level>entries|\d)/(?P<above>(?:x\d{3}/){0,5})(?P<last>\d{3})(?:\.p/(?P<width>\d{1,3}))?"
)


def tile_at(path: str) -> tuple[int | None, int, int] | None:
    """Level (None: of entries), number and width of a path after `tile/`; None for a path that is none."""
    found = TILE.fullmatch(path)
    if found is None:
        return None
    number = int((found["above"] + found["last"]).replace("x", "").replace("/", ""))
    width = int(found["width"] or WIDTH)
    if width not in range(1, WIDTH + 1) or f"tile/{path}" != tile_path(found["level"], number, width):
        return None
    return None if found["level"] == "entries" else int(found["level"]), number, width


def bundle(leaves: Sequence[bytes]) -> bytes:
    return b"".join(len(leaf).to_bytes(2, "big") + leaf for leaf in leaves)


def _split(count: int) -> int:
    """The largest power of two below it."""
    return 1 << (count - 1).bit_length() - 1


def _node(left: bytes, right: bytes) -> bytes:
    return _sha(b"\1" + left + right)


def _sha(what: bytes) -> bytes:
    return hashlib.sha256(what).digest()
