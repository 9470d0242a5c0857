"""One PostgreSQL a test process, one template database, a fresh copy of it for every test that asks."""

import asyncio
import atexit
import functools
import os
import shutil
import tempfile
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

os.environ["HEARBACK_SECRET_KEY"] = "tests-only-tests-only-tests-only-tests-only"
os.environ["HEARBACK_PUBLIC_URL"] = "http://test"
os.environ["HEARBACK_LEDGER_KEYS"] = tempfile.mkdtemp(prefix="hearback-ledger-")
os.environ["HEARBACK_LEAST_SECONDS_TO_ANSWER"] = "0"  # tests answer at once; those that are about it say so
os.environ["HEARBACK_SECOND_READING"] = "false"  # 30 ms an excerpt; tests that are about it say so

import asyncpg
import httpx
import hypothesis
import pytest

import hearback.worker  # noqa: F401  (registers every job: none may be known only where another test was imported)
from hearback.app import Hearback, build_app
from hearback.database.embedded import EmbeddedPostgres
from hearback.database.engine import connected, use_database
from hearback.database.migrating import migrate
from hearback.people.queries import Company
from hearback.settings import settings
from hearback.web.logs import start_logging
from hearback.words.catalogue import compile_all
from tests import made
from tests.news import AfterTheNews
from tests.processes import enterable_folder

atexit.register(shutil.rmtree, os.environ["HEARBACK_LEDGER_KEYS"], ignore_errors=True)
hypothesis.settings.register_profile("hearback", derandomize=True, deadline=None, max_examples=60)
hypothesis.settings.load_profile("hearback")

SHARED = Path(__file__).parents[2] / "shared"
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_wal_size": "256MB"}


@pytest.fixture(scope="session")
def shared() -> Path:
    """The labelled data beside the checkout; tests that need it are skipped aloud without it."""
    if not SHARED.exists():
        pytest.skip(f"needs the shared data in {SHARED}")
    return SHARED


@pytest.fixture(scope="session", autouse=True)
def words() -> None:
    list(compile_all())


@pytest.fixture(autouse=True)
def fresh_settings() -> None:
    """Settings are read once a process; a test that changed the environment must not speak for the next."""
    settings.cache_clear()


@pytest.fixture
def set_env(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Change the environment of a process that has read it already."""

    def set_(name: str, value: str) -> None:
        monkeypatch.setenv(name, value)
        settings.cache_clear()

    return set_


@pytest.fixture(scope="session")
def server() -> Iterator[EmbeddedPostgres]:
    with enterable_folder() as folder:
        server = EmbeddedPostgres(folder, FAST)
        server.start()
        yield server
        server.stop()


@pytest.fixture(scope="session")
async def template(server: EmbeddedPostgres) -> str:
    await migrate(server.owner_url)
    return "hearback"


async def as_superuser(server: EmbeddedPostgres, sql: str) -> None:
    connection = await asyncpg.connect(server.superuser_url)
    try:
        await connection.execute(sql)
    finally:
        await connection.close()


@pytest.fixture
def setting(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str, str], None]]:
    """`setting("HEARBACK_…", "1")`: for this test, the environment says so."""

    def say(name: str, value: str) -> None:
        monkeypatch.setenv(name, value)
        settings.cache_clear()

    yield say
    settings.cache_clear()


@pytest.fixture
async def database(
    server: EmbeddedPostgres, template: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[str]:
    """The address of this test's own migrated database, for the app's role."""
    name = f"test_{uuid.uuid4().hex[:10]}"
    await as_superuser(
        server, f"create database {name} template {template} strategy wal_log owner hearback_owner"
    )
    url = server.url("hearback_app", name)
    monkeypatch.setenv("DATABASE_URL", url)
    settings.cache_clear()
    use_database(url)
    yield url
    await as_superuser(server, f"drop database {name} with (force)")


@pytest.fixture
async def pool(database: str) -> AsyncIterator[None]:
    """Commands and queries without the web."""
    async with connected():
        yield


@functools.cache
def app_at(_base_url: str) -> Hearback:
    """Put together once a process: 250 ms for all the routes, and all that a test changes lies outside of it."""
    return build_app()


@pytest.fixture
async def app(database: str) -> AsyncIterator[object]:
    """The whole app with its lifespan; a task of its own holds it, for a fixture's halves are two tasks."""
    app = app_at(settings().base_url)
    start_logging(settings().log_level)
    started, stop = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        async with app.lifespan():
            started.set()
            await stop.wait()

    task = asyncio.create_task(hold())
    waiter = asyncio.create_task(started.wait())
    await asyncio.wait({task, waiter}, return_when=asyncio.FIRST_COMPLETED)
    if task.done():
        task.result()
    yield app
    stop.set()
    await task


def browser_of(app: object) -> httpx.AsyncClient:
    """Somebody's browser, without any cookie yet."""
    return httpx.AsyncClient(transport=AfterTheNews(app), base_url="http://test")


@pytest.fixture
async def fan(app: object) -> AsyncIterator[httpx.AsyncClient]:
    async with browser_of(app) as browser:
        yield browser


@pytest.fixture
async def company(app: object) -> Company:
    return await made.a_company()


@pytest.fixture
async def desk(app: object, company: Company) -> AsyncIterator[made.DeskBrowser]:
    """An admin of the company, signed in."""
    async with browser_of(app) as browser:
        yield await made.signed_in(browser, company, role="admin")
