"""A question that cannot be answered now says why, what becomes of what is there, and where to go on."""

import asyncio
import re

import pytest

from hearback.clock import now
from hearback.database.engine import fetch_value
from hearback.settings import settings
from hearback.trust.integrity.form_key import new_key
from tests import made
from tests.made import NOW, timedelta

KEY = re.compile(r'name="key" value="([^"]+)"')
TEXT = "Im dritten Zug wusste keiner mehr weiter."


async def prompt_of(question):
    return f"p{(await fetch_value('select id from prompt where question = $1', question.id)).hex}"


async def send(fan, question, words=TEXT, lang="de", key=""):
    page = await fan.get(f"/kranich/ask/{question.slug}?lang={lang}")
    key = key or KEY.search(page.text)[1]
    typed = {"key": key, "quoting": "no", await prompt_of(question): words}
    return await fan.post(f"/kranich/ask/{question.slug}/answers?lang={lang}", data=typed)


async def test_before_its_day_a_question_says_when_and_offers_to_tell(fan, company):
    jule = await made.a_member(company)
    await made.a_question(company, by=jule, slug="bald", opens_at=NOW + timedelta(days=2))
    await made.a_question(company, by=jule, slug="jetzt", title="Was fehlt euch im Laden?")

    page = await fan.get("/kranich/ask/bald")

    assert "Diese Frage öffnet am" in page.text
    assert 'href="/kranich/follow?question=bald"' in page.text
    assert "Was fehlt euch im Laden?" in page.text and 'href="/kranich/ask/jetzt"' in page.text
    assert "<form" not in page.text
    assert (await fan.get("/kranich/follow?question=bald")).status_code == 200


async def test_a_full_question_takes_no_more_and_says_what_becomes_of_what_is_there(fan, company):
    question = await made.a_question(company, slug="klein", most=2)
    key = KEY.search((await fan.get("/kranich/ask/klein")).text)[1]
    assert (await send(fan, question, "Die erste von zweien.")).status_code == 201
    kept = await send(fan, question, "Die zweite von zweien.", key=key)
    assert kept.status_code == 201

    refused = await send(fan, question, TEXT, key=key)
    again = await send(fan, question, "Die zweite von zweien.", key=key)

    assert refused.status_code == 422
    assert "Es ist voll." in refused.text and "nimmt 2 Antworten" in refused.text
    assert TEXT in refused.text and "Das hast du geschrieben:" in refused.text
    assert 'href="/kranich/follow?question=klein"' in refused.text
    assert again.status_code == 201  # sent twice, it is the same answer, and has its place
    assert await fetch_value("select count(*) from response") == 2


async def test_a_full_question_is_a_page_of_its_own_and_has_room_again_when_one_is_taken_back(fan, company):
    question = await made.a_question(company, slug="klein", most=1)
    response = await made.an_answer(company, question)
    page = await fan.get("/kranich/ask/klein?lang=en")
    assert "It is full." in page.text and "<form" not in page.text
    await fetch_value("update response set state = 'withdrawn' where id = $1", response.id)
    other = f"p{(await fetch_value('select id from prompt where question = $1', question.id)).hex}"
    key = new_key(settings().secret_key, now())  # the page may be as old as ten seconds; the door never is
    typed = {"key": key, "quoting": "no", other: TEXT}
    assert (await fan.post("/kranich/ask/klein/answers", data=typed)).status_code == 201


async def test_nobody_is_sent_to_a_question_that_is_full(fan, company):
    full = await made.a_question(company, slug="klein", title="Wer mag Torf?", most=1)
    await made.a_question(company, slug="gross", title="Wer mag Moos?")
    await made.a_question(company, slug="zu", title="Wer mag Sand?", most=1)
    await made.an_answer(company, full)

    page = (await fan.get("/kranich")).text
    way_on = (await fan.get("/kranich/ask/klein")).text

    assert "Wer mag Moos?" in page and "Wer mag Sand?" in page and "Wer mag Torf?" not in page
    assert "Wer mag Moos?" in way_on


async def test_a_resend_at_the_same_moment_leaves_one_answer_in_its_place(fan, company):
    question = await made.a_question(company, slug="klein", most=1)
    key = KEY.search((await fan.get("/kranich/ask/klein")).text)[1]
    pages = await asyncio.gather(*(send(fan, question, key=key) for _ in range(4)))

    assert {page.status_code for page in pages} == {201}
    assert await fetch_value("select count(*) from response") == 1


async def test_an_author_may_limit_how_many_answers_a_question_takes(desk, company):
    typed = {
        "title": "Wo hat euch die Anleitung allein gelassen?",
        "why": "Im Oktober haben uns viele geschrieben.",
        "can_change": "Sätze",
        "cannot_change": "Regeln",
        "what_happens": "Wir lesen alles.",
        "asked_by": str(desk.member.id),
        "opens_on": "2026-11-01",
        "closes_on": "2036-11-30",
        "reply_by": "2036-12-20",
        "kind.0": "open",
        "words.0": "Erzähl",
        "required.0": "yes",
    }
    assert (await desk.post("/questions", typed | {"most": "0"})).status_code == 422
    assert (await desk.post("/questions", typed | {"most": "viele"})).status_code == 422
    assert (await desk.post("/questions", typed | {"most": "40"})).status_code == 303
    assert await fetch_value("select most from question") == 40
    page = await desk.get(f"/questions/{await fetch_value('select id from question')}")
    assert re.search(r'name="most"[^>]*value="40"', page.text)
    assert (await desk.post("/questions", typed)).status_code == 303
    assert await fetch_value("select count(*) from question where most is null") == 1


@pytest.mark.parametrize(
    ("lang", "says", "back"), [("de", "kamen gerade viele", "Noch einmal"), ("en", "Many answers", "Send")]
)
async def test_what_was_written_stays_when_too_many_answer_at_once(fan, company, set_env, lang, says, back):
    set_env("HEARBACK_ANSWERS_PER_NETWORK_AND_HOUR", "1")
    question = await made.a_question(company, slug="frage")
    assert (await send(fan, question, "Die erste Antwort aus dem Zug.", lang)).status_code == 201

    page = await send(fan, question, TEXT, lang)

    assert page.status_code == 429 and int(page.headers["retry-after"]) > 0
    assert says in page.text and back in page.text
    assert re.search(rf"<textarea[^>]*readonly>\s*{TEXT}</textarea>", page.text)
    assert f'action="/kranich/ask/frage/answers?lang={lang}"' in page.text


async def test_what_was_written_stays_when_the_database_is_away(fan, company, monkeypatch):
    question = await made.a_question(company, slug="frage")
    field = await prompt_of(question)

    async def away(*_args):
        raise OSError("no database")

    monkeypatch.setattr("hearback.answering.public.asked_at", away)
    typed = {"key": "x", field: TEXT}
    page = await fan.post("/kranich/ask/frage/answers", data=typed, headers={"Accept-Language": "en-GB,de"})

    assert page.status_code == 503 and page.headers["retry-after"]
    assert TEXT in page.text and "We" in page.text and 'lang="en"' in page.text
    reading = await fan.get("/kranich/ask/frage")
    assert "Was du geschrieben hast" not in reading.text and "Noch einmal versuchen" in reading.text


async def test_an_unknown_question_leads_to_the_company_and_an_unknown_company_to_all(fan, company):
    question = await fan.get("/kranich/ask/fehlt")
    assert question.status_code == 404
    assert "Diese Frage gibt es hier nicht." in question.text and 'href="/kranich"' in question.text
    for path in ("/gibtsnicht", "/gibtsnicht/ask/frage", "/embed/gibtsnicht"):
        house = await fan.get(path)
        assert house.status_code == 404 and "Unter dieser Adresse fragt niemand." in house.text
    draft = await made.a_question(company, slug="entwurf", state="draft")
    hidden = await fan.get(f"/kranich/ask/{draft.slug}")
    assert hidden.text.replace("entwurf", "fehlt") == question.text


async def test_the_desk_tells_nobody_whether_a_company_is_there(desk, company):
    await made.a_company("fremd")
    other, missing = [await desk.browser.get(f"/desk/{slug}/today") for slug in ("fremd", "fehlt")]
    assert (other.status_code, missing.status_code) == (404, 404)
    assert other.text.replace("fremd", "fehlt") == missing.text


async def test_a_short_address_leads_to_the_question_whatever_the_case(fan, desk, company):
    question = await made.a_question(company, slug="frage")
    page = await desk.get(f"/questions/{question.id}")
    short = re.search(r"http://test/q/([2-9cdfhkmpr]{8})", page.text)[1]

    for typed in (short, short.upper()):
        there = await fan.get(f"/q/{typed}?lang=en")
        assert (there.status_code, there.headers["location"]) == (302, "/kranich/ask/frage?lang=en")


@pytest.mark.parametrize("short", ["23456789", "kurz", "0" * 8, "a" * 200, "%00"])
async def test_a_short_address_of_nothing_is_not_there_nor_is_that_of_a_draft(fan, company, short):
    assert (await fan.get(f"/q/{short}")).status_code == 404
    draft = await made.a_question(company, state="draft")
    made_short = await fetch_value(
        "select left(encode(sha256(uuid_send(id)), 'hex'), 8) from question where id = $1", draft.id
    )
    short = made_short.translate(str.maketrans("0123456789abcdef", "23456789cdfhkmpr"))
    assert (await fan.get(f"/q/{short}")).status_code == 404
