"""The engine gives everything back, whatever happens; the database itself keeps companies apart."""

import asyncio

import asyncpg
import pytest
from msgspec import Struct
from tests import made

from hearback.database.engine import ENGINE, execute, fetch_in_steps, fetch_value, transaction
from hearback.people.audit import note_down
from hearback.people.tables import Audit, Company, Member


async def test_a_commit_that_fails_gives_the_connection_back(pool):
    for _ in range(6):  # more often than the pool has connections
        with pytest.raises(asyncpg.ForeignKeyViolationError):
            await _save_what_only_the_commit_refuses()
    assert ENGINE.current_transaction.get() is None
    assert ENGINE.pool.get_idle_size() == ENGINE.pool.get_size()
    assert await Company.count() == 0


async def _save_what_only_the_commit_refuses():
    async with transaction():
        company = await made.a_company()
        await execute(
            "insert into theme (id, company, heir) values ($1, $2, $3)",
            made.some_id(),
            company.id,
            made.some_id(),
        )


class Number(Struct):
    n: int


async def test_very_many_rows_come_in_steps_between_which_other_work_goes_on(pool):
    turns = []

    async def other_work():
        while True:
            turns.append(ENGINE.pool.get_size())
            await asyncio.sleep(0)

    beside = asyncio.create_task(other_work())
    found = await fetch_in_steps(Number, "select generate_series(1, $1::int) as n", 95, step=10)
    beside.cancel()

    assert [one.n for one in found] == list(range(1, 96))
    assert len(turns) >= 10
    assert ENGINE.pool.get_idle_size() == ENGINE.pool.get_size()


async def test_a_link_to_another_companys_row_is_refused_by_the_database(pool):
    ours, theirs = await made.a_company("ours"), await made.a_company("theirs")
    stranger = await made.a_member(theirs)

    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await made.a_question(ours, by=stranger)


async def test_the_app_can_neither_change_nor_delete_what_was_written_down(pool):
    company = await made.a_company()
    async with transaction():
        await note_down(company.id, "test.happened", by=None, now=made.NOW)

    for sql in ("update audit set did = 'x'", "delete from audit", "truncate audit"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await execute(sql)
    assert await Audit.count() == 1


async def test_the_processes_are_not_the_owner(pool):
    assert await fetch_value("select current_user") == "hearback_app"
    assert await Member.count() == 0
