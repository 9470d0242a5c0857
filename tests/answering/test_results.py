"""How others chose: from the moment its author set, never before answering, and nothing of few."""

import re
from datetime import timedelta

import pytest

from hearback.answering.tables import Answer, Response
from hearback.asking.tables import Prompt, Question
from hearback.database.engine import execute
from tests import made
from tests.made import NOW

CODE = "7K4QM0000000000000000000AB"
PROMPTS = [
    {"kind": "open", "words": "Erzähl, wie es war"},
    {"kind": "choice", "words": "Wann?", "options": ["Beim Aufbau", "In Runde 1", "Nie"], "other": True},
    {"kind": "scale", "words": "Wie gern?", "low": 1, "high": 5, "low_label": "kaum", "high_label": "sehr"},
    {"kind": "ranking", "words": "Was zuerst?", "options": ["Farben", "Karten"]},
    {"kind": "yes_no", "words": "Noch einmal?", "options": ["yes", "no"]},
]
WHO = "Jeder konnte antworten; das ist keine repräsentative Umfrage."


async def a_choice_question(company, results, **more):
    question = await made.a_question(
        company, slug="moorlichter", results=results, prompts=PROMPTS, level=more.pop("level", "open"), **more
    )
    rows = await Prompt.objects().where(Prompt.question == question.id).order_by(Prompt.position)
    return question, rows


async def chose(company, question, prompts, pick, **more):
    """One option, the middle of the scale, the second before the first, and yes."""
    response = await made.an_answer(company, question, "Ja.", **more)
    for prompt, given in zip(
        prompts[1:], ({"chosen": [pick]}, {"number": 3}, {"chosen": [1, 0]}, {"chosen": [0]}), strict=True
    ):
        row = {"company": company.id, "response": response.id, "prompt": prompt.id} | given
        await Answer.insert(Answer(**row))
    return response


async def receipt(fan):
    return (await fan.post("/kranich/r", data={"code": CODE})).text


def figures(page: str, caption: str) -> list[str]:
    """Rows of one table: what was picked, how many, and the share."""
    table = next(one for one in re.findall(r"<table.*?</table>", page, re.DOTALL) if caption in one)
    rows = re.findall(r"<tr><th scope=\"row\">(.*?)</tr>", table, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]


async def test_after_answering_the_thanks_and_the_receipt_show_it_and_the_open_page_never(fan, company):
    question, prompts = await a_choice_question(company, "answered")
    for pick in (0, 0, 0, 1, 1):
        await chose(company, question, prompts, pick)
    page = (await fan.get("/kranich/ask/moorlichter")).text
    assert "So haben alle geantwortet" not in page and 'class="results"' not in page

    key = re.search(r'name="key" value="([0-9a-f]{32})"', page)[1]
    thanks = await fan.post(
        "/kranich/ask/moorlichter/answers",
        data={"key": key, f"p{prompts[1].id.hex}": "0", "quoting": "no"},
    )

    assert figures(thanks.text, "Wann?") == ["Beim Aufbau 4 67 %", "In Runde 1 2 33 %", "Nie 0 0 %"]
    assert figures(thanks.text, "Wie gern?")[2] == "3 5 100 %"
    assert figures(thanks.text, "Was zuerst?") == [
        "Karten 5 Platz 1",
        "Farben 5 Platz 2",
    ]
    assert figures(thanks.text, "Noch einmal?") == ["Ja 5 100 %", "Nein 0 0 %"]
    assert "Jeder kann antworten; das ist keine repräsentative Umfrage." in thanks.text
    code = re.search(r'id="code">([0-9A-Z-]+)<', thanks.text)[1]
    assert "So haben alle geantwortet" in (await fan.post("/kranich/r", data={"code": code})).text


async def test_after_closing_it_stands_on_the_page_of_the_question_and_not_sooner(fan, company):
    question, prompts = await a_choice_question(company, "closed")
    for pick in (0, 0, 1, 1):
        await chose(company, question, prompts, pick)
    await chose(company, question, prompts, 2, code=CODE)
    assert "So haben alle geantwortet" not in await receipt(fan)

    await Question.update({Question.closes_at: NOW - timedelta(hours=1)}).where(Question.id == question.id)

    assert "So haben alle geantwortet" in await receipt(fan)
    page = (await fan.get("/kranich/ask/moorlichter")).text
    assert figures(page, "Wann?") == ["Beim Aufbau 2 40 %", "In Runde 1 2 40 %", "Nie 1 20 %"]
    assert WHO in page


async def test_not_at_all_is_not_at_all(fan, company):
    question, prompts = await a_choice_question(company, "never", closes_at=NOW - timedelta(hours=1))
    for pick in (0, 0, 1, 1, 2):
        await chose(company, question, prompts, pick, **({"code": CODE} if pick == 2 else {}))

    assert "So haben alle geantwortet" not in (await fan.get("/kranich/ask/moorlichter")).text
    assert "So haben alle geantwortet" not in await receipt(fan)


async def test_of_few_nothing_is_shown_but_that_they_are_few(fan, company):
    question, prompts = await a_choice_question(company, "closed", closes_at=NOW - timedelta(hours=1))
    for pick in (0, 0, 1, 1):
        await chose(company, question, prompts, pick)

    page = (await fan.get("/kranich/ask/moorlichter")).text

    assert "Wir zeigen sie ab 5 gezählten Antworten" in page and 'class="results"' not in page
    assert WHO in page


@pytest.mark.parametrize("state", ["held", "set_aside", "withdrawn"])
async def test_what_does_not_count_is_not_in_the_figures(fan, company, state):
    question, prompts = await a_choice_question(company, "closed", closes_at=NOW - timedelta(hours=1))
    for pick in (0, 0, 0, 1, 1):
        await chose(company, question, prompts, pick)
    aside = await chose(company, question, prompts, 2)
    await execute("update response set state = $2, reason = 'Werbung' where id = $1", aside.id, state)
    await Response.update({Response.test: True}).where(
        Response.id == (await chose(company, question, prompts, 2)).id
    )

    page = (await fan.get("/kranich/ask/moorlichter")).text

    assert figures(page, "Wann?") == ["Beim Aufbau 3 60 %", "In Runde 1 2 40 %", "Nie 0 0 %"]


async def test_who_took_the_answer_back_sees_what_everybody_sees(fan, company):
    question, prompts = await a_choice_question(company, "answered")
    for pick in (0, 0, 0, 1, 1):
        await chose(company, question, prompts, pick)
    await chose(company, question, prompts, 1, code=CODE, state="withdrawn")

    assert "So haben alle geantwortet" not in await receipt(fan)


async def test_a_closed_group_says_that_it_was_one(fan, company):
    question, prompts = await a_choice_question(
        company, "closed", level="invited", closes_at=NOW - timedelta(hours=1)
    )
    for pick in (0, 0, 0, 1, 1):
        await chose(company, question, prompts, pick)

    page = (await fan.get("/kranich/ask/moorlichter")).text
    assert page.count("Es antwortete ein geschlossener Kreis; für andere spricht er nicht.") == 2


async def test_the_author_chooses_in_the_editor_and_finds_it_there_again(company, desk):
    page = (await desk.get("/questions/new")).text
    assert re.search(r'name="results" value="closed"[^>]* checked', page)
    question = await made.a_question(company, state="draft", by=desk.member, results="answered")

    page = (await desk.get(f"/questions/{question.id}")).text

    assert re.search(r'name="results" value="answered"[^>]* checked', page)
