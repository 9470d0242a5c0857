"""What is trusted counts as soon as it comes: the same browser that day, the same wording; nobody else's."""

import pytest

from hearback.answering.judging import judge_new
from hearback.database.engine import execute, fetch_value
from tests import made


@pytest.fixture
async def question(company):
    return await made.a_question(company, slug="truhe")


async def comes(company, question, browser: bytes, **more):
    """An answer that waits, with the trace of its browser."""
    response = await made.an_answer(company, question, "Kurz.", state="held", flag="no_proof", **more)
    await execute(
        """insert into answer_trace (id, company, question, response, day, browser, line, burst, form)
           values (gen_random_uuid(), $1, $2, $3, $4, $5, $6, $6, $6)""",
        company.id,
        question.id,
        response.id,
        response.day,
        browser,
        response.id.bytes,
    )
    return response


async def state(response):
    return await fetch_value("select state from response where id = $1", response.id)


async def test_later_answers_of_a_trusted_browser_count_and_leave_an_entry(desk, company, question):
    first = await comes(company, question, b"mia")
    await desk.post(f"/inbox/{first.id}/trusting", {"trust": "yes"})
    again, other = await comes(company, question, b"mia"), await comes(company, question, b"tom")
    await judge_new()

    assert [await state(one) for one in (first, again, other)] == ["counted", "counted", "held"]
    entries = "select kind from ledger_leaf where subject = $1"
    assert await fetch_value(entries, again.id) == "answer.restored"


async def test_what_its_fan_should_confirm_is_not_let_in_by_trust(desk, company, question):
    first = await comes(company, question, b"mia")
    await desk.post(f"/inbox/{first.id}/trusting", {"trust": "yes"})
    waits = await comes(company, question, b"mia")
    await execute("update response set flag = 'unconfirmed' where id = $1", waits.id)
    await judge_new()

    assert await state(waits) == "held"


async def test_trust_ends_with_the_answer_it_was_given_to(fan, desk, company, question):
    code = "7K4QM0000000000000000000AB"
    first = await comes(company, question, b"mia", code=code)
    await desk.post(f"/inbox/{first.id}/trusting", {"trust": "yes"})
    await fan.post("/kranich/r/erasure", data={"code": code, "sure": "yes"})
    later = await comes(company, question, b"mia")
    await judge_new()

    assert await state(later) == "held"
    assert await fetch_value("select count(*) from trusted") == 0
