"""`hearback bench`: CPU per request of our pages against the least the same stack can do, in one run."""

import asyncio
import re
import secrets
import socket
import tempfile
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

import asyncpg
from msgspec import Struct

from hearback.bench.filling import QUESTION, SLUG, WORDS, fill
from hearback.bench.hostile import print_hostile
from hearback.bench.importing import print_importing
from hearback.bench.measuring import Served, cpu_us_per_request, in_turn, ratio, served
from hearback.clock import now
from hearback.database.embedded import EmbeddedPostgres
from hearback.database.migrating import migrate
from hearback.trust.integrity.form_key import new_key

REQUESTS = 1500
ROUNDS = 5
WRITTEN_FOR = timedelta(minutes=2)
HOST = "Host: 127.0.0.1\r\n"


class Line(Struct, frozen=True):
    """One row of the table. reach: the ratio to stay under; None where it is only printed."""

    what: str
    name: str
    against: str
    reach: float | None


LINES = [
    Line("Litestar JSON hello ÷ bare ASGI", "hello", "bare", None),
    Line("company page, unchanged ÷ hello", "company", "hello", 2),
    Line("log page, 20 entries, unchanged ÷ hello", "log", "hello", 2),
    Line("log page, 304 ÷ hello", "log 304", "hello", 2),
    Line("question page ÷ hello", "question", "hello", 2.5),
    Line("company page, rendered anew ÷ hello", "company anew", "hello", 6),
    Line("log page, rendered anew ÷ hello", "log anew", "hello", 6),
    Line("answer sent ÷ one row stored", "answer", "store", 2),
]


def bench(requests: int = REQUESTS, rounds: int = ROUNDS) -> None:
    with tempfile.TemporaryDirectory(prefix="hearback-bench-") as folder:
        Path(folder).chmod(0o711)
        database = EmbeddedPostgres(Path(folder) / "data")
        database.start()
        try:
            asyncio.run(_prepare(database))
            _print_pages(database, requests, rounds)
        finally:
            database.stop()
    print_hostile()
    print_importing()


async def _prepare(database: EmbeddedPostgres) -> None:
    await migrate(database.owner_url)
    await fill(database.owner_url)
    owner = await asyncpg.connect(database.owner_url)
    await owner.execute("create table bench_row (id uuid primary key, words text not null)")
    await owner.close()


def _print_pages(database: EmbeddedPostgres, requests: int, rounds: int) -> None:
    secret = secrets.token_hex(32)
    env = {
        "DATABASE_URL": database.app_url,
        "HEARBACK_SECRET_KEY": secret,
        "HEARBACK_LOG_LEVEL": "info",
        "HEARBACK_ANSWERS_PER_NETWORK_AND_HOUR": "100000000",
        "HEARBACK_ANSWERS_PER_QUESTION_AND_HOUR": "100000000",
        "HEARBACK_ANSWERS_PER_COMPANY_AND_HOUR": "100000000",
        "HEARBACK_ANSWERS_PER_HOUR": "100000000",
    }
    yards = "hearback.bench.yardsticks"
    with (
        served(f"{yards}:bare_asgi", env, factory=False) as bare,
        served(f"{yards}:litestar_hello", env) as hello,
        served(f"{yards}:litestar_store", env) as store,
        served("hearback.app:build_app", env) as ours,
    ):
        found = in_turn(_measures(bare, hello, store, ours, requests, secret), rounds)
    for line in LINES:
        reached = ratio(found, line.name, line.against)
        verdict = (
            ""
            if line.reach is None
            else f"  reach ≤ {line.reach:g}  {'ok' if reached <= line.reach else 'MISSED'}"
        )
        cpu = sorted(found[line.name])[len(found[line.name]) // 2]
        print(f"{line.what:45s} {reached:5.2f}  ({cpu:5.0f} µs){verdict}", flush=True)


def _measures(
    bare: Served, hello: Served, store: Served, ours: Served, requests: int, secret: str
) -> dict[str, Callable[[], float]]:
    def measure(server: Served, request: Callable[[], bytes]) -> Callable[[], float]:
        return partial(cpu_us_per_request, server, request, requests)

    log, etag = f"/{SLUG}/log", _etag(ours, f"/{SLUG}/log")
    return {
        "bare": measure(bare, partial(_get, "/")),
        "hello": measure(hello, partial(_get, "/")),
        "company": measure(ours, partial(_get, f"/{SLUG}")),
        "log": measure(ours, partial(_get, log)),
        "log 304": measure(ours, partial(_get, log, f"If-None-Match: {etag}\r\n")),
        "question": measure(ours, partial(_get, f"/{SLUG}/ask/{QUESTION}")),
        "company anew": measure(ours, partial(_get_anew, f"/{SLUG}")),
        "log anew": measure(ours, partial(_get_anew, log)),
        "store": measure(store, partial(_post, "/", {"words": WORDS})),
        "answer": measure(ours, AnswerForm(ours, secret).request),
    }


def _get(path: str, more: str = "") -> bytes:
    return f"GET {path} HTTP/1.1\r\n{HOST}{more}\r\n".encode()


def _get_anew(path: str) -> bytes:
    """An address that nobody asked for yet: the page cannot be in memory."""
    return _get(f"{path}?before=2099-01-01T00:00:00.{secrets.randbelow(10**6):06d}Z")


def _post(path: str, fields: dict[str, str]) -> bytes:
    body = urlencode(fields).encode()
    head = f"POST {path} HTTP/1.1\r\n{HOST}Content-Type: application/x-www-form-urlencoded\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def _page(server: Served, path: str) -> tuple[str, str]:
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\n{HOST}Connection: close\r\n\r\n".encode())
        reply = b"".join(iter(lambda: connection.recv(65536), b"")).decode()
    head, _, body = reply.partition("\r\n\r\n")
    return head, body


def _etag(server: Served, path: str) -> str:
    found = re.search(r"^etag: (.+)$", _page(server, path)[0], re.MULTILINE | re.IGNORECASE)
    if found is None:
        raise RuntimeError(f"{path} has no ETag")
    return found[1].strip()


class AnswerForm:
    """The question's form as a fan's browser got it; sent again and again, each time with a key of its own.

    secret: the server's, for keys like those of pages that were asked for a while ago.
    """

    def __init__(self, server: Served, secret: str) -> None:
        self._secret = secret
        _, page = _page(server, f"/{SLUG}/ask/{QUESTION}")
        form = page[page.index("<form") :]
        self._action = re.search(r'action="([^"?]+)', form)[1]  # type: ignore[index]
        self._fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
        self._key = next(name for name, value in self._fields.items() if re.fullmatch("[0-9a-f]{32}", value))
        self._words = re.search(r'<textarea[^>]* name="([^"]+)"', form)[1]  # type: ignore[index]

    def request(self) -> bytes:
        key = new_key(self._secret, now() - WRITTEN_FOR)
        fields = self._fields | {self._key: key, self._words: WORDS, "quoting": "no"}
        return _post(self._action, fields)
