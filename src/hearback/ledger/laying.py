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
from hearback.ledger.keeping import write_whole
from hearback.ledger.queries import Signed
from hearback.ledger.rules import WIDTH, bundle, parts, tile_path, tile_paths
from hearback.settings import Settings, settings

FOR_ALL = 0o644
log = structlog.get_logger()


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
            await lay(company.id, files_of(settings(), company.slug))
        except OSError as trouble:  # full, read-only, gone: tried again each minute
            log.error("ledger.cannot_lay_files", company=str(company.id), why=str(trouble))


async def lay(company_id: UUID, folder: Path) -> None:
    """Whatever is missing of the newest checkpoint. Doing it twice changes nothing. Raises OSError."""
    newest, laid = await queries.newest_checkpoint(company_id), laid_in(folder)
    if newest is None or newest.size == laid:
        return
    for level, number, width in tile_paths(newest.size):
        first = number * WIDTH
        if first + width > laid >> (8 * level):
            await _lay_tile(company_id, folder, level, number, width)
    await asyncio.to_thread(_end, folder, newest)


async def _lay_tile(company_id: UUID, folder: Path, level: int, number: int, width: int) -> None:
    stored = await queries.tiles(company_id, [(level, number)])
    hashes = b"".join(parts(stored(level, number))[:width])
    await asyncio.to_thread(_put, folder, level, number, width, hashes)
    if level == 0:
        entries = await queries.entries(company_id, number * WIDTH, number * WIDTH + width)
        await asyncio.to_thread(_put, folder, "entries", number, width, bundle(entries))


def _put(folder: Path, level: int | str, number: int, width: int, body: bytes) -> None:
    write_whole(folder / tile_path(level, number, width), body, FOR_ALL)
    if width == WIDTH:  # its parts are no longer needed
        shutil.rmtree((folder / tile_path(level, number, 1)).parent, ignore_errors=True)


def _end(folder: Path, newest: Signed) -> None:
    write_whole(folder / "checkpoint", newest.note.encode(), FOR_ALL)


def laid_in(folder: Path) -> int:
    """The size of the ledger that lies there."""
    path = folder / "checkpoint"
    return int(path.read_text().split("\n")[1]) if path.exists() else 0


def files_of(given: Settings, slug: str) -> Path:
    return Path(given.ledger_files) / slug / "ledger"
