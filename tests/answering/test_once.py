"""Pressed twice at the same moment, or sent again: kept once, and everybody gets the same code."""

import asyncio

import pytest

from hearback.answering.forms import AnswerForm
from hearback.answering.giving import Door, give_answer
from hearback.answering.rules import Filled
from hearback.answering.tables import Response
from hearback.asking import commands as asking
from hearback.asking.queries import prompts
from hearback.database.engine import execute
from hearback.promises.tables import Promise
from hearback.refusals import Refused
from hearback.trust.integrity.traces import seen
from tests import made

SEEN = seen(b"salt", made.some_id(), network="203.0.113.0/24", agent="", key="", now=made.NOW)


@pytest.fixture
async def company(pool):
    return await made.a_company()


async def answers(company, question, number, *, times=1):
    prompt = (await prompts(company.id, question.id))[0]
    form = AnswerForm(key=f"{number:032x}")
    filled = [Filled(prompt.id, words="Die Steine sehen gleich aus.")]
    one = lambda: give_answer(  # noqa: E731  (the same answer, as often as it is sent)
        company,
        question.id,
        form,
        filled,
        language="de",
        network="203.0.113.0/24",
        door=Door(SEEN),
        now=made.NOW,
    )
    return await asyncio.gather(*(one() for _ in range(times)))


async def test_clicks_at_the_same_moment_keep_one_answer_and_give_one_code(company):
    question = await made.a_question(company)

    codes = [await answers(company, question, number, times=4) for number in range(10)]

    assert [len(set(same)) for same in codes] == [1] * 10
    assert len({same[0] for same in codes}) == 10
    assert await Response.count() == 10


async def test_sent_again_after_the_closing_it_still_gets_its_code(company):
    question = await made.a_question(company)
    first = await answers(company, question, 1)
    await execute("update question set state = 'closed' where id = $1", question.id)

    assert await answers(company, question, 1) == first
    with pytest.raises(Refused, match=r"answer\.question-closed"):
        await answers(company, question, 2)
    assert await Response.count() == 1


async def test_opened_by_two_at_the_same_moment_one_reply_is_promised(company):
    member = await made.a_member(company)
    question = await made.a_question(company, by=member, state="draft")

    opened = await asyncio.gather(
        *(asking.open_question(company, question.id, by=member, now=made.NOW) for _ in range(4)),
        return_exceptions=True,
    )

    assert [str(error) for error in opened if error] == ["question.is-open-already"] * 3
    assert await Promise.count() == 1
