"""`hearback bench desk`: what the desk's pages cost with 10,000 excerpts in 300 themes, and their slowest statement."""

import asyncio
import re
import secrets
import socket
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import asyncpg
from msgspec import Struct

from hearback.bench.crowd import ANSWERS, COOKIE, SLUG, fill_crowd
from hearback.bench.measuring import Served, cpu_us_per_request, in_turn, ratio, read_answer, served
from hearback.database.embedded import EmbeddedPostgres
from hearback.database.migrating import migrate

REQUESTS = 15
ROUNDS = 3
LOOKS = 7
DURATION = re.compile(r"duration: ([0-9.]+) ms")


class Page(Struct, frozen=True):
    name: str
    path: str


PAGES = [
    Page("inbox", "/inbox"),
    Page("unsorted answers in the inbox", "/inbox?show=unsorted"),
    Page("list of themes, the largest open", "/themes"),
    Page("one theme", "/themes/{theme}"),
    Page("unsorted pile", "/themes/unsorted"),
    Page("search, nothing typed", "/search"),
    Page("search, a common word", "/search?q=Anleitung"),
    Page("search, two words and a filter", "/search?q=Bahnhof+Karte&lies=unsorted"),
    Page("search, a slip", "/search?q=Anlietung"),
    Page("more like one excerpt", "/search?like={excerpt}"),
]


def bench_desk(answers: int = ANSWERS, requests: int = REQUESTS, rounds: int = ROUNDS) -> None:
    with tempfile.TemporaryDirectory(prefix="hearback-bench-") as folder:
        Path(folder).chmod(0o711)
        database = EmbeddedPostgres(Path(folder) / "data")
        database.start()
        try:
            ids = asyncio.run(_prepare(database, answers))
            _print(database, Path(folder) / "data" / "postgres.log", ids, requests, rounds)
        finally:
            database.stop()


async def _prepare(database: EmbeddedPostgres, answers: int) -> dict[str, str]:
    await migrate(database.owner_url)
    connection = await asyncpg.connect(database.superuser_url)
    await connection.execute("alter role hearback_app set log_min_duration_statement = 0")
    await connection.close()
    theme, excerpt = await fill_crowd(database.owner_url, answers)
    return {"theme": str(theme), "excerpt": str(excerpt)}


def _print(database: EmbeddedPostgres, log: Path, ids: dict[str, str], requests: int, rounds: int) -> None:
    env = {
        "DATABASE_URL": database.app_url,
        "HEARBACK_SECRET_KEY": secrets.token_hex(32),
        "HEARBACK_PUBLIC_URL": "http://127.0.0.1",
        "HEARBACK_LOG_LEVEL": "warning",
    }
    with (
        served("hearback.bench.yardsticks:litestar_hello", env) as hello,
        served("hearback.app:build_app", env) as ours,
    ):
        measures: dict[str, Callable[[], float]] = {}
        measures["hello"] = partial(cpu_us_per_request, hello, partial(_get, "/"), requests * 20)
        for page in PAGES:
            measures[page.name] = partial(cpu_us_per_request, ours, partial(_get, _path(page, ids)), requests)
        found = in_turn(measures, rounds)
        for page in PAGES:
            wall, slowest = _looked_at(ours, _path(page, ids), log)
            cpu = statistics.median(found[page.name]) / 1000
            print(
                f"{page.name:35s} {ratio(found, page.name, 'hello'):5.0f} × hello  CPU {cpu:5.1f} ms  "
                f"wall {wall:6.1f} ms  slowest SQL {slowest:6.1f} ms",
                flush=True,
            )


def _looked_at(server: Served, path: str, log: Path) -> tuple[float, float]:
    """Median wall of a page in ms, and of its slowest statement."""
    walls, slowest = [], []
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        reading = connection.makefile("rb")
        for _ in range(LOOKS):
            before, began = log.stat().st_size, time.perf_counter()
            connection.sendall(_get(path))
            read_answer(reading)
            walls.append((time.perf_counter() - began) * 1000)
            with log.open("rb") as lines:
                lines.seek(before)
                said = lines.read().decode(errors="replace")
            slowest.append(max(map(float, DURATION.findall(said)), default=0.0))
    return statistics.median(walls), statistics.median(slowest)


def _path(page: Page, ids: dict[str, str]) -> str:
    return f"/desk/{SLUG}{page.path.format(**ids)}"


def _get(path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {COOKIE}\r\n\r\n".encode()
