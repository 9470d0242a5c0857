"""htmx asks for a fragment and gets the middle of the page, without head and navigation."""

import pytest

from tests import made

HTMX = {"hx-request": "true"}


@pytest.mark.parametrize("page", ["/people", "/people/me", "/people/audit", "/settings"])
async def test_a_desk_page_comes_as_a_fragment_too(desk, page):
    whole, part = await desk.get(page), await desk.get(page, headers=HTMX)

    assert "<html" in whole.text
    assert "<html" not in part.text
    assert part.text.strip() in whole.text
    assert whole.headers["vary"] == "HX-Request"


async def test_a_members_page_comes_as_a_fragment_too(desk, company):
    other = await made.a_member(company, "reader")

    assert "<html" not in (await desk.get(f"/people/{other.id}", headers=HTMX)).text


@pytest.mark.parametrize("page", ["/in", "/"])
async def test_so_do_the_doors(fan, page):
    assert "<html" not in (await fan.get(page, headers=HTMX)).text
