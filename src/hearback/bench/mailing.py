"""Mails from workers that are killed, through a server that hangs up: how many arrive twice, and how many get lost.

A mail whose text had begun to leave us when that happened is marked and never sent again; nobody can know whether it
arrived. It is the one that is counted apart.
"""

import asyncio
import contextlib
import os
import random
import sys
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID, uuid4

from hearback.clock import now
from hearback.database.engine import execute, fetch_value, transaction
from hearback.notifying.commands import outbox, send_due
from hearback.notifying.rules import MailKind
from hearback.settings import settings
from hearback.trust.sealing import address_key, seal

KILLS, HANG_UPS, MAILS = 20, 100, 200
STEP = outbox.LEASE + timedelta(minutes=1)  # a later worker finds what the killed one held
WORKER = """
import asyncio, sys
from datetime import timedelta
from hearback.clock import now
from hearback.database.engine import connected
from hearback.notifying.commands import send_due
from hearback.web.logs import start_logging

start_logging("error")

async def run():
    async with connected(2):
        await send_due(lambda: now() + timedelta(seconds=float(sys.argv[1])))

asyncio.run(run())
"""


class _Server:
    """Takes mails and counts them by recipient; hangs up after a text so many times, having kept it or not."""

    def __init__(self, chance: random.Random) -> None:
        self.arrived: Counter[str] = Counter()
        self.hang_ups = HANG_UPS
        self.begun = asyncio.Event()
        self._chance = chance

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        to = ""
        writer.write(b"220 bench\r\n")
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while line := await reader.readline():
                word = line[:4].upper()
                if word == b"RCPT":
                    to = line.decode().partition("<")[2].partition(">")[0]
                    self.begun.set()
                elif word == b"DATA":
                    writer.write(b"354 go on\r\n")
                    await reader.readuntil(b"\r\n.\r\n")
                    if not await self._takes(to):
                        writer.transport.abort()
                        return
                writer.write(b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")
                await writer.drain()
        writer.close()

    async def _takes(self, to: str) -> bool:
        await asyncio.sleep(self._chance.uniform(0, 0.01))  # time to be killed in
        hangs_up = self.hang_ups > 0 and self._chance.random() < 0.6
        self.hang_ups -= hangs_up
        if not hangs_up or self._chance.random() < 0.5:
            self.arrived[to] += 1
        return not hangs_up


async def print_mails(slug: str) -> None:
    """slug: a company that exists; it sends to a server on this machine from here on."""
    os.environ["HEARBACK_MAIL_TO_PRIVATE_NETWORKS"] = "true"
    settings.cache_clear()
    async with _server() as (server, port):
        followers = await _outbox(slug, port)
        for number in range(KILLS):
            await _killed(server, number * STEP)
        passed = KILLS * STEP
        while await fetch_value(
            "select exists (select from mail where state in ('waiting', 'sending', 'handing'))"
        ):
            passed += timedelta(hours=1)
            await send_due(lambda passed=passed: now() + passed)  # type: ignore[misc]
        lost = marked = 0
        for address, follower in followers.items():
            state = await fetch_value("select state from mail where id = $1", follower)
            marked += state == "unsure"
            lost += state != "unsure" and not server.arrived[address]
    twice = sum(number > 1 for number in server.arrived.values())
    name = (
        f"{MAILS} mails, {KILLS} kill -9, {HANG_UPS - server.hang_ups} hang-ups: {twice} twice, {lost} lost"
    )
    verdict = "ok" if not (twice or lost) and server.hang_ups == 0 else "MISSED"
    print(f"{name:55s}         reach 0  {verdict}  {marked} marked, not sent again", flush=True)


@contextlib.asynccontextmanager
async def _server() -> AsyncIterator[tuple[_Server, int]]:
    server = _Server(random.Random(7))  # noqa: S311  (chance, not secrecy)
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    try:
        yield server, listening.sockets[0].getsockname()[1]
    finally:
        listening.close()


async def _outbox(slug: str, port: int) -> dict[str, UUID]:
    """One mail waits for each of many addresses; gives them with the mail's id."""
    company: UUID = await fetch_value("select id from company where slug = $1", slug)
    secret, at = settings().secret_key, now()
    await execute(
        """insert into mail_setup (id, company, active, host, port, tls, sender)
           values ($1, $2, true, '127.0.0.1', $3, 'none', 'hallo@bench.example')""",
        uuid4(),
        company,
        port,
    )
    waiting = {f"fan{number}@bench.example": uuid4() for number in range(MAILS)}
    async with transaction():
        for address, follower in waiting.items():
            await execute(
                """insert into follower (id, company, what, address, address_key, most, asked_on)
                   values ($1, $2, 'log', $3, $4, 12, $5)""",
                follower,
                company,
                seal(secret, "address", address),
                address_key(secret, company, address),
                at.date(),
            )
            await outbox.put_in(company, follower, MailKind.CONFIRM, "asked", now=at, mail_id=follower)
    return waiting


async def _killed(server: _Server, passed: timedelta) -> None:
    """A worker in a process of its own, killed while it sends; or done, where nothing is left to send."""
    server.begun.clear()
    worker = await asyncio.create_subprocess_exec(
        sys.executable, "-c", WORKER, str(passed.total_seconds()), env=dict(os.environ)
    )
    ended = asyncio.create_task(worker.wait())
    begun = asyncio.create_task(server.begun.wait())
    await asyncio.wait({ended, begun}, return_when=asyncio.FIRST_COMPLETED)
    begun.cancel()
    await asyncio.sleep(random.Random(passed.total_seconds()).uniform(0, 0.4))  # noqa: S311  (chance)
    if not ended.done():
        worker.kill()
    await ended
