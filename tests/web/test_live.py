"""Open pages hear of news, also of what came between the page and its stream."""

import contextlib
from uuid import uuid4

import pytest

from hearback.web import live
from hearback.web.live import Live

KRANICH, REIHER = uuid4(), uuid4()


@pytest.fixture
def ear(monkeypatch) -> Live:
    """Listens since long, and calls a stream quiet at once."""
    monkeypatch.setattr(live, "QUIET_S", 0.01)
    ear = Live()
    ear._missed_at -= live.JUST_NOW_S
    return ear


async def first(ear: Live, company) -> str:
    async with contextlib.aclosing(ear.stream(company)) as stream:
        return (await anext(stream))["event"]


async def test_news_that_came_just_before_the_stream_was_open_is_told_first(ear):
    ear._hear(f"{KRANICH} desk")

    assert await first(ear, KRANICH) == "news"
    assert await first(ear, REIHER) == "ping"


async def test_news_of_long_ago_is_on_the_page_already(ear, monkeypatch):
    ear._hear(f"{KRANICH} desk")
    monkeypatch.setattr(live, "JUST_NOW_S", 0)

    assert await first(ear, KRANICH) == "ping"


async def test_what_may_have_been_missed_is_told_as_news(ear):
    ear._missed()

    assert await first(ear, KRANICH) == "news"


async def test_who_was_told_long_ago_is_forgotten(ear, monkeypatch):
    ear._hear(f"{KRANICH} desk")
    monkeypatch.setattr(live, "JUST_NOW_S", 0)
    ear._hear(f"{REIHER} desk")

    assert list(ear._heard) == [str(REIHER)]
