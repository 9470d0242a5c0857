"""The catalogues: one folder a language, one .po a room, msgids are keys; compiled to one .mo a language."""

import gettext
import os
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

HERE = Path(__file__).parent
CATALOGUES = ("de", "de_formal", "en")


def sources(catalogue: str) -> list[Path]:
    return sorted((HERE / catalogue).glob("*.po"))


def compiled(catalogue: str) -> Path:
    return HERE / catalogue / "hearback.mo"


def read_sources(catalogue: str) -> Catalog:
    """Every room's words in one catalogue; a key that two rooms define raises ValueError."""
    whole = Catalog(locale=catalogue.split("_")[0])
    for source in sources(catalogue):
        with source.open("rb") as file:
            for message in read_po(file, locale=catalogue.split("_")[0], abort_invalid=True):
                if not message.id:
                    continue
                if message.id in whole:
                    raise ValueError(f"{source}: {message.id!r} is defined twice")
                whole[message.id] = message
    return whole


def behind(catalogue: str) -> bool:
    """Whether a source is newer than what was compiled, or nothing was."""
    newest = max((source.stat().st_mtime for source in sources(catalogue)), default=0.0)
    target = compiled(catalogue)
    return not target.exists() or target.stat().st_mtime < newest


def compile_all() -> Iterator[Path]:
    """Write the .mo of each language whose sources are newer; yields what was written."""
    for catalogue in CATALOGUES:
        if not behind(catalogue):
            continue
        target = compiled(catalogue)
        target.parent.mkdir(exist_ok=True)
        # Two processes may find the sources newer at once. What a killed one leaves is compiled, by its name too.
        half_done = target.with_suffix(f".{os.getpid()}.mo")
        try:
            with half_done.open("wb") as file:
                write_mo(file, read_sources(catalogue))
            half_done.replace(target)
        finally:
            half_done.unlink(missing_ok=True)
        yield target


def load(catalogue: str) -> gettext.GNUTranslations:
    """Raises FileNotFoundError when nothing was compiled: the build and `./run` do that."""
    with compiled(catalogue).open("rb") as file:
        return gettext.GNUTranslations(file)
