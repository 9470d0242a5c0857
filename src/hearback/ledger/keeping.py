"""What must not lie in the database: the key that signs, and how far it has signed.

A folder for each company. Who has the database alone can sign nothing, and who restores an older backup of it cannot
make the ledger shorter unseen: the mark remembers.
"""

import os
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import Struct

from hearback.ledger.checkpoints import public_of
from hearback.ledger.rules import root_of
from hearback.settings import Settings, data_folder


class Mark(Struct, frozen=True):
    """The largest tree that was ever signed."""

    size: int
    root: bytes


NOTHING_YET = Mark(0, root_of([]))
NEXT = "key.next"


class Kept(Struct, frozen=True):
    """Where a company's key and mark lie; both in one folder where no other is said for the mark."""

    folder: Path
    marks: Path | None = None

    @property
    def mark_file(self) -> Path:
        return (self.marks or self.folder) / "mark"

    def key(self, name: str = "key") -> Ed25519PrivateKey | None:
        """Raises ValueError for a file that holds no key."""
        path = self.folder / name
        return (
            Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text())) if path.exists() else None
        )

    def make_key(self, name: str = "key") -> Ed25519PrivateKey:
        key = Ed25519PrivateKey.generate()
        self.write(name, key.private_bytes_raw().hex())
        return key

    def key_of(self, public: bytes) -> Ed25519PrivateKey | None:
        """The one that signs. Whoever was killed while it changed left the new one as `key.next`: it takes over."""
        coming = self.key(NEXT)
        if coming and coming.public_key().public_bytes_raw() == public:
            _put_away(self.folder / "key")
            (self.folder / NEXT).rename(self.folder / "key")
        return self.key()

    def put_away_as(self, public: bytes) -> Path | None:
        """Where a key lies that was put away. Raises ValueError for a file that holds none."""
        names = [path.name for path in sorted(self.folder.glob("key.*"))]
        keys = [(name, key) for name in names if (key := self.key(name))]
        return next((self.folder / name for name, key in keys if public_of(key) == public), None)

    def mark(self) -> Mark | None:
        """None where it is missing: a key has had one since it was made."""
        if not self.mark_file.exists():
            return None
        size, root = self.mark_file.read_text().split()
        return Mark(int(size), bytes.fromhex(root))

    def set_mark(self, mark: Mark) -> None:
        _write(self.mark_file, f"{mark.size} {mark.root.hex()}\n")

    def put_away(self, *files: Path) -> int:
        """These, the key and the mark stay, as `key.1` and so on; what was signed can still be shown. Their number."""
        return _put_away(*files, self.folder / "key", self.mark_file)

    def write(self, name: str, words: str) -> None:
        """For our own eyes only."""
        _write(self.folder / name, words)


def _put_away(*files: Path) -> int:
    number = 1
    while any(file.with_name(f"{file.name}.{number}").exists() for file in files):
        number += 1
    for file in files:
        if file.exists():
            file.rename(file.with_name(f"{file.name}.{number}"))
    return number


def _write(file: Path, words: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_whole(file, words.encode(), 0o600)


def kept(settings: Settings, company_id: UUID) -> Kept:
    marks = Path(settings.ledger_marks) / str(company_id) if settings.ledger_marks else None
    return Kept(keys_folder(settings) / str(company_id), marks)


def keys_folder(settings: Settings) -> Path:
    return Path(settings.ledger_keys) if settings.ledger_keys else data_folder(settings) / "ledger"


def write_whole(path: Path, body: bytes, mode: int) -> None:
    """Whole or not at all, and on the disk before anybody relies on it. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.unfinished")
    with open(os.open(unfinished, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, mode), "wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
