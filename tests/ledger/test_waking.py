"""What is public with its time is signed as soon as it is committed; an answer waits for the minute, so that no
signature tells the second in which it came."""

import asyncio
import contextlib
import contextvars
import json
from datetime import UTC, date, datetime, timedelta

import pytest

from hearback.database.engine import fetch_column, fetch_value, lock, transaction
from hearback.ledger import jobs, signing
from hearback.ledger.commands import UNSIGNED, record
from hearback.ledger.rules import Kind
from hearback.settings import settings
from hearback.web.live import Live, tell
from tests import made
from tests.waiting import until

ANSWERS = [kind for kind in Kind if kind.startswith("answer.")]
PUBLIC = [kind for kind in Kind if not kind.startswith("answer.") and kind is not Kind.COUNTED]
DAY = date(2026, 11, 9)
MOMENT = datetime(2026, 11, 9, 12, tzinfo=UTC)


async def happened(company, kind: Kind, now: datetime | date = MOMENT) -> None:
    async with transaction():
        await record(company.id, kind, made.some_id(), {"words": "x"}, now=now)


async def numbered() -> list[str]:
    return await fetch_column("select kind from ledger_leaf where number is not null order by number")


async def signed() -> int:
    return await fetch_value("select coalesce(max(size), 0) from ledger_checkpoint")


@contextlib.asynccontextmanager
async def heard():
    """What every process is told meanwhile."""
    news, ear = [], Live()
    ear.when_told(lambda company, what: news.append(what) if company else None)
    await ear.start()
    await ear.connected.wait()
    try:
        yield news
    finally:
        await ear.stop()


@contextlib.asynccontextmanager
async def awake():
    """The worker's signer."""
    task = asyncio.create_task(jobs.sign_when_told(0))
    try:
        yield task
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def until_signed(company, size: int) -> None:
    """The signer may not listen yet: whoever waits tells it again."""

    async def is_so() -> bool:
        await tell(company.id, UNSIGNED)
        return await signed() == size

    await until(is_so)


async def test_what_is_public_with_its_time_tells_the_signer_once_it_is_committed(company):
    async with heard() as news:
        for kind in PUBLIC:
            await happened(company, kind)
            await tell(company.id, kind)
        await until(lambda: _is_in(news, PUBLIC[-1]))
    assert news == [word for kind in PUBLIC for word in (UNSIGNED, kind)]


async def test_an_answer_and_the_count_of_answers_wake_nobody(company):
    async with heard() as news:
        for kind in [*ANSWERS, Kind.COUNTED]:
            await happened(company, kind)
        await tell(company.id, "later")
        await until(lambda: _is_in(news, "later"))
    assert UNSIGNED not in news


async def test_who_is_undone_wakes_nobody(company):
    async def undone() -> None:
        async with transaction():
            await record(company.id, Kind.PUBLISHED, made.some_id(), {}, now=MOMENT)
            raise ZeroDivisionError

    async with heard() as news:
        with pytest.raises(ZeroDivisionError):
            await undone()
        await tell(company.id, "later")
        await until(lambda: _is_in(news, "later"))
    assert UNSIGNED not in news


async def _is_in(news: list[str], what: str) -> bool:
    return what in news


async def test_a_published_note_is_signed_without_the_clock_and_the_answers_stay(company):
    await happened(company, Kind.RECEIVED)
    async with awake():
        await until_signed(company, 0)
        await happened(company, Kind.PUBLISHED)
        await until_signed(company, 1)
        await happened(company, Kind.SET_ASIDE)
        await happened(company, Kind.PROMISE_MADE)
        await until_signed(company, 2)
    assert await numbered() == ["note.published", "promise.made"]
    await jobs.sign()
    assert await numbered() == ["note.published", "promise.made", "answer.received", "answer.set-aside"]
    assert await signed() == 4


async def test_what_was_public_before_the_worker_lived_is_signed_as_it_begins(company):
    await happened(company, Kind.RECEIVED)
    await happened(company, Kind.PUBLISHED)

    async def is_signed() -> bool:
        return await signed() == 1

    async with awake():
        await until(is_signed)
    assert await numbered() == ["note.published"]


async def test_a_burst_is_signed_together(company):
    outside = contextvars.copy_context()
    async with awake():
        async with transaction():
            await lock(company.id, "ledger")  # the signer comes and waits
            for _ in range(20):
                await asyncio.create_task(happened(company, Kind.PROMISE_MADE), context=outside)
        await until_signed(company, 20)
    assert await fetch_value("select count(*) from ledger_checkpoint") == 1


async def test_what_came_after_a_count_waits_with_it_for_the_answers_that_it_counts(company):
    await happened(company, Kind.RECEIVED)
    await happened(company, Kind.PUBLISHED)
    await happened(company, Kind.COUNTED)
    await happened(company, Kind.REVISED)
    await jobs.sign_what_is_public()
    assert await numbered() == ["note.published"]
    await jobs.sign()
    assert await numbered() == ["note.published", "answer.received", "question.counted", "note.revised"]


async def test_an_answer_of_yesterday_keeps_its_day(company):
    await happened(company, Kind.RECEIVED, DAY)
    midnight = datetime(2026, 11, 9, 23, 0, tzinfo=UTC)  # in Berlin
    await happened(company, Kind.REVISED, midnight - timedelta(seconds=1))
    await happened(company, Kind.PUBLISHED, midnight)
    await happened(company, Kind.PROMISE_KEPT, DAY + timedelta(days=1))
    await jobs.sign_what_is_public()
    assert await numbered() == ["note.revised"]
    await jobs.sign()
    told = [
        json.loads(one)["at"] for one in await fetch_column("select entry from ledger_leaf order by number")
    ]
    assert told == ["2026-11-09T22:59:59Z", "2026-11-09", "2026-11-09T23:00:00Z", "2026-11-10"]


async def test_nothing_but_answers_is_nothing_to_sign(company):
    await happened(company, Kind.RECEIVED)
    await jobs.sign_what_is_public()
    assert (await numbered(), await signed()) == ([], 0)


async def test_a_missing_key_is_still_said_and_the_signer_goes_on(company):
    async with awake() as task:
        await happened(company, Kind.PUBLISHED)
        await until_signed(company, 1)
        key = signing.kept(settings(), company.id).folder / "key"
        words = key.read_text()
        key.unlink()
        await happened(company, Kind.REVISED)
        await until(lambda: _is_numbered(2))
        with pytest.raises(signing.CannotSign, match="missing"):
            await signing.sign(company.id)
        assert await signed() == 1
        key.write_text(words)
        await until_signed(company, 2)
        assert not task.done()


async def _is_numbered(how_many: int) -> bool:
    return len(await numbered()) == how_many


async def test_a_lost_connection_is_no_end(company, monkeypatch):
    tried = []

    async def once_in_vain() -> None:
        tried.append(1)
        if len(tried) == 1:
            raise ConnectionResetError
        await signing.sign_all(public_only=True)

    monkeypatch.setattr(jobs, "sign_what_is_public", once_in_vain)
    async with awake():
        await happened(company, Kind.PUBLISHED)
        await until_signed(company, 1)
    assert len(tried) > 1
