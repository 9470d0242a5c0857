"""A closed group answers with links that are good for one answer and cannot be told apart afterwards."""

import asyncio
import csv
import io
import re

import pytest

from hearback.answering.links import shuffle
from hearback.answering.tables import OneUseLink, Response
from hearback.database.engine import ENGINE, execute, fetch_value
from tests import made
from tests.asking.test_desk import draft
from tests.conftest import browser_of

WORDS = "Rot und Grün sehen für meine Tochter gleich aus."
PATH = "/kranich/ask/kreis"


@pytest.fixture
async def question(company):
    return await made.a_question(company, slug="kreis", level="invited")


async def made_links(desk, question, count: int) -> list[str]:
    reply = await desk.post(f"/questions/{question.id}/links", {"count": count, "how": "csv"})
    assert reply.headers["cache-control"] == "no-store"
    rows = list(csv.DictReader(io.StringIO(reply.text)))
    return [row["link"].removeprefix("http://test") for row in rows]


async def send(fan, page: str, words: str = WORDS, **more: str):
    key = re.search(r'name="key" value="([0-9a-f]{32})"', page)[1]
    prompt = re.search(r'<textarea[^>]* name="(p[0-9a-f]{32})"', page)[1]
    link = re.search(r'name="link" value="([^"]*)"', page)[1]
    data = {"key": key, prompt: words, "quoting": "no", "link": link} | more
    return await fan.post(f"{PATH}/answers", data=data)


async def test_a_link_opens_the_form_is_good_for_one_answer_and_says_so_afterwards(fan, desk, question):
    links = await made_links(desk, question, 3)
    for _ in range(3):  # a mail scanner that looks uses nothing up
        page = (await fan.get(links[0])).text

    assert (await send(fan, page)).status_code == 201
    again = await send(fan, (await fan.get(links[1])).text, "Noch eine.", link=links[0].partition("=")[2])

    assert again.status_code == 422
    assert "Mit diesem Link wurde schon geantwortet" in again.text
    assert "Noch eine." in again.text
    assert "Mit diesem Link wurde schon geantwortet." in (await fan.get(links[0])).text
    assert "<textarea" in (await fan.get(links[1])).text
    assert await Response.count() == 1
    assert "3 Links gemacht, 1 benutzt." in (await desk.get(f"/questions/{question.id}/links")).text


async def test_who_clicks_twice_with_a_link_answered_once_and_gets_one_code(fan, desk, question):
    page = (await fan.get((await made_links(desk, question, 1))[0])).text

    replies = await asyncio.gather(*(send(fan, page) for _ in range(4)))

    assert {reply.status_code for reply in replies} == {201}
    assert len({re.search(r'id="code">([0-9A-Z-]+)<', reply.text)[1] for reply in replies}) == 1
    assert await Response.count() == 1


async def test_two_who_share_a_link_at_the_same_moment_give_one_answer(fan, desk, question):
    link = (await made_links(desk, question, 1))[0]
    pages = [(await fan.get(link)).text for _ in range(4)]

    replies = await asyncio.gather(*(send(fan, page, f"{WORDS} {n}") for n, page in enumerate(pages)))

    assert sorted(reply.status_code for reply in replies) == [201, 422, 422, 422]
    assert await Response.count() == 1


async def test_without_a_link_the_page_says_who_can_answer_and_takes_a_typed_code(fan, desk, question):
    page = (await fan.get(PATH)).text
    assert "Hier antwortet ein geschlossener Kreis." in page
    assert "<textarea" not in page

    link = (await made_links(desk, question, 1))[0].partition("=")[2]
    typed = (await fan.get(PATH, params={"link": link.lower().replace("-", " ")})).text
    assert "<textarea" in typed
    assert (await send(fan, typed)).status_code == 201


@pytest.mark.parametrize("link", ["", "0000-0000-0000-0000", '"><script>', "x" * 70, "ü"])
async def test_a_made_up_link_answers_nothing_whatever_the_form_says(fan, desk, question, link):
    good = (await fan.get((await made_links(desk, question, 1))[0])).text

    looked = await fan.get(PATH, params={"link": link})
    sent = await send(fan, good, link=link)

    assert "<textarea" not in looked.text
    assert "<script>" not in looked.text
    assert sent.status_code == 422
    assert await Response.count() == 0


async def test_a_link_of_another_question_or_company_is_foreign(fan, desk, company, question):
    other = await made.a_question(company, slug="anderer", level="invited")
    foreign = (await made_links(desk, other, 1))[0].partition("=")[2]
    good = (await fan.get((await made_links(desk, question, 1))[0])).text

    assert "Diesen Link kennen wir für diese Frage nicht." in (await send(fan, good, link=foreign)).text
    assert await fetch_value("select count(*) from one_use_link where used") == 0


async def test_nothing_leads_from_a_used_link_to_the_answer(fan, desk, question):
    link = (await made_links(desk, question, 2))[0]
    await send(fan, (await fan.get(link)).text)

    columns = await ENGINE.pool.fetch(
        """select column_name, data_type from information_schema.columns where table_name = 'one_use_link'"""
    )
    assert {row["column_name"] for row in columns} == {"id", "company", "question", "link_hash", "used"}
    code = link.partition("=")[2]
    for (table,) in await ENGINE.pool.fetch("select tablename from pg_tables where schemaname = 'public'"):
        text = await fetch_value(f"select coalesce(string_agg(t::text, chr(10)), '') from \"{table}\" t")
        assert code not in text, table
        assert code.replace("-", "") not in text, table


async def test_not_even_the_databases_own_marks_lead_from_a_link_to_an_answer(fan, desk, question):
    links = await made_links(desk, question, 4)
    for link in links[:3]:
        await send(fan, (await fan.get(link)).text, f"{WORDS} {link}")
    same = "select count(*) from one_use_link o join response r on o.xmin::text = r.xmin::text"
    assert await fetch_value(same) == 3

    await shuffle()

    assert await fetch_value(same) == 0
    assert "Mit diesem Link wurde schon geantwortet." in (await fan.get(links[0])).text
    assert "4 Links gemacht, 3 benutzt." in (await desk.get(f"/questions/{question.id}/links")).text


async def test_links_are_for_closed_questions_and_for_those_who_may_ask(app, desk, company, question):
    open_one = await made.a_question(company, slug="offen")
    assert (await desk.get(f"/questions/{open_one.id}/links")).status_code == 404
    assert (await desk.post(f"/questions/{question.id}/links", {"count": 501})).status_code == 422
    async with browser_of(app) as browser:
        reader = await made.signed_in(browser, company, role="reader")
        assert (await reader.post(f"/questions/{question.id}/links", {"count": 1})).status_code == 403
    assert await OneUseLink.count() == 0


async def test_a_list_to_print_stands_on_the_page_this_once(desk, question):
    page = (await desk.post(f"/questions/{question.id}/links", {"count": 2, "how": "print"})).text

    assert len(re.findall(r'class="code">[0-9A-Z-]{19}<', page)) == 2
    assert "gibt es nur jetzt" in page


async def test_the_level_is_chosen_in_the_editor_and_shown_as_a_badge(fan, desk, company):
    assert re.search(r'name="level" value="open" checked', (await desk.get("/questions/new")).text)

    await desk.post("/questions", draft(desk, slug="entwurf", level="invited"))

    assert await fetch_value("select level from question where slug = 'entwurf'") == "invited"
    await execute("update question set state = 'open', opens_at = opens_at - interval '2 days'")
    assert "Auf Einladung" in (await fan.get("/kranich/ask/entwurf")).text
