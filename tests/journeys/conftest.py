"""A real browser against real processes: one browser a session, one web server and worker a test."""

import os
import shutil
import socket
import sys
from collections.abc import AsyncIterator, Iterator

import pytest
from playwright.async_api import Browser, BrowserContext, async_playwright

from hearback.lifeline import spawn
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


@pytest.fixture
def site(database: str) -> Iterator[str]:
    """The address of a served Hearback with its worker, on this test's own database."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    env = os.environ | {
        "DATABASE_URL": database,
        "HEARBACK_PUBLIC_URL": address,
        "HEARBACK_LOG_LEVEL": "warning",
    }
    command = [sys.executable, "-m", "hearback.cli"]
    processes = [spawn([*command, "web", "--port", str(port)], env=env), spawn([*command, "worker"], env=env)]
    try:
        assert eventually(lambda: answers(port)), "the web server did not start"
        yield address
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(15)


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
