"""What must not lie in the database: the key that signs, and how far it has signed.

A folder for each company. Who has the database alone can sign nothing, and who restores an older backup of it cannot
make the ledger shorter unseen: the mark remembers.
"""

import os
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import Struct

from hearback.settings import Settings, data_folder


class Mark(Struct, frozen=True):
    """The largest tree that was ever signed."""

    size: int
    root: bytes


NOTHING_YET = Mark(0, b"")


class Kept(Struct, frozen=True):
    """Where a company's key and mark lie."""

    folder: Path

    def key(self) -> Ed25519PrivateKey | None:
        """Raises ValueError for a file that holds no key."""
        path = self.folder / "key"
        return (
            Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text())) if path.exists() else None
        )

    def make_key(self) -> Ed25519PrivateKey:
        key = Ed25519PrivateKey.generate()
        self._write("key", key.private_bytes_raw().hex())
        return key

    def mark(self) -> Mark:
        path = self.folder / "mark"
        if not path.exists():
            return NOTHING_YET
        size, root = path.read_text().split()
        return Mark(int(size), bytes.fromhex(root))

    def set_mark(self, mark: Mark) -> None:
        self._write("mark", f"{mark.size} {mark.root.hex()}\n")

    def put_away(self) -> None:
        """Key and mark stay, as `key.1`, `mark.1` and so on; what was signed with them can still be shown."""
        number = 1
        while any((self.folder / f"{name}.{number}").exists() for name in ("key", "mark")):
            number += 1
        for name in ("key", "mark"):
            if (self.folder / name).exists():
                (self.folder / name).rename(self.folder / f"{name}.{number}")

    def _write(self, name: str, words: str) -> None:
        """For our own eyes only; whole or not at all, and on the disk before anybody relies on it."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        unfinished = self.folder / f"{name}.unfinished"
        with open(os.open(unfinished, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w") as file:
            file.write(words)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(self.folder / name)
        folder = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def kept(settings: Settings, company_id: UUID) -> Kept:
    return Kept(keys_folder(settings) / str(company_id))


def keys_folder(settings: Settings) -> Path:
    return Path(settings.ledger_keys) if settings.ledger_keys else data_folder(settings) / "ledger"
