"""A real browser against real processes: one browser a session, one web server and worker a test."""

import multiprocessing
import os
import shutil
import signal
import socket
from collections.abc import AsyncIterator, Iterator, Mapping

import pytest
from playwright.async_api import Browser, BrowserContext, async_playwright

from hearback import cli, lifeline
from hearback.database.engine import use_database
from hearback.settings import settings
from tests.processes import eventually, free_port

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium here: apt-get install chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        await browser.close()


def hearback(env: Mapping[str, str], *command: str) -> None:
    """`hearback …` in a process that has the rooms loaded already."""
    lifeline._hang_on(os.getppid(), signal.SIGKILL)  # multiprocessing names pytest, of which we are no child
    multiprocessing.set_start_method(
        "fork", force=True
    )  # for granian: it would load the rooms anew otherwise
    os.environ.update(env)
    settings.cache_clear()
    use_database(env["DATABASE_URL"])
    cli.main(command)


@pytest.fixture
def site(database: str) -> Iterator[str]:
    """The address of a served Hearback with its worker, on this test's own database.

    Both are forked off a process that loaded the rooms once: to load them costs three seconds each.
    """
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    env = {
        **os.environ,
        "DATABASE_URL": database,
        "HEARBACK_PUBLIC_URL": address,
        "HEARBACK_LOG_LEVEL": "warning",
    }
    loaded = multiprocessing.get_context("forkserver")
    loaded.set_forkserver_preload(["hearback.app", "hearback.worker", "hearback.terminal.web", __name__])
    processes = [
        loaded.Process(target=hearback, args=(env, *command))
        for command in (("web", "--port", str(port)), ("worker",))
    ]
    for process in processes:
        process.start()
    try:
        assert eventually(lambda: answers(port)), "the web server did not start"
        yield address
    finally:
        for process in processes:
            process.kill()
        for process in processes:
            process.join(15)


@pytest.fixture
async def phone(chromium: Browser, site: str) -> AsyncIterator[BrowserContext]:
    """A fan's phone."""
    context = await chromium.new_context(viewport=PHONE, base_url=site, has_touch=True, locale="de-DE")
    yield context
    await context.close()


@pytest.fixture
async def phone_without_scripts(chromium: Browser, site: str) -> AsyncIterator[BrowserContext]:
    context = await chromium.new_context(viewport=PHONE, base_url=site, java_script_enabled=False)
    yield context
    await context.close()


@pytest.fixture
async def computer(chromium: Browser, site: str) -> AsyncIterator[BrowserContext]:
    """A member's computer, not signed in yet."""
    context = await chromium.new_context(viewport=DESK, base_url=site, locale="de-DE")
    yield context
    await context.close()


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
