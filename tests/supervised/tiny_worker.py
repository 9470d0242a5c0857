"""A job worker in small: it leaves a beat in the database as long as it lives, and ends when it cannot."""

import asyncio
import os

import asyncpg


async def work() -> None:
    connection = await asyncpg.connect(os.environ["DATABASE_URL"])
    while True:
        await connection.execute("insert into beats default values")
        await asyncio.sleep(0.05)


asyncio.run(work())
