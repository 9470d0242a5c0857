"""A flood is asked to come later, and each bucket fills for itself; one company's flood is not another's."""

import httpx
import pytest

from hearback.answering.tables import Response
from tests import made
from tests.answering.test_judging import send

LIMITS = ["PER_NETWORK_AND_HOUR", "PER_QUESTION_AND_HOUR", "PER_COMPANY_AND_HOUR", "PER_HOUR"]


@pytest.fixture
async def question(company):
    return await made.a_question(company, slug="moorlichter")


@pytest.mark.parametrize("limit", LIMITS)
async def test_each_bucket_is_full_by_itself_and_says_when_to_come_again(app, question, set_env, limit):
    set_env(f"HEARBACK_ANSWERS_{limit}", "3")
    networks = [1, 1, 1, 1] if "NETWORK" in limit else [1, 2, 3, 4]

    replies = []
    for number, network in enumerate(networks):
        transport = httpx.ASGITransport(app, client=(f"10.0.{network}.7", 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as one:
            replies.append(await send(one, f"Die {number}. Antwort auf diese Frage."))

    assert [reply.status_code for reply in replies] == [201, 201, 201, 429]
    assert 0 < int(replies[-1].headers["retry-after"]) <= 3600
    assert "Die 3. Antwort auf diese Frage." in replies[-1].text
    assert await Response.count() == 3


async def test_the_flood_of_one_company_leaves_another_alone(fan, question, set_env):
    set_env("HEARBACK_ANSWERS_PER_COMPANY_AND_HOUR", "1")
    other = await made.a_question(await made.a_company("reiher", name="Reiher"), slug="moorlichter")

    assert (await send(fan, "Die erste.")).status_code == 201
    assert (await send(fan, "Die zweite.")).status_code == 429
    page = (await fan.get("/reiher/ask/moorlichter")).text
    reply = await send(fan, "Bei den anderen.", form=page, house="reiher")

    assert reply.status_code == 201
    assert await Response.count().where(Response.question == other.id) == 1
