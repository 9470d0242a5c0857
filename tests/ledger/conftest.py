"""A company without the web, and somebody who may do everything in its database."""

from collections.abc import Awaitable, Callable, Sequence

import asyncpg
import pytest

from hearback.database.engine import ENGINE
from hearback.people.queries import Company
from tests import made

Owner = Callable[[Sequence[str]], Awaitable[None]]


@pytest.fixture
async def company(pool: None) -> Company:
    return await made.a_company()


@pytest.fixture
def owner(server) -> Owner:
    """Past every guard, as a restored backup comes, or whoever holds all rights."""

    async def run(statements: Sequence[str]) -> None:
        connection = await asyncpg.connect(
            server.superuser_url, database=await ENGINE.pool.fetchval("select current_database()")
        )
        try:
            await connection.execute("set session_replication_role = replica")
            for sql in statements:
                await connection.execute(sql)
        finally:
            await connection.close()

    return run
