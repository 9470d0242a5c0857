"""Covered words stand behind a bar wherever they can be read; their fan reads them in full, and why."""

from functools import partial

import msgspec
import pytest

from hearback.database.engine import ENGINE, execute, fetch_value
from tests import made
from tests.conftest import browser_of
from tests.receipts.test_erasing import where_it_stands
from tests.waiting import until

CODE = "7K4QM0000000000000000000AB"
WORDS = "Die Kühlung der Karlsbader Truhe tropft. Ihr Zaunkönigsfritzen repariert sie nie."
HIDDEN = "Zaunkönigsfritzen"
WHY = {"part": HIDDEN, "reason": "Das beschimpft Menschen.", "rule": "1", "heard_as": "insult"}
BAR = "▬▬▬ [verdeckt: Beleidigung]"


@pytest.fixture
async def question(company):
    return await made.a_question(company, slug="truhe")


@pytest.fixture
async def response(company, question):
    return await made.an_answer(company, question, WORDS, code=CODE, quoting="unnamed")


@pytest.fixture
async def theme(company):
    return await made.a_theme(company)


@pytest.fixture
async def placed(company, response, theme):
    return await made.placed(company, response, theme)


async def cover(desk, response, **more):
    reply = await desk.post(f"/inbox/{response.id}/covering", WHY | more)
    assert reply.status_code == 303
    return reply


async def hides(browser, path):
    return HIDDEN not in (await browser.get(path)).text


async def receipt(fan, **more):
    return (await fan.post("/kranich/r", data={"code": CODE} | more)).text


async def test_the_desk_shows_the_bar_and_the_words_only_to_whoever_opens_them(desk, response):
    await cover(desk, response)

    for path in ("/inbox", f"/inbox/{response.id}", "/search?q=Karlsbader"):
        page = (await desk.get(path)).text
        assert HIDDEN not in page, path
        assert "▬▬▬" in page, path
    opened = (await desk.post(f"/inbox/{response.id}/personal-data")).text
    assert HIDDEN in opened
    assert await fetch_value("select count(*) from audit where did = 'answer.personal-data-opened'") == 1


async def test_who_may_not_moderate_covers_and_opens_nothing(app, company, desk, response):
    async with browser_of(app) as browser:
        product = await made.signed_in(browser, company, "product")
        for path in ("covering", "uncovering", "personal-data"):
            assert (await product.post(f"/inbox/{response.id}/{path}", WHY)).status_code == 403
        await cover(desk, response)
        page = (await product.get(f"/inbox/{response.id}")).text

    assert HIDDEN not in page
    assert "Das beschimpft Menschen." in page


async def test_themes_search_and_the_thread_show_the_bar(desk, response, theme, placed):
    await cover(desk, response)

    for path in (f"/themes/{theme.id}", f"/themes/{theme.id}/thread", "/search?q=Karlsbader", "/today"):
        assert HIDDEN not in (await desk.get(path)).text, path
    assert BAR in (await desk.get(f"/themes/{theme.id}")).text
    assert "keine" in (await desk.get(f"/search?q={HIDDEN}")).text.lower()


async def test_public_notes_and_feeds_show_the_bar(fan, desk, company, response, theme, placed):
    await execute("update company set fewest_voices = 1 where id = $1", company.id)
    note = await made.a_public_note(company, theme, by=desk.member, quotes=[placed.id])
    before = (await fan.get(f"/kranich/log/{note.slug}")).text
    assert HIDDEN in before
    await cover(desk, response)

    for path in (f"/kranich/log/{note.slug}", "/kranich/log", "/kranich/log.atom", "/kranich/log.json"):
        await until(partial(hides, fan, path))
    assert BAR in (await fan.get(f"/kranich/log/{note.slug}")).text
    assert HIDDEN not in (await desk.get(f"/notes/{note.id}")).text


async def test_the_fan_reads_their_own_words_and_what_is_covered_why_and_by_whom(fan, desk, response):
    await cover(desk, response)
    page = await receipt(fan)

    assert page.count(HIDDEN) == 2  # in their words, and in what is covered
    assert "Für alle anderen verdeckt" in page
    assert "Das beschimpft Menschen." in page
    assert "Regel 1: Beschimpfe niemanden." in page
    assert f"Entschieden von {desk.member.name}" in page
    assert "Covered for everybody else" in (await fan.post("/kranich/r?lang=en", data={"code": CODE})).text


async def test_the_fans_export_has_their_words_and_what_others_read(fan, desk, response):
    await cover(desk, response)
    reply = await fan.post("/kranich/r/export", data={"code": CODE, "as": "json"})
    kept = msgspec.json.decode(reply.content)["kept"]

    assert kept["answer"][0]["words"] == WORDS
    assert HIDDEN not in kept["answer"][0]["shown_to_others"]
    assert kept["cover"][0] | {"on": ""} == {
        "covered": HIDDEN,
        "as": "insult",
        "rule": 1,
        "reason": "Das beschimpft Menschen.",
        "by": desk.member.name,
        "on": "",
    }
    assert WORDS in (await fan.post("/kranich/r/export", data={"code": CODE})).text


async def test_all_of_it_can_be_shown_again(fan, desk, response):
    await cover(desk, response)
    await cover(desk, response, part="tropft", heard_as="off_topic")
    await desk.post(f"/inbox/{response.id}/uncovering")

    assert await fetch_value("select words from answer") == WORDS
    assert await fetch_value("select own_words from answer") is None
    assert "verdeckt" not in await receipt(fan)


async def test_what_a_fan_corrects_stays_covered_where_it_still_stands(fan, desk, response):
    await cover(desk, response)
    form = await fan.post("/kranich/r/correction", data={"code": CODE})
    assert WORDS in form.text and "▬" not in form.text
    field = await fetch_value("select 'p' || replace(prompt::text, '-', '') from answer")

    await fan.post(
        "/kranich/r/correction", data={"code": CODE, "sure": "yes", field: f"Nun: {HIDDEN}, repariert sie."}
    )

    assert HIDDEN not in await fetch_value("select words from answer")
    assert await fetch_value("select own_words from answer") == f"Nun: {HIDDEN}, repariert sie."
    await fan.post("/kranich/r/correction", data={"code": CODE, "sure": "yes", field: "Bitte repariert sie."})
    assert await fetch_value("select words from answer") == "Bitte repariert sie."
    assert await fetch_value("select count(*) from cover") == 0


@pytest.mark.parametrize(
    "why",
    [
        {"part": "steht hier nicht"},
        {"part": ""},
        {"part": "K"},
        {"rule": "99"},
        {"reason": ""},
        {"heard_as": ""},
        {"heard_as": "egal"},
    ],
)
async def test_without_words_reason_rule_and_class_nothing_is_covered(desk, response, why):
    reply = await desk.post(f"/inbox/{response.id}/covering", WHY | why)

    assert reply.status_code == 422
    assert await fetch_value("select words from answer") == WORDS


async def test_what_is_erased_is_gone_behind_the_bar_too(fan, desk, response, placed):
    await cover(desk, response, reason=f"Wer {WORDS} sagt, meint uns.")
    await fan.post("/kranich/r/second-look", data={"code": CODE, "sure": "yes", "words": f"Bitte: {WORDS}"})
    await fan.post("/kranich/r/erasure", data={"code": CODE, "sure": "yes"})

    assert await where_it_stands(HIDDEN) == []
    assert await ENGINE.pool.fetchval("select count(*) from second_look") == 1
    assert await ENGINE.pool.fetchval("select count(*) from cover") == 0
