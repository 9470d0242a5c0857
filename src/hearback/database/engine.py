"""The database as the rooms see it: a transaction, and SQL that returns Structs."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from typing import Any, Literal, TypeVar

import asyncpg
from piccolo.engine.postgres import PostgresEngine, PostgresTransaction

from hearback.settings import read_settings

Shape = TypeVar("Shape")
APP_ROLE = "hearback_app"


class SafeTransaction(PostgresTransaction):
    """Give connection and context back when COMMIT or ROLLBACK itself fails.

    Piccolo 1.38 keeps both (deferred constraint, serialization failure, dropped connection): the pool
    shrinks and the task stays inside the dead transaction.
    """

    async def __aexit__(self, exception_type: Any, exception: Any, traceback: Any) -> Literal[False]:
        try:
            await super().__aexit__(exception_type, exception, traceback)
        except BaseException:
            if self._parent is None and self.engine.current_transaction.get() is self:
                self.engine.current_transaction.reset(self.context)
                if self.engine.pool:
                    await self.engine.pool.release(self.connection)
                else:
                    await self.connection.close()
            raise
        return False


class SafeEngine(PostgresEngine):
    def transaction(self, allow_nested: bool = True) -> SafeTransaction:
        return SafeTransaction(engine=self, allow_nested=allow_nested)

    async def check_version(self) -> None:
        """Piccolo connects here already at import, when there need not be a server yet."""


def connection_config(url: str, role: str | None = APP_ROLE) -> dict[str, Any]:
    """What asyncpg needs for `url`.

    role: the processes give up every right but those of the app role, whoever they signed in as;
    None for migrations and backups, which need the owner's.
    """
    config: dict[str, Any] = {"dsn": url, "server_settings": {"application_name": "hearback", "jit": "off"}}
    if role:
        config["server_settings"]["role"] = role
    return config


ENGINE = SafeEngine(config=connection_config(read_settings().database_url), extensions=())


def use_database(url: str, role: str | None = APP_ROLE) -> None:
    """Point the engine at another database before its pool is opened."""
    ENGINE.config = connection_config(url, role)


@contextlib.asynccontextmanager
async def connected(most: int = 4) -> AsyncIterator[None]:
    """Hold a connection pool: for the life of a process, a command or a test."""
    await ENGINE.start_connection_pool(min_size=1, max_size=most, reset=_nothing_to_reset)
    try:
        yield
    finally:
        await ENGINE.close_connection_pool()


async def _nothing_to_reset(_connection: asyncpg.Connection) -> None:
    """We leave nothing in a session (no settings, no LISTEN, locks end with their transaction), so giving a
    connection back needs no round trip. asyncpg itself still ends what an open transaction left behind."""


def transaction() -> SafeTransaction:
    """`async with transaction():` all of it is saved, or none. Nested ones join the outer one."""
    return ENGINE.transaction()


async def fetch(shape: type[Shape], sql: str, *values: object) -> list[Shape]:
    """Rows of a literal SQL text as Structs; column names are the Struct's field names."""
    records = await _where().fetch(sql, *values)
    return [shape(**record) for record in records]


async def fetch_in_steps(shape: type[Shape], sql: str, *values: object, step: int = 1000) -> list[Shape]:
    """As fetch, for very many rows: still one statement, but other work of this process goes on after each step."""
    found: list[Shape] = []
    async with transaction():
        cursor = await _where().cursor(sql, *values)
        while records := await cursor.fetch(step):
            found.extend(shape(**record) for record in records)
    return found


async def fetch_one(shape: type[Shape], sql: str, *values: object) -> Shape | None:
    record = await _where().fetchrow(sql, *values)
    return None if record is None else shape(**record)


async def fetch_value(sql: str, *values: object) -> Any:
    return await _where().fetchval(sql, *values)


async def fetch_column(sql: str, *values: object) -> list[Any]:
    return [record[0] for record in await _where().fetch(sql, *values)]


async def execute(sql: str, *values: object) -> int:
    """Run a literal SQL text; return how many rows it touched."""
    status: str = await _where().execute(sql, *values)
    count = status.rpartition(" ")[2]
    return int(count) if count.isdigit() else 0


async def execute_many(sql: str, rows: list[tuple[object, ...]]) -> None:
    await _where().executemany(sql, rows)


async def lock(company_id: object, what: str) -> None:
    """Wait until no other transaction holds this lock of this company; given back at its end."""
    await fetch_value("select pg_advisory_xact_lock(hashtextextended($1, 0))", f"{company_id}/{what}")


def _where() -> asyncpg.Connection | asyncpg.Pool:
    current = ENGINE.current_transaction.get()
    if current is not None:
        return current.connection
    if ENGINE.pool is None:
        raise RuntimeError("no connection pool: use connected()")
    return ENGINE.pool
