"""Watch over another installation's ledger: sign what it says now, once it holds all it has said before.

Needs no database. In a folder lie our key, and for each ledger the key it is known by, every checkpoint that we
signed, and those we saw and could not prove yet; so whoever changes its past has to say so to us.
"""

import hashlib
import urllib.parse
import urllib.request
from functools import partial
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import Struct

from hearback.ledger import verify
from hearback.ledger.checkpoints import (
    COSIGNED,
    Checkpoint,
    NotSigned,
    Seen,
    claimed,
    cosigned,
    opened,
    public_of,
    seen,
    verifier_key,
)
from hearback.ledger.keeping import Kept
from hearback.ledger.proving import root_between
from hearback.ledger.rules import WIDTH, Tile, consistency, grown, tile_path


class Watched(Struct, frozen=True):
    """before: the size we knew; None where we had not seen it. note: its checkpoint, with our line."""

    before: int | None
    size: int
    note: str


class Rewritten(Exception):
    """It does not hold what it has said before; what it says now is kept beside it as evidence."""


MOST_UNPROVEN = 100


class Watch(Struct, frozen=True):
    """folder: ours. name: under which we sign, such as our own address."""

    folder: Path
    name: str

    def key(self) -> Ed25519PrivateKey:
        kept = Kept(self.folder)
        return kept.key() or kept.make_key()

    @property
    def line(self) -> str:
        """What the ledger's company has to list before it shows our signature."""
        return verifier_key(self.name, public_of(self.key()), COSIGNED)

    def see(self, base: str, known_by: str | None, *, at: int) -> Watched:
        """Its checkpoint, signed by us as well, and kept.

        base: the ledger's address or folder. known_by: its key, needed once; what is kept of it decides from then on.
        What is signed by it stays with us before we ask for its tiles: whoever withholds them cannot take it back.
        Raises NotSigned, ValueError where something does not fit, OSError where something cannot be had, Rewritten.
        """
        note = verify.get(base, "checkpoint").decode()
        of_it = self.folder / hashlib.sha256(note.partition("\n")[0].encode()).hexdigest()[:16]
        kept, key = Kept(of_it), self._key_of(of_it, known_by)
        try:
            now = opened(note, key)
        except NotSigned:
            if of_it.exists():
                kept.write("not-signed", note)
            raise
        unproven = sorted(of_it.glob("*.unproven"))
        if len(unproven) < MOST_UNPROVEN:
            kept.write(f"{_name(note, now)}.unproven", note)
        before, tile = self._newest(of_it), partial(_tile, base, now.size)
        if before is None:
            verify.verify(base, key)  # at first sight all of it; from then on only that it grew
        elif not _holds(before.checkpoint, now, tile):
            raise self._rewritten(of_it, self._narrowed(of_it, now, tile), note, now)
        for path in unproven:
            once = claimed(
                path.read_text()
            )  # signed, or it would not lie here; their key may have changed since
            if not _holds(once, now, tile):
                path.rename(path.with_suffix(".rewritten"))
                told = f"It does not hold the {once.size} entries that it once showed us."
                raise self._rewritten(of_it, told, note, now)
        known = before.checkpoint.size if before else None
        # Our clock may have been set back since.
        signed = cosigned(note, self.name, self.key(), max(at, before.at) if before else at)
        kept.write("known-by", f"{key}\n")
        if known is None or now.size > known:
            kept.write(f"{now.size:020}.checkpoint", signed)
        for path in of_it.glob("*.unproven"):
            path.unlink()
        return Watched(known, now.size, signed)

    def _rewritten(self, of_it: Path, told: str, note: str, now: Checkpoint) -> Rewritten:
        """With the evidence kept."""
        Kept(of_it).write(f"{_name(note, now)}.rewritten", note)
        (of_it / f"{_name(note, now)}.unproven").unlink(missing_ok=True)
        return Rewritten(f"{told} Evidence: {of_it}")

    def _key_of(self, of_it: Path, known_by: str | None) -> str:
        path = of_it / "known-by"
        if not path.exists():
            if known_by is None:
                raise ValueError("not seen before: say its key, as it stands on its page, with --key")
            return known_by
        key = path.read_text().strip()
        if known_by not in (None, key):
            raise ValueError(
                f"known by another key; where it changed and said so, put the new one into {path}"
            )
        return key

    def _newest(self, of_it: Path) -> Seen | None:
        """Known by our own signature: their key may have changed since."""
        found = sorted(of_it.glob("*.checkpoint"))
        return seen(found[-1].read_text(), self.line) if found else None

    def _narrowed(self, of_it: Path, now: Checkpoint, tile: Tile) -> str:
        """The first that we signed and that does not fit, and the last before it that does."""
        fits = misses = 0
        for path in sorted(of_it.glob("*.checkpoint")):
            misses = int(path.stem)
            try:
                holds = _holds(seen(path.read_text(), self.line).checkpoint, now, tile)
            except NotSigned:  # signed under another name of ours
                continue
            except OSError:  # tiles that it should have
                holds = False
            if not holds:
                break
            fits = misses
        still = f"; the first {fits} still are" if fits else ""
        return f"It does not hold its first {misses} entries as they were{still}."


def _name(note: str, checkpoint: Checkpoint) -> str:
    """Of a file: two notes of one size are two files."""
    return f"{checkpoint.size:020}.{hashlib.sha256(note.encode()).hexdigest()[:16]}"


def hand_over(base: str, note: str) -> None:
    """Raises OSError where they do not take it: they have to list us first."""
    body = urllib.parse.urlencode({"note": note}).encode()
    urllib.request.urlopen(f"{base.rstrip('/')}/witnesses", body, timeout=30).close()  # noqa: S310  (http, as `get` had)


def _holds(before: Checkpoint, now: Checkpoint, tile: Tile) -> bool:
    if now.size < before.size:
        return False
    path = consistency(before.size, now.size, lambda low, high: root_between(low, high, tile))
    return grown(before.size, before.root, now.size, now.root, path)


def _tile(base: str, size: int, level: int, number: int) -> bytes:
    """As wide as it is in a ledger of that size."""
    width = min(WIDTH, (size >> (8 * level)) - number * WIDTH)
    return verify.get(base, tile_path(level, number, width))
