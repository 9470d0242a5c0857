"""The database that a command works on."""

import asyncio
import contextlib
import io
from collections.abc import Iterator
from typing import NamedTuple

from hearback.database.embedded import EmbeddedPostgres
from hearback.database.migrating import migrate
from hearback.database.roles import connect_as_app
from hearback.refusals import Stopped
from hearback.settings import Settings, data_folder


class Urls(NamedTuple):
    app: str
    owner: str


@contextlib.contextmanager
def database(settings: Settings, *, make: bool = False) -> Iterator[Urls]:
    """The server at DATABASE_URL, or the embedded one: as it runs, or for the length of the command.

    make: a folder without a database gets one; else Stopped, for it is the wrong folder then.
    """
    if settings.database_url:
        yield Urls(settings.database_url, settings.database_owner_url or settings.database_url)
        return
    embedded = EmbeddedPostgres(data_folder(settings))
    if not make and not embedded.data.exists():
        raise Stopped(f"There is no database in {embedded.root}; choose the right folder with --data.")
    with embedded.at_hand() as server:
        yield Urls(server.app_url, server.owner_url)


def try_database(settings: Settings) -> None:
    """Stop with one sentence where the database cannot be used, before many processes each say it at length."""
    if not settings.database_url:
        raise Stopped("Set DATABASE_URL, or use `hearback serve`, which brings a database along.")
    asyncio.run(_try(settings.database_url))


async def _try(url: str) -> None:
    await (await connect_as_app(url)).close()


def migrate_quietly(owner: str) -> None:
    with contextlib.redirect_stdout(io.StringIO()):  # Piccolo tells how it goes; here it is not the news
        asyncio.run(migrate(owner))
