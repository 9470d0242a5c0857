"""`hearback bench`: what 10,000 answers cost from the file to their themes, in a process of its own."""

import asyncio
import itertools
import json
import multiprocessing
import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg

from hearback.answering.queries import waiting
from hearback.bench.filling import QUESTION, SLUG, fill
from hearback.bench.memory import peak_mb
from hearback.clock import now
from hearback.database.embedded import EmbeddedPostgres
from hearback.database.engine import connected, fetch_value, use_database
from hearback.database.migrating import migrate
from hearback.listening.commands import import_sheet
from hearback.listening.reading import read_sheet
from hearback.listening.rules import Format
from hearback.people.queries import company_by_slug
from hearback.settings import PACKAGE
from hearback.themes import commands
from hearback.themes.splitting import split

ANSWERS, POINTS = 10_000, 4


def print_importing() -> None:
    """The peak is of the one process that imports and reads; what was measured before does not stand in it."""
    with tempfile.TemporaryDirectory(prefix="hearback-bench-") as folder:
        Path(folder).chmod(0o711)
        database = EmbeddedPostgres(Path(folder) / "data")
        database.start()
        try:
            asyncio.run(_prepare(database.owner_url))
            process = multiprocessing.get_context("spawn").Process(
                target=_import_and_read, args=[database.app_url]
            )
            process.start()
            process.join()
            if process.exitcode:
                raise RuntimeError("importing broke off")
        finally:
            database.stop()


async def _prepare(url: str) -> None:
    await migrate(url)
    await fill(url)
    owner = await asyncpg.connect(url)
    await owner.execute("update question set closes_at = closes_at + interval '1 year'")
    await owner.close()


def _import_and_read(url: str) -> None:
    use_database(url)
    print(asyncio.run(_measure()))


async def _measure() -> str:
    sheet = read_sheet(_file(), Format.JSONL)
    cpu, clock = time.process_time(), time.perf_counter()
    async with connected():
        company = await company_by_slug(SLUG)
        await import_sheet(company.id, QUESTION, sheet, named={}, file_name="bench", by=None, now=now())
        await commands.sort(company.id, now=now())
        excerpts = await fetch_value("select count(*) from excerpt where company = $1", company.id)
        themes = await fetch_value(
            "select count(distinct theme) from placement where company = $1", company.id
        )
        left = await waiting(company.id)
    cpu, clock = time.process_time() - cpu, time.perf_counter() - clock
    return (
        f"{ANSWERS} answers imported, {excerpts} excerpts read by the first model, {themes} themes, "
        f"{left.unsorted} answers with something unsorted: {cpu:.0f} s CPU, {clock:.0f} s, peak {peak_mb()} MB"
    )


def _file() -> bytes:
    rows = ({"id": f"bench-{n}", "text": text} for n, text in enumerate(itertools.islice(_texts(), ANSWERS)))
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode()


def _texts() -> Iterator[str]:
    """Each point is half of one that fans wrote and half of another: words as they come, hardly any wording twice."""
    chance = random.Random(1)  # noqa: S311  (made-up answers are no secret)
    lines = (PACKAGE / "demo" / "answers.jsonl").read_text("utf-8").splitlines()
    said = [
        text[span.start : span.end].rstrip(".!? ").split() for text in _answers(lines) for span in split(text)
    ]
    while True:
        pairs = (chance.sample(said, 2) for _ in range(POINTS))
        yield " ".join(
            " ".join([*one[: (len(one) + 1) // 2], *other[len(other) // 2 :]]) + "." for one, other in pairs
        )


def _answers(lines: list[str]) -> Iterator[str]:
    return (json.loads(line)["text"] for line in lines)
