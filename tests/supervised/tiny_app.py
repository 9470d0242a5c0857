"""A web process in small: it says thank you after COMMIT, and 503 while the database is away."""

import asyncio
import os
from typing import Any

import asyncpg

KEEP = "insert into kept values ($1) on conflict do nothing"
pool: asyncpg.Pool


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        await live(receive, send)
        return
    match scope["path"].split("/")[1:]:
        case ["health", "live"]:
            await answer(send, 200, str(os.getpid()))
        case ["rows", number]:
            await ask_database(send, 201, KEEP, int(number))
        case ["beats"]:
            await ask_database(send, 200, "select count(*) from beats")
        case ["slow"]:
            (await asyncio.to_thread(open, os.environ["SLOW_BEGAN"], "w")).close()
            await asyncio.sleep(1)
            await ask_database(send, 200, "select 'slow, but whole'")
        case ["stream"]:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"first", "more_body": True})
            await asyncio.Event().wait()


async def live(receive: Any, send: Any) -> None:
    global pool
    await receive()
    pool = await asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=1, max_size=4)
    await send({"type": "lifespan.startup.complete"})
    await receive()
    pool.terminate()
    await send({"type": "lifespan.shutdown.complete"})


async def ask_database(send: Any, status: int, sql: str, *values: object) -> None:
    try:
        found = await pool.fetchval(sql, *values)
    # InternalClientError: asyncpg finds out in mid-air that an idle connection was cut.
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError):
        await answer(send, 503, "again in a moment")
    else:
        await answer(send, status, str(found))


async def answer(send: Any, status: int, words: str) -> None:
    await send({"type": "http.response.start", "status": status, "headers": []})
    await send({"type": "http.response.body", "body": words.encode()})
