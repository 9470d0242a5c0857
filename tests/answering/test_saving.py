"""A half-filled form waits for its fan: sealed, for a while, read and counted by nobody."""

import re
from datetime import timedelta

import pytest

from hearback.answering import saving
from hearback.answering.code import LENGTH, read_code
from hearback.answering.tables import Response, SavedForm
from hearback.asking.tables import Prompt, Question
from hearback.database.engine import ENGINE, fetch_column, fetch_value
from tests import made
from tests.made import NOW
from tests.receipts.test_erasing import where_it_stands

CANARY = "Zaunkönigsfeder"
WORDS = f"Die {CANARY} klemmt, und"
PROMPTS = [
    {"kind": "open", "words": "Erzähl, wie es war", "required": True},
    {"kind": "choices", "words": "Mit wem?", "options": ["Allein", "Zu zweit", "Zu viert"], "new_page": True},
]
ASK, ANSWERS = "/kranich/ask/moorlichter", "/kranich/ask/moorlichter/answers"


@pytest.fixture
async def question(company):
    return await made.a_question(company, slug="moorlichter", prompts=PROMPTS)


@pytest.fixture
async def fields(question):
    rows = await Prompt.select(Prompt.id).where(Prompt.question == question.id).order_by(Prompt.position)
    return [f"p{row['id'].hex}" for row in rows]


async def save(fan, fields, words=WORDS, **more):
    key = re.search(r'name="key" value="([0-9a-f]{32})"', (await fan.get(ASK)).text)[1]
    return await fan.post(ANSWERS, data={"key": key, fields[0]: words, "do": "later", "page": "1"} | more)


def code_on(page: str) -> str:
    return re.search(r'id="code">([0-9A-Z-]+)<', page)[1]


async def open_again(fan, code, company="kranich"):
    return await fan.post(f"/{company}/r", data={"code": code})


async def test_it_is_laid_by_and_opened_again_without_a_cookie_or_a_script(fan, fields):
    laid_by = await save(fan, fields, **{fields[1]: ["0", "2"], "quoting": "named", "first_name": "Mia"})

    assert laid_by.status_code == 201 and laid_by.headers["cache-control"] == "no-store"
    assert "set-cookie" not in laid_by.headers
    code = code_on(laid_by.text)
    assert len(read_code(code)) == LENGTH and f"/kranich/r#{code}" in laid_by.text
    assert code not in str(laid_by.url)

    page = (await open_again(fan, code.lower())).text

    assert "Willkommen zurück." in page and WORDS in page
    assert f'name="{fields[1]}" value="2"' in page, "what stands on another page comes along"
    assert 'name="first_name" value="Mia"' in page


async def test_nobody_can_read_it_in_the_database_and_it_counts_for_nothing(fan, fields, desk):
    code = read_code(code_on((await save(fan, fields)).text))

    assert await where_it_stands() == []
    assert await where_it_stands(code) == []
    assert await Response.count() == 0 and await SavedForm.count() == 1
    assert CANARY not in (await desk.get("/inbox")).text
    assert await fetch_column("select entrypoint from pgqueuer") == []


async def test_sending_it_takes_it_away(fan, fields):
    code = code_on((await save(fan, fields)).text)
    page = (await open_again(fan, code)).text
    key = re.search(r'name="key" value="([0-9a-f]{32})"', page)[1]
    saved = re.search(r'name="saved" value="([^"]+)"', page)[1]

    sent = await fan.post(
        ANSWERS, data={"key": key, fields[0]: f"{WORDS} jetzt fertig.", "saved": saved, "quoting": "no"}
    )

    assert sent.status_code == 201 and await Response.count() == 1
    assert await SavedForm.count() == 0
    assert (await open_again(fan, code)).status_code == 422


async def test_the_code_goes_along_from_page_to_page_and_laying_by_again_keeps_it(fan, fields):
    code = code_on((await save(fan, fields)).text)
    page = (await open_again(fan, code)).text
    key = re.search(r'name="key" value="([0-9a-f]{32})"', page)[1]
    form = {"key": key, fields[0]: WORDS, "saved": code, "page": "1"}
    turned = (await fan.post(ANSWERS, data=form | {"do": "next"})).text
    assert f'name="saved" value="{code}"' in turned

    again = await fan.post(ANSWERS, data=form | {"do": "later", fields[0]: "Ganz anders", "page": "2"})

    assert code_on(again.text) == code and await SavedForm.count() == 1
    page = (await open_again(fan, code)).text
    assert 'name="page" value="2"' in page and "Ganz anders" in page


@pytest.mark.parametrize("change", ["closed", "over", "old"])
async def test_it_is_gone_when_the_question_closes_and_after_two_weeks(fan, fields, question, change):
    code = code_on((await save(fan, fields)).text)
    if change == "closed":
        await Question.update({Question.state: "closed"}).where(Question.id == question.id)
    elif change == "over":
        await Question.update({Question.closes_at: NOW - timedelta(hours=1)}).where(
            Question.id == question.id
        )
    else:
        await ENGINE.pool.execute("update saved_form set ends_on = current_date - 1")

    refused = await open_again(fan, code)

    assert refused.status_code == 422 and "Zu diesem Code finden wir nichts." in refused.text
    await saving.let_go_of_saved(NOW)
    assert await SavedForm.count() == 0


async def test_what_still_waits_is_not_thrown_away(fan, fields):
    await save(fan, fields)
    await saving.let_go_of_saved(NOW)
    assert await SavedForm.count() == 1


async def test_another_companys_page_and_another_question_do_not_open_it(fan, company, fields):
    code = code_on((await save(fan, fields)).text)
    await made.a_company("reiher")
    assert (await open_again(fan, code, "reiher")).status_code == 422

    await made.a_question(company, slug="andere")
    page = (await fan.get("/kranich/ask/andere")).text
    other = re.search(r'name="(p[0-9a-f]{32})"', page)[1]
    key = re.search(r'name="key" value="([0-9a-f]{32})"', page)[1]
    form = {"key": key, other: "Fremdes", "do": "later", "saved": code}
    await fan.post("/kranich/ask/andere/answers", data=form)
    assert WORDS in (await open_again(fan, code)).text, "nobody writes over it from elsewhere"


async def test_nothing_is_not_laid_by_and_a_closed_question_takes_nothing(fan, fields, question):
    assert (await save(fan, fields, "  ")).status_code == 422
    key = re.search(r'name="key" value="([0-9a-f]{32})"', (await fan.get(ASK)).text)[1]
    await Question.update({Question.state: "closed"}).where(Question.id == question.id)
    refused = await fan.post(ANSWERS, data={"key": key, fields[0]: WORDS, "do": "later"})
    assert refused.status_code == 422 and WORDS in refused.text
    assert await SavedForm.count() == 0


async def test_one_network_lays_by_ten_an_hour(fan, fields):
    for number in range(10):
        assert (await save(fan, fields, f"Nummer {number}")).status_code == 201
    refused = await save(fan, fields, "Nummer 11")
    assert refused.status_code == 429 and await SavedForm.count() == 10


async def test_it_is_small(fan, fields):
    laid_by = await save(fan, fields, "ä" * 5000)
    assert laid_by.status_code == 201
    assert await fetch_value("select max(octet_length(sealed)) from saved_form") < saving.LARGEST
