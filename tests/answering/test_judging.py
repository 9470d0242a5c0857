"""What the program notices waits for a look, with a reason in words; a person decides, and nothing is refused."""

import re
from collections import Counter
from datetime import timedelta

import httpx
import pytest

from hearback.answering import judging, public
from hearback.answering.erasing import erase
from hearback.answering.tables import AnswerTrace, AnswerWording, Response
from hearback.clock import now
from hearback.database.engine import ENGINE, execute, fetch_value, transaction
from hearback.trust.integrity.rules import SAME_WORDING_FROM
from tests import made
from tests.conftest import browser_of

CAMPAIGN = "Bitte legt der zweiten Auflage eine Kurzübersicht für jeden Spieler bei"


@pytest.fixture
async def question(company):
    return await made.a_question(company, slug="moorlichter")


async def send(
    fan: httpx.AsyncClient,
    words: str,
    *,
    agent: str = "Firefox",
    form: str = "",
    house: str = "kranich",
    **more: str,
):
    """As a browser does: the page, then the form in it."""
    page = form or (await fan.get("/kranich/ask/moorlichter")).text
    key = re.search(r'name="key" value="([0-9a-f]{32})"', page)[1]
    prompt = re.search(r'<textarea[^>]* name="(p[0-9a-f]{32})"', page)[1]
    data = {"key": key, prompt: words, "quoting": "no"} | more
    return await fan.post(f"/{house}/ask/moorlichter/answers", data=data, headers={"User-Agent": agent})


def code_on(page: httpx.Response) -> str:
    return re.search(r'id="code">([0-9A-Z-]+)<', page.text)[1]


async def states() -> Counter:
    rows = await Response.select(Response.state, Response.flag)
    return Counter((row["state"], row["flag"]) for row in rows)


async def from_elsewhere(app: object, number: int) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, client=(f"10.{number // 250}.{number % 250}.7", 1))
    return httpx.AsyncClient(transport=transport, base_url="http://test")


async def test_faster_than_anybody_reads_it_waits_and_is_told_so(fan, question, set_env):
    set_env("HEARBACK_LEAST_SECONDS_TO_ANSWER", "2")

    page = await send(fan, CAMPAIGN)

    assert page.status_code == 201
    assert "Sie kam schneller, als man die Frage lesen kann." in page.text
    assert await states() == {("held", "too_fast"): 1}
    receipt = await fan.post("/kranich/r", data={"code": code_on(page)})
    assert "wartet auf einen Blick von uns" in receipt.text
    assert "Sie kam schneller" in receipt.text


async def test_who_takes_their_time_counts_at_once(fan, question, set_env, monkeypatch):
    set_env("HEARBACK_LEAST_SECONDS_TO_ANSWER", "2")
    page = (await fan.get("/kranich/ask/moorlichter")).text
    monkeypatch.setattr(public, "now", lambda: now() + timedelta(seconds=3))

    reply = await send(fan, CAMPAIGN, form=page)

    assert "Blick" not in reply.text
    assert await states() == {("counted", ""): 1}


async def test_a_field_that_nobody_sees_gives_a_program_away(fan, question):
    page = (await fan.get("/kranich/ask/moorlichter")).text
    assert re.search(r'<div class="vh" aria-hidden="true">.*name="website"[^>]*tabindex="-1"', page)

    await send(fan, CAMPAIGN, form=page, website="https://example.com")

    assert await states() == {("held", "trap"): 1}


async def test_of_a_campaign_one_voice_counts_and_the_others_wait_until_somebody_counts_them(
    app, fan, desk, question
):
    for number in range(SAME_WORDING_FROM + 3):
        async with await from_elsewhere(app, number) as one:
            await send(one, f"{CAMPAIGN}{'!' * number}", agent=f"Browser {number}")
    await judging.judge_new()
    assert await states() == {("counted", ""): 1, ("held", "same_wording"): SAME_WORDING_FROM + 2}

    inbox = await desk.get("/inbox?show=held")
    assert "Mehrere Antworten haben denselben Wortlaut." in inbox.text
    assert f"Alle {SAME_WORDING_FROM + 2} zählen" in inbox.text
    await desk.post("/inbox/counting", {"question": question.id, "flag": "same_wording"})
    await judging.judge_new()

    assert await states() == {("counted", ""): 1, ("counted", "same_wording"): SAME_WORDING_FROM + 2}
    assert await fetch_value("select count(*) from audit where did = 'answer.counted-again'") == 7


async def test_the_same_words_from_the_same_browser_lie_aside_and_can_be_counted(fan, desk, question):
    first, second = await send(fan, CAMPAIGN), await send(fan, CAMPAIGN)
    await judging.judge_new()
    assert await states() == {("counted", ""): 1, ("set_aside", "repeat"): 1}

    told = [(await fan.post("/kranich/r", data={"code": code_on(page)})).text for page in (first, second)]
    assert sum("Dieselben Worte kamen am selben Tag schon" in page for page in told) == 1
    aside = await fetch_value("select id from response where state = 'set_aside'")
    assert "Dieselben Worte kamen" in (await desk.get(f"/inbox/{aside}")).text
    await desk.post(f"/inbox/{aside}/counting")
    await judging.judge_new()

    assert await states() == {("counted", ""): 1, ("counted", "repeat"): 1}


async def test_sent_again_from_the_same_form_with_other_words_it_lies_aside(fan, question):
    page = (await fan.get("/kranich/ask/moorlichter")).text
    await send(fan, "Das Erste, was mir einfiel.", form=page)
    await judging.judge_new()
    await send(fan, "Und noch etwas ganz anderes.", form=page)
    await judging.judge_new()

    assert await states() == {("counted", ""): 1, ("set_aside", "same_form"): 1}


async def test_what_somebody_has_read_the_program_leaves_alone(fan, desk, question):
    for _ in range(3):
        await send(fan, CAMPAIGN)
    await execute("update response set read_on = current_date")

    await judging.judge_new()

    assert await states() == {("counted", ""): 3}


async def test_readers_may_look_but_not_count(app, company, question):
    async with browser_of(app) as browser:
        reader = await made.signed_in(browser, company, role="reader")
        reply = await reader.post("/inbox/counting", {"question": question.id, "flag": "too_fast"})

    assert reply.status_code == 403


async def test_another_company_counts_nothing_of_ours(app, company, question):
    await made.an_answer(company, question, state="held", flag="too_fast")
    async with browser_of(app) as browser:
        other = await made.signed_in(browser, await made.a_company("reiher", name="Reiher"))
        await other.post("/inbox/counting", {"question": question.id, "flag": "too_fast"})

    assert await states() == {("held", "too_fast"): 1}


async def test_neither_address_nor_browser_is_kept_and_after_the_day_not_even_traces(fan, question):
    agent = "A-Browser-Like-No-Other/1.0"
    await send(fan, CAMPAIGN, agent=agent)
    await judging.judge_new()

    tables = await ENGINE.pool.fetch("select tablename from pg_tables where schemaname = 'public'")
    for (table,) in tables:
        text = await fetch_value(f"select coalesce(string_agg(t::text, chr(10)), '') from \"{table}\" t")
        assert agent not in text, table
        assert "127.0.0.1" not in text, table
        assert agent.encode().hex() not in text, table
    assert await AnswerTrace.count() == 1
    await judging.forget_traces(now() + timedelta(hours=48))
    assert await AnswerTrace.count() == 0


async def test_who_erases_an_answer_erases_what_was_known_of_its_wording(company, fan, question):
    await send(fan, CAMPAIGN)
    await judging.judge_new()
    assert await AnswerWording.count() == 1

    async with transaction():
        await erase(company.id, [await fetch_value("select id from response")], today=made.today())

    assert (await AnswerWording.count(), await AnswerTrace.count()) == (0, 0)
