"""The made-up company that the desk is measured on is one whose pages work."""

import httpx

from hearback.bench.crowd import COOKIE, SLUG, fill_crowd
from hearback.bench.desk import PAGES
from hearback.people.access import cookie_name


async def test_every_page_that_is_measured_is_there(app, server, database):
    owner = database.replace("hearback_app@", "hearback_owner@")
    theme, excerpt = await fill_crowd(owner, answers=40, themes=5)
    assert COOKIE.startswith(f"{cookie_name()}=")

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as browser:
        for page in PAGES:
            path = f"/desk/{SLUG}{page.path.format(theme=theme, excerpt=excerpt)}"
            reply = await browser.get(path, headers={"Cookie": COOKIE})
            assert reply.status_code == 200, page.name
