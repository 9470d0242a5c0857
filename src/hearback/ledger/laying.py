"""The ledgers as files, where the house wants them so: a web server or a bucket then serves them without us.

They lie as their addresses say. Tiles come before the checkpoint that needs them, each whole or not at all; so the
folder holds a whole ledger at any time, if an older one, and whoever is killed on the way begins again.
"""

import asyncio
import shutil
from pathlib import Path
from uuid import UUID

import structlog
from msgspec import Struct

from hearback.database.engine import fetch
from hearback.ledger import queries
from hearback.ledger.checkpoints import Checkpoint, claimed
from hearback.ledger.keeping import kept, write_whole
from hearback.ledger.queries import Signed
from hearback.ledger.rules import WIDTH, Damaged, bundle, parts, tile_path, tile_paths
from hearback.settings import Settings, settings

FOR_ALL = 0o644
log = structlog.get_logger()


class Differs(Exception):
    """What lies there and what the database has cannot both be this ledger."""


class _Company(Struct, frozen=True):
    id: UUID
    slug: str


async def lay_all() -> None:
    """Trouble with one company's files does not stop the others; `doctor` says what is wrong."""
    if not settings().ledger_files:
        return
    for company in await fetch(
        _Company,
        "select id, slug from company c where exists (select from ledger_checkpoint where company = c.id) order by id",
    ):
        try:
            await _must_be_whole(company.id)
            await lay(company.id, files_of(settings(), company.slug))
        except (
            OSError,
            ValueError,
            Damaged,
            Differs,
        ) as trouble:  # full, read-only, gone, an older backup: tried again each minute
            log.error("ledger.cannot_lay_files", company=str(company.id), why=str(trouble))


async def _must_be_whole(company_id: UUID) -> None:
    """Files that were lost are not laid anew from an older backup. Raises Differs, OSError, ValueError."""
    mark = kept(settings(), company_id).mark()
    if mark is None or await queries.size_of(company_id) < mark.size:
        raise Differs("the database has less than was signed, or nobody knows how much was")


async def lay(company_id: UUID, folder: Path) -> None:
    """Whatever is missing of the newest checkpoint; what lies there never becomes less. Doing it twice changes nothing.

    Raises OSError, ValueError; Differs where another ledger lies there, or more of this one than the database has, as
    after an older backup: then nothing is touched.
    """
    newest, there = await queries.newest_checkpoint(company_id), checkpoint_in(folder)
    if newest is None:
        return
    if there:
        if there.origin != newest.origin:
            raise Differs(f"{folder} holds the ledger {there.origin}")
        if newest.size < there.size or await queries.root_of_first(company_id, there.size) != there.root:
            raise Differs(f"{folder} holds {there.size} entries that the database has not signed so")
        if newest.size == there.size:
            return
    laid = there.size if there else 0
    full = []
    for level, number, width in tile_paths(newest.size):
        first = number * WIDTH
        if first + width > laid >> (8 * level):
            await _lay_tile(company_id, folder, level, number, width)
        # One further back, too: whoever laid that may have been killed before its parts were gone.
        if width == WIDTH and first + 2 * WIDTH > laid >> (8 * level):
            full.append((level, number))
    await asyncio.to_thread(_end, folder, newest)
    await asyncio.to_thread(_without_parts, folder, full)


async def _lay_tile(company_id: UUID, folder: Path, level: int, number: int, width: int) -> None:
    stored = await queries.tiles(company_id, [(level, number)])
    hashes = b"".join(parts(stored(level, number))[:width])
    await asyncio.to_thread(_put, folder, level, number, width, hashes)
    if level == 0:
        entries = await queries.entries(company_id, number * WIDTH, number * WIDTH + width)
        await asyncio.to_thread(_put, folder, "entries", number, width, bundle(entries))


def _put(folder: Path, level: int | str, number: int, width: int, body: bytes) -> None:
    write_whole(folder / tile_path(level, number, width), body, FOR_ALL)


def _without_parts(folder: Path, full: list[tuple[int, int]]) -> None:
    """Of tiles that are full: no checkpoint that lies there needs them any more."""
    for level, number in full:
        for kind in (level, "entries") if level == 0 else (level,):
            shutil.rmtree((folder / tile_path(kind, number, 1)).parent, ignore_errors=True)


def _end(folder: Path, newest: Signed) -> None:
    write_whole(folder / "checkpoint", newest.note.encode(), FOR_ALL)


def checkpoint_in(folder: Path) -> Checkpoint | None:
    """As it lies there, whoever signed it; None where none does. Raises OSError, ValueError."""
    path = folder / "checkpoint"
    if not path.exists():
        return None
    return claimed(path.read_text())


def files_of(given: Settings, slug: str) -> Path:
    return Path(given.ledger_files) / slug / "ledger"
