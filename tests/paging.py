"""Lists that go on on further pages, walked as a reader does."""

import html
import re

import httpx

from tests import made

MOST = 9
NEXT = re.compile(r'<a class="btn"[^>]*? href="([^"]+)" rel="next"')


async def all_pages(browser: httpx.AsyncClient | made.DeskBrowser, path: str) -> list[str]:
    """The first page, and each that is the next one, at most so many."""
    pages = [(await browser.get(path)).text]
    while (older := NEXT.search(pages[-1])) and len(pages) < MOST:
        address = html.unescape(older[1])
        pages.append((await browser.get(path.partition("?")[0] + "?" + address.partition("?")[2])).text)
    return pages
