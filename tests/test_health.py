"""Ready means: it could take an answer now and would not lose it."""

import asyncpg

from hearback.database.engine import connected, execute
from hearback.health import check_health
from tests import made


async def test_without_a_worker_and_without_fsync_it_is_alive_but_not_ready(fan):
    assert (await fan.get("/health/live")).json() == {"live": True}
    page = await fan.get("/health/ready")
    assert page.status_code == 503
    assert page.json() == {
        "ready": False,
        "database_writable": True,
        "migrations_at_head": True,
        "worker_seen": False,
        "durable": False,
    }


async def test_a_worker_that_beats_is_seen(pool):
    await execute(
        "insert into worker_beat (id, worker, seen_at) values ($1, 'here/1', current_timestamp)",
        made.some_id(),
    )
    assert (await check_health()).worker_seen


async def test_a_worker_that_fell_silent_is_not(pool):
    await execute(
        "insert into worker_beat (id, worker, seen_at) values ($1, 'here/1', current_timestamp - interval '5 minutes')",
        made.some_id(),
    )
    assert not (await check_health()).worker_seen


async def test_a_worker_that_beat_by_a_clock_that_ran_ahead_is_not_seen_for_that(pool):
    await execute(
        "insert into worker_beat (id, worker, seen_at) values ($1, 'here/1', current_timestamp + interval '40 days')",
        made.some_id(),
    )
    assert not (await check_health()).worker_seen


async def test_a_schema_that_is_behind_is_noticed(database):
    owner = await asyncpg.connect(database.replace("hearback_app", "hearback_owner"))
    await owner.execute("delete from migration")
    await owner.close()
    async with connected():
        assert not (await check_health()).migrations_at_head
