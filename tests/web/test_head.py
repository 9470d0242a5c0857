"""Every address that can be read can be asked for its head: the same headers, and no body."""

import pytest

from tests import made


@pytest.mark.parametrize(
    "path", ["/kranich/ask/frage", "/kranich/r", "/in", "/health/live", "/gibt/es/nicht"]
)
async def test_head_tells_what_get_would_send(fan, company, path):
    await made.a_question(company, slug="frage")
    page, head = await fan.get(path), await fan.head(path)

    assert (head.status_code, head.content) == (page.status_code, b"")
    for name in ("content-type", "content-length", "cache-control", "content-security-policy"):
        assert head.headers.get(name) == page.headers.get(name), name


@pytest.mark.parametrize(
    "path", ["/kranich/verify", "/robots.txt", "/embed.js", "/kranich/log", "/kranich/log.atom"]
)
async def test_letters_are_named_once(fan, company, path):
    page = await fan.get(path)
    assert page.status_code == 200
    assert page.headers["content-type"].endswith("; charset=utf-8")
    assert page.headers["content-type"].count("charset") == 1


async def test_head_changes_nothing_where_only_a_form_may(fan, company):
    assert (await fan.head("/out")).status_code == 405
