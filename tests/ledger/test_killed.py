"""Whoever signs is killed, really, at each of its steps; the next one goes on, and no checkpoint ever shrinks."""

import asyncio
import multiprocessing
import os
import signal
from pathlib import Path
from uuid import UUID

from hearback.database.engine import connected, use_database
from hearback.ledger import jobs, keeping, laying, queries, signing
from hearback.ledger.laying import files_of, laid_in
from hearback.settings import settings
from tests.ledger.test_signing import add, must_hold, newest

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
    "before the parts of a tile go that is full now": (laying.shutil, "rmtree"),
    "after the tiles, before their checkpoint": (laying, "_end"),
}
ROUNDS = 3 if os.environ.get("CI") else 1
FILLS_A_TILE = {"between two levels of tiles", "before the parts of a tile go that is full now"}


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
        assert laid_in(files) == size, "and what lies there is whole, if older"

        size += more
        await jobs.sign()
        await must_hold(company, size)
        assert laid_in(files) == size
