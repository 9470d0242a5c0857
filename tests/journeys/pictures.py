"""Take the README's pictures from the real thing: `python -m tests.journeys.pictures` loads the demo and walks it."""

import io
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.journeys.conftest import CHROMIUM, DESK, PHONE, QUIET
from tests.processes import free_port

FOLDER = Path(__file__).parent / "pictures"
PUBLIC = {"question": "/kranich/ask/moorlichter", "log": "/kranich/log"}
ON_DESK = {"today": "today", "themes": "themes"}
READY = "answers at"


def main() -> None:
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="hearback-pictures-") as folder:
        Path(folder).chmod(0o711)
        command = [
            sys.executable,
            "-m",
            "hearback.cli",
            "serve",
            "--port",
            str(port),
            "--data",
            f"{folder}/data",
        ]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as serving:
            try:
                take_all(f"http://127.0.0.1:{port}", password_of(serving))
            finally:
                serving.terminate()
                serving.communicate()


def password_of(serving: "subprocess.Popen[str]") -> str:
    """The demo's password, as the terminal says it once everything answers."""
    assert serving.stdout is not None
    for line in serving.stdout:
        if found := re.search(r"with the password (\S+)", line):
            return found[1]
    raise RuntimeError("the demo did not start")


def take_all(site: str, password: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        for name, path in PUBLIC.items():
            take(opened(browser, site, PHONE), path, f"{name}-phone")
        take(opened(browser, site, DESK), PUBLIC["log"], "log")
        page = opened(browser, site, DESK)
        page.goto("/in")
        page.fill("[name=email]", "jule@kranich.example")
        page.fill("[name=password]", password)
        page.locator("main button").click()
        page.wait_for_url("**/today")
        for name, path in ON_DESK.items():
            take(page, f"/desk/kranich/{path}", name)
        browser.close()


def opened(browser: Browser, site: str, size: dict[str, int]) -> Page:
    return browser.new_context(base_url=site, viewport=size, color_scheme="light", locale="de-DE").new_page()


def take(page: Page, path: str, name: str) -> None:
    page.goto(path)
    page.wait_for_function("[...document.images].every(one => one.complete || one.loading === 'lazy')")
    picture = Image.open(io.BytesIO(page.screenshot()))
    picture.convert("P", palette=Image.Palette.ADAPTIVE, colors=128).save(
        FOLDER / f"{name}.png", optimize=True
    )


if __name__ == "__main__":
    main()
