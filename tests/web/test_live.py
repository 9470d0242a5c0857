"""Open pages hear of news, also of what came between the page and its stream."""

import contextlib
from datetime import timedelta
from uuid import uuid4

import pytest

from hearback.clock import now
from hearback.web import live
from hearback.web.live import Live

KRANICH, REIHER = uuid4(), uuid4()


@pytest.fixture
def ear(monkeypatch) -> Live:
    """Calls a stream quiet at once."""
    monkeypatch.setattr(live, "QUIET_S", 0.01)
    return Live()


async def first(ear: Live, company, since) -> str:
    async with contextlib.aclosing(ear.stream(company, since)) as stream:
        return (await anext(stream))["event"]


async def test_news_between_a_page_and_its_stream_is_told_first(ear):
    made_at = now()
    ear._hear(f"{KRANICH} desk")

    assert await first(ear, KRANICH, made_at) == "news"
    assert await first(ear, REIHER, made_at) == "ping"


async def test_news_from_before_is_on_the_page_already(ear):
    ear._hear(f"{KRANICH} desk")

    assert await first(ear, KRANICH, now()) == "ping"
    assert await first(ear, KRANICH, None) == "ping", "whoever does not say since when hears what comes"


async def test_what_may_have_been_missed_is_told_as_news(ear):
    made_at = now()
    ear._missed()

    assert await first(ear, KRANICH, made_at) == "news"


async def test_a_page_from_long_ago_is_told_to_look_again(ear):
    assert await first(ear, KRANICH, now() - 2 * live.REMEMBERED) == "news"


async def test_who_was_told_long_ago_is_forgotten(ear, monkeypatch):
    ear._hear(f"{KRANICH} desk")
    monkeypatch.setattr(live, "REMEMBERED", timedelta())
    ear._hear(f"{REIHER} desk")

    assert list(ear._heard) == [str(REIHER)]
