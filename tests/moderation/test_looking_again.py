"""A fan may ask once for another look; somebody else takes it, with words that stand on the receipt."""

import pytest

from hearback.database.engine import execute, fetch_value
from tests import made
from tests.conftest import browser_of

CODE = "7K4QM0000000000000000000AB"
WHY = {"reason": "Das beschimpft Menschen.", "rule": "1", "heard_as": "insult"}
DECIDES = {"outcome": "restored", "answer": "Das war Ärger, keine Beleidigung. Entschuldige bitte."}


@pytest.fixture
async def response(company):
    question = await made.a_question(company, slug="truhe")
    return await made.an_answer(company, question, "Ihr Flaschen, die Truhe tropft.", code=CODE)


@pytest.fixture
async def other(app, company):
    async with browser_of(app) as browser:
        yield await made.signed_in(browser, company, "moderator")


async def asks(fan, **more):
    return await fan.post("/kranich/r/second-look", data={"code": CODE, "sure": "yes"} | more)


async def test_the_fan_reads_reason_rule_and_name_and_asks_once(fan, desk, response):
    await desk.post(f"/inbox/{response.id}/setting-aside", WHY)
    page = (await fan.post("/kranich/r", data={"code": CODE})).text
    assert "Das beschimpft Menschen." in page and "Regel 1: Beschimpfe niemanden." in page
    assert f"Entschieden von {desk.member.name}" in page

    first = await fan.post("/kranich/r/second-look", data={"code": CODE, "words": "Es war ein Scherz."})
    assert "Sollen wir noch einmal prüfen?" in first.text and "Es war ein Scherz." in first.text
    assert await fetch_value("select count(*) from second_look") == 0
    asked = await asks(fan, words="Es war ein Scherz.")
    again = await asks(fan)

    assert "Angekommen." in asked.text and "Um eine zweite Prüfung bitten" not in asked.text
    assert again.status_code == 422 and "haben Sie" not in again.text
    assert await fetch_value("select count(*) from second_look") == 1


async def test_there_is_nothing_to_ask_where_nothing_is_hidden_or_the_code_is_wrong(fan, response):
    assert (await asks(fan)).status_code == 422
    assert (await asks(fan, code="0" * 26)).status_code == 422
    assert await fetch_value("select count(*) from second_look") == 0


async def test_who_decided_is_refused_and_another_person_restores_with_words(fan, desk, other, response):
    await desk.post(f"/inbox/{response.id}/setting-aside", WHY)
    await asks(fan, words="Es war ein Scherz.")

    for path, given in (("second-look", DECIDES), ("counting", {})):
        assert (await desk.post(f"/inbox/{response.id}/{path}", given)).status_code == 422
    assert "Du hast zuerst entschieden" in (await desk.get(f"/inbox/{response.id}")).text
    assert await fetch_value("select state from response") == "set_aside"
    assert "Es war ein Scherz." in (await other.get("/moderation")).text
    too_short = await other.post(f"/inbox/{response.id}/second-look", DECIDES | {"answer": "Nö."})
    decided = await other.post(f"/inbox/{response.id}/second-look", DECIDES)

    assert (too_short.status_code, decided.status_code) == (422, 303)
    assert await fetch_value("select state from response") == "counted"
    page = (await fan.post("/kranich/r", data={"code": CODE})).text
    assert f"{other.member.name} hat am" in page and "Deine Antwort zählt wieder." in page
    assert "Das war Ärger, keine Beleidigung." in page
    assert (await other.post(f"/inbox/{response.id}/second-look", DECIDES)).status_code == 422


async def test_what_stays_hidden_says_why_and_nobody_can_ask_again(fan, desk, other, response):
    await desk.post(f"/inbox/{response.id}/covering", WHY | {"part": "Flaschen"})
    await asks(fan)
    assert (await desk.post(f"/inbox/{response.id}/uncovering")).status_code == 422

    kept = {"outcome": "kept", "answer": "Das Wort beschimpft, der Rest steht für alle da."}
    await other.post(f"/inbox/{response.id}/second-look", kept)

    page = (await fan.post("/kranich/r", data={"code": CODE})).text
    assert "Es bleibt dabei." in page and "der Rest steht für alle da" in page
    assert "Um eine zweite Prüfung bitten" not in page
    assert (await asks(fan)).status_code == 422


async def test_what_was_restored_and_is_set_aside_anew_may_be_asked_about_anew(fan, desk, other, response):
    await desk.post(f"/inbox/{response.id}/setting-aside", WHY)
    await asks(fan)
    await other.post(f"/inbox/{response.id}/second-look", DECIDES)
    await desk.post(f"/inbox/{response.id}/setting-aside", WHY)

    assert (await asks(fan)).status_code == 200


async def test_what_the_program_set_aside_anybody_may_look_at(fan, desk, response):
    await execute("update response set state = 'set_aside', flag = 'repeat'")
    await asks(fan)

    assert (await desk.post(f"/inbox/{response.id}/second-look", DECIDES)).status_code == 303
    assert await fetch_value("select state from response") == "counted"


async def test_a_company_with_a_single_moderator_says_that_it_will_take_a_second_one(fan, desk, response):
    await execute("update member set role = 'reader' where id <> $1", desk.member.id)
    await desk.post(f"/inbox/{response.id}/setting-aside", WHY)
    page = (await asks(fan)).text

    assert "Zurzeit moderiert bei Kranich Spiele nur eine Person." in page
    assert "moderiert hier nur eine Person" in (await desk.get("/moderation")).text


async def test_a_withdrawn_answer_leaves_the_queue(fan, desk, other, response):
    await desk.post(f"/inbox/{response.id}/setting-aside", WHY)
    await asks(fan)
    await fan.post("/kranich/r/withdrawal", data={"code": CODE, "sure": "yes"})

    assert "Flaschen" not in (await other.get("/moderation")).text
    assert (await other.post(f"/inbox/{response.id}/second-look", DECIDES)).status_code == 422
