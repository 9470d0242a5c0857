"""What our pages are measured against: the least that the same stack can do."""

import os
from typing import Any
from uuid import uuid4

import asyncpg
from litestar import Litestar, Request, Response, get, post
from litestar.datastructures import State

from hearback.database.engine import connection_config

HELLO = b'{"hello":"world"}'


async def bare_asgi(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] != "http":
        return
    await send(
        {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]}
    )
    await send({"type": "http.response.body", "body": HELLO})


@get("/", sync_to_thread=False)
def hello() -> dict[str, str]:
    return {"hello": "world"}


@post("/", status_code=201)
async def store_one_row(request: Request[Any, Any, Any], state: State) -> Response[str]:
    """A form in, one row stored through asyncpg, a word back: no checks, no receipt, no job."""
    form = await request.form()
    await state.pool.execute("insert into bench_row (id, words) values ($1, $2)", uuid4(), form["words"])
    return Response("stored", status_code=201)


async def open_pool(app: Litestar) -> None:
    app.state.pool = await asyncpg.create_pool(
        **connection_config(os.environ["DATABASE_URL"]), min_size=1, max_size=4
    )


def litestar_hello() -> Litestar:
    return Litestar([hello], openapi_config=None)


def litestar_store() -> Litestar:
    return Litestar([store_one_row], on_startup=[open_pool], openapi_config=None)
