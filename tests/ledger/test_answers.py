"""Whatever happens to an answer stands in the ledger, and nothing of what it said."""

import asyncio
import json
from datetime import timedelta

import pytest

from hearback.answering import closing, commands, judging
from hearback.answering.forms import SettingAsideForm
from hearback.answering.recording import as_text
from hearback.answering.rules import Filled
from hearback.answering.tables import Answer, AnswerTrace, Response
from hearback.database.engine import ENGINE, fetch_value
from hearback.ledger.rules import commitment
from hearback.receipts import commands as receipts
from tests import made
from tests.answering.test_public import PROMPTS, send, served

TODAY = made.today()
DAY = timedelta(days=1)
WORDS = "Das rote Scharnier klemmt seit Ostern."
REASON = SettingAsideForm(reason="Das ist Werbung.", rule=1)


@pytest.fixture
async def company(app):
    return await made.a_company()


@pytest.fixture
async def question(company):
    return await made.a_question(company, slug="moorlichter", prompts=PROMPTS)


async def entries() -> list[dict]:
    """What came, then what was done, in its order."""
    rows = await ENGINE.pool.fetch("select entry from ledger_leaf order by step nulls first")
    return [json.loads(row["entry"]) for row in rows]


async def kinds() -> list[str]:
    return [entry["kind"] for entry in await entries()]


async def sent(fan) -> Response:
    reply = await send(fan, await served(fan), WORDS)
    assert reply.status_code == 201
    return (await Response.objects())[-1]


async def said(response) -> list[Filled]:
    answers = await Answer.objects().where(Answer.response == response.id)
    return [Filled(one.prompt, one.words, tuple(one.chosen), one.number, one.part) for one in answers]


async def test_an_answer_stands_there_with_its_day_and_a_hash_that_its_salt_opens(fan, question):
    response = await sent(fan)
    (entry,) = await entries()
    assert entry["kind"] == "answer.received"
    assert (entry["subject"], entry["of"]) == (str(response.id), str(question.id))
    assert entry["at"] == response.day.isoformat()
    salt = await fetch_value("select salt from ledger_salt where name = 'answer'")
    assert commitment("answer", as_text(await said(response)), salt).hex() == entry["fields"]["answer"]
    assert await fetch_value("select step is null and number is null from ledger_leaf")


async def test_sent_twice_it_stands_there_once(fan, question):
    form = await served(fan)
    for _ in range(2):
        await send(fan, form, WORDS)
    assert await kinds() == ["answer.received"]


async def test_what_was_refused_and_what_only_tries_leaves_no_entry(fan, desk, company, question):
    await send(fan, await served(fan), "")
    assert await kinds() == []


async def test_other_words_take_its_place_and_what_stood_there_can_no_longer_be_found_out(
    fan, company, question
):
    response = await sent(fan)
    before = await said(response)
    after = [Filled(before[0].prompt, "Das grüne Scharnier klemmt.")]
    await receipts.correct(company.id, response.id, after, closed=False, now=made.NOW, today=TODAY)
    first, second = await entries()
    assert (first["kind"], second["kind"]) == ("answer.received", "answer.corrected")
    (salt,) = [row["salt"] for row in await ENGINE.pool.fetch("select salt from ledger_salt")]
    assert commitment("answer", as_text(after), salt).hex() == second["fields"]["answer"]
    assert commitment("answer", as_text(before), salt).hex() != first["fields"]["answer"]


async def test_taken_back_stands_there_once(fan, company, question):
    response = await sent(fan)
    for _ in range(2):
        await receipts.withdraw(company.id, response.id, today=TODAY)
    assert await kinds() == ["answer.received", "answer.withdrawn"]


async def test_erased_leaves_the_entry_and_no_salt_to_try_with(fan, company, question):
    response = await sent(fan)
    member = await made.a_member(company)
    await commands.set_aside(company.id, response.id, REASON, by=member, now=made.NOW)
    for _ in range(2):
        await receipts.erase(company.id, response.id, now=made.NOW, today=TODAY)
    assert await kinds() == ["answer.received", "answer.set-aside", "answer.erased"]
    assert await fetch_value("select count(*) from ledger_salt") == 0
    assert WORDS not in str(await entries())


async def test_whoever_puts_one_aside_or_back_leaves_an_entry(fan, company, question):
    response, member = await sent(fan), await made.a_member(company)
    by = {"by": member, "now": made.NOW}
    await commands.set_aside(company.id, response.id, REASON, **by)
    await commands.count_again(company.id, response.id, **by)
    states = await commands.set_aside_many(company.id, [response.id], REASON, **by)
    await commands.count_again_many(company.id, states, set_aside_by=member.id, **by)
    assert (await kinds())[1:] == ["answer.set-aside", "answer.restored"] * 2
    assert "Werbung" not in str(await entries())


async def test_what_the_program_holds_back_leaves_an_entry_and_so_does_the_look_that_counts_it(
    company, question
):
    by = await made.a_member(company)
    for number in range(3):
        response = await made.an_answer(company, question, f"{WORDS} {number}")
        trace = AnswerTrace(
            company=company.id,
            question=question.id,
            response=response.id,
            day=TODAY,
            browser=b"b",
            line=b"l",
            burst=b"u",
            form=b"same",
        )
        await AnswerTrace.insert(trace)
    await judging.judge_new()
    held = await kinds()
    assert set(held) == {"answer.set-aside"}
    assert len(held) == await Response.count().where(Response.state != "counted")
    for response in await Response.objects().where(Response.state != "counted"):
        await commands.count_again(company.id, response.id, by=by, now=made.NOW)
    assert (await kinds())[len(held) :] == ["answer.restored"] * len(held)


async def test_the_sums_of_a_question_that_has_closed_stand_there_once_to_be_read(company, question):
    over = await made.a_question(company, opens_at=made.NOW - DAY * 2, closes_at=made.NOW - DAY)
    await made.a_question(company, state="draft", opens_at=made.NOW - DAY * 2, closes_at=made.NOW - DAY)
    for state in ("counted", "counted", "held", "set_aside", "withdrawn"):
        await made.an_answer(company, over, state=state, reason="Werbung" if state == "set_aside" else "")
    await asyncio.gather(closing.count_closed(made.NOW), closing.count_closed(made.NOW))
    await closing.count_closed(made.NOW)
    (entry,) = await entries()
    assert (entry["kind"], entry["subject"], entry["fields"]) == ("question.counted", str(over.id), {})
    assert entry["figures"] == {"counted": 2, "held": 1, "set_aside": 1, "withdrawn": 1, "erased": 0}
