"""What a data folder keeps beside the database: the secret key, who may sign in to the demo, and where it is served."""

import os
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path

from hearback.settings import Settings, data_folder

DEMO = "demo-password"
ADDRESS = "address"


def kept_secret(folder: Path) -> str:
    """One key for all processes of this data folder, made on first start."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "secret"
    if not path.exists():
        _write(path, secrets.token_urlsafe(48))
    return path.read_text()


def keep_address(folder: Path, url: str) -> None:
    """For commands that are started without knowing on which port `serve` listens."""
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / ADDRESS, url)


def address_of(settings: Settings) -> str:
    """Where the house answers: as it is set, or as it was served last from its data folder."""
    kept = data_folder(settings) / ADDRESS
    return kept.read_text() if not settings.public_url and kept.exists() else settings.base_url


def new_password() -> str:
    letters = "abcdefghjkmnpqrstuvwxyz23456789"  # none that look alike
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))


def keep_demo(folder: Path, password: str, people: Iterable[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / DEMO, "\n".join([password, *people]))


def demo_sign_ins(folder: Path, url: str) -> Iterator[str]:
    """Lines for the terminal; none when this folder holds no demo."""
    kept = folder / DEMO
    if kept.exists():
        password, *people = kept.read_text().splitlines()
        yield f"Demo: sign in at {url}/in with the password {password} as"
        yield from (f"  {person}" for person in people)


def _write(path: Path, words: str) -> None:
    """For our own eyes only; whole or not at all."""
    unfinished = path.with_name(f"{path.name}.unfinished")
    with open(os.open(unfinished, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w") as file:
        file.write(words)
    unfinished.replace(path)
