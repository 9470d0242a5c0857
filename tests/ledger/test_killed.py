"""Whoever signs is killed, really, at each of its steps; the next one goes on, and no checkpoint ever shrinks."""

import asyncio
import multiprocessing
import os
import signal
from pathlib import Path
from uuid import UUID

from hearback.database.engine import connected, use_database
from hearback.ledger import jobs, keeping, laying, queries, signing
from hearback.ledger.laying import files_of
from hearback.ledger.verify import verify
from hearback.settings import settings
from tests.ledger.test_signing import add, laid_in, must_hold, newest

STEPS = {
    "before the numbers": (signing, "_number"),
    "among the numbers": (signing, "_grow"),
    "between two levels of tiles": (signing, "root_of"),
    "before the mark": (keeping, "write_whole"),
    "in the middle of the mark": (keeping.os, "fsync"),
    "between mark and checkpoint": (signing, "signed"),
    "after the checkpoint, before it is committed": (queries, "tells_in_public"),
    "after the checkpoint, before the files": (laying, "_put"),
    "between a tile and its entries": (laying, "bundle"),
    "after the tiles, before their checkpoint": (laying, "_end"),
    "before the parts of a tile go that is full now": (laying.shutil, "rmtree"),
}
ROUNDS = 3 if os.environ.get("CI") else 1
LAST = "before the parts of a tile go that is full now"
FILLS_A_TILE = {"between two levels of tiles", "after the tiles, before their checkpoint", LAST}


def die(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def sign_until(step: str, url: str, company: UUID, files: str) -> None:
    """In a process of its own."""
    os.environ["HEARBACK_LEDGER_FILES"] = files
    settings.cache_clear()
    use_database(url)
    setattr(*STEPS[step], die)

    async def run() -> None:
        async with connected():
            await signing.sign(company)
            await laying.lay_all()

    asyncio.run(run())


async def test_whoever_signs_is_killed_at_each_step_and_the_next_one_mends_it(
    company, database, set_env, tmp_path: Path
):
    set_env("HEARBACK_LEDGER_FILES", str(tmp_path))
    files = files_of(settings(), company.slug)
    loaded = multiprocessing.get_context("forkserver")
    loaded.set_forkserver_preload(["hearback.app", "hearback.worker"])
    await add(company, 255)
    await jobs.sign()
    size = 255
    for step in [*STEPS] * ROUNDS:
        more = 257 - size % 256 if step in FILLS_A_TILE else 2
        await add(company, more)
        process = loaded.Process(target=sign_until, args=(step, database, company.id, str(tmp_path)))
        process.start()
        await asyncio.to_thread(process.join, 60)
        assert process.exitcode == -signal.SIGKILL, step
        assert (await newest(company)).size >= size, "no checkpoint ever shrinks"
        laid, last = laid_in(files), step == LAST
        assert laid == (size + more if last else size), "what lies there is older"
        key = (await queries.keys(company.id))[0].line
        assert verify(str(files), key).startswith(f"OK: {laid} entries"), "and whole"

        size += more
        await jobs.sign()
        await must_hold(company, size)
        assert laid_in(files) == size
    await add(company)
    await jobs.sign()
    parts = [path.relative_to(files) for path in files.rglob("*.p")]
    full = [path for path in parts if (files / str(path).removesuffix(".p")).exists()]
    assert full == [], "of what is full no parts lie about"
