"""`serve`: the database, the web server and the worker, watched and stopped together."""

import argparse
import asyncio
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from hearback import supervising
from hearback.database.embedded import EmbeddedPostgres
from hearback.database.roles import connect_as_app
from hearback.settings import Settings, data_folder
from hearback.supervising import AskedToStop, Program
from hearback.terminal.folder import demo_sign_ins, keep_address, kept_secret
from hearback.terminal.given import settings_of


def serve(given: argparse.Namespace) -> None:
    settings = settings_of(given)
    house = _House(settings, data_folder(settings), with_demo=not given.empty, only_once=given.time)
    supervising.serve(
        house.programs,
        database=house.database,
        prepare=house.prepare,
        host=settings.host,
        port=settings.port,
        announce=house.announce,
    )
    if given.time:
        print(f"Stopped in {time.monotonic() - house.answering_since:.1f} s.")


class _House:
    """What `serve` starts, and in which order.

    only_once: stop as soon as everything answers.
    """

    answering_since = 0.0

    def __init__(self, settings: Settings, folder: Path, *, with_demo: bool, only_once: bool) -> None:
        self.settings, self.folder = settings, folder
        self.with_demo, self.only_once = with_demo, only_once
        self.database = None if settings.database_url else EmbeddedPostgres(folder)
        self._environment = {
            "HEARBACK_HOST": settings.host,
            "HEARBACK_PORT": str(settings.port),
            "HEARBACK_PUBLIC_URL": settings.base_url,
            "HEARBACK_SECRET_KEY": settings.secret_key or kept_secret(folder),
            "HEARBACK_LEDGER_KEYS": settings.ledger_keys or str(folder / "ledger"),
        }

    def prepare(self) -> None:
        supervising.run_to_end(self._program("migrate"))
        url = self.database.app_url if self.database else self.settings.database_url
        if self.with_demo and not asyncio.run(_has_companies(url)):
            print("Loading the demo: three companies and their answers, read and sorted …", flush=True)
            supervising.run_to_end(self._program("demo", {"HEARBACK_DATA": str(self.folder)}))

    def programs(self) -> list[Program]:
        return [self._program("web"), self._program("worker")]

    def announce(self, seconds: float) -> None:
        url = self.settings.base_url
        keep_address(self.folder, url)
        print(f"Hearback answers at {url} (started in {seconds:.1f} s). Ctrl-C stops it.")
        for line in demo_sign_ins(self.folder, url):
            print(line)
        sys.stdout.flush()
        self.answering_since = time.monotonic()
        if self.only_once:
            raise AskedToStop

    def _program(self, command: str, more: Mapping[str, str] | None = None) -> Program:
        urls = {}
        if self.database:  # its addresses are known once it has started
            urls = {"DATABASE_URL": self.database.app_url, "DATABASE_OWNER_URL": self.database.owner_url}
        environment = {**self._environment, **urls, **(more or {})}
        return Program(command, [sys.executable, "-m", "hearback.cli", command], environment)


async def _has_companies(url: str) -> bool:
    connection = await connect_as_app(url)
    try:
        return bool(await connection.fetchval("select exists (select from company)"))
    finally:
        await connection.close()
