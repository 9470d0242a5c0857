"""What came on paper or was said aloud: typed in by a member, by the same rules, and told as what it is."""

import re
from datetime import timedelta

import pytest

from hearback.answering import queries
from hearback.answering.tables import Answer, AnswerTrace, Response
from hearback.asking.tables import Prompt, Question
from hearback.database.engine import ENGINE, fetch_column, fetch_value
from hearback.people.rules import Role
from tests import made
from tests.conftest import browser_of
from tests.made import NOW

WORDS = "Am Tresen hieß es: Die Steine sehen gleich aus."
PROMPTS = [
    {"kind": "open", "words": "Erzähl, wie es war", "required": True},
    {
        "kind": "choice",
        "words": "Wann?",
        "options": ["Beim Aufbau", "In Runde 1"],
        "other": True,
        "why": True,
    },
    {"kind": "choices", "words": "Mit wem?", "options": ["Allein", "Zu zweit", "Zu viert"]},
    {"kind": "scale", "words": "Wie gern?", "low": 1, "high": 5},
    {"kind": "ranking", "words": "Was zuerst?", "options": ["Farben", "Karten"]},
    {"kind": "yes_no", "words": "Noch einmal?", "options": ["yes", "no"]},
]


@pytest.fixture
async def question(company):
    return await made.a_question(company, slug="moorlichter", prompts=PROMPTS)


async def fields(question) -> list[str]:
    rows = await Prompt.select(Prompt.id).where(Prompt.question == question.id).order_by(Prompt.position)
    return [f"p{row['id'].hex}" for row in rows]


def key_on(page: str) -> str:
    return re.search(r'name="key" value="([0-9a-f]{32})"', page)[1]


async def enter(desk, question, words=WORDS, *, key="", **more):
    path = f"/questions/{question.id}/entry"
    key = key or key_on((await desk.get(path)).text)
    first = (await fields(question))[0]
    return await desk.post(path, {"key": key, first: words, "quoting": "no", "channel": "paper"} | more)


def code_on(page: str) -> str:
    return re.search(r'id="code">([0-9A-Z-]+)<', page)[1]


async def test_every_kind_of_prompt_is_kept_and_counted_like_any_other_answer(desk, question, company):
    names = await fields(question)
    given = {
        names[1]: "other",
        f"{names[1]}_other": "Beim Abräumen",
        f"{names[1]}_why": "Es war dunkel.",
        names[2]: ["0", "2"],
        names[3]: "4",
        f"{names[4]}_place0": "2",
        f"{names[4]}_place1": "1",
        names[5]: "1",
    }

    reply = await enter(desk, question, **given, sheet="17", language="en", channel="counter")

    assert reply.status_code == 201 and "Eingetragen, und gezählt wie jede andere Antwort." in reply.text
    [kept] = await Response.select()
    assert (kept["channel"], kept["external_id"], kept["language"]) == ("counter", "17", "en")
    assert (kept["state"], kept["entered_by"], kept["test"]) == ("counted", desk.member.id, False)
    assert await Answer.count() == 7
    assert (await queries.sums(company.id, question.id)).counted == 1
    assert await AnswerTrace.count() == 0, "nobody's connection stands for who answered"
    assert await fetch_value("select count(*) from pgqueuer where entrypoint = 'themes.read'") == 1
    assert await fetch_column("select kind from ledger_leaf") == ["answer.received"]
    assert await fetch_column("select did from audit") == ["answer.entered"]


async def test_after_saving_the_empty_form_is_there_again_with_the_cursor_in_its_first_field(desk, question):
    reply = await enter(desk, question, sheet="17", channel="phone", language="en")

    form = reply.text[reply.text.index("<form class") :]
    assert re.search(r'id="sheet" name="sheet"[^>]*value=""[^>]*autofocus', form)
    assert WORDS not in form[: form.index("</form>")]
    assert 'value="phone" selected' in form and 'value="en" selected' in form, "the next is most likely alike"
    assert "Nr. 17" in reply.text and WORDS in reply.text, "what was entered last stands beside"


async def test_the_code_is_shown_once_and_opens_the_receipt_which_says_who_typed_it(desk, fan, question):
    reply = await enter(desk, question)
    code = code_on(reply.text)
    assert reply.headers["cache-control"] == "no-store"
    assert code not in (await desk.get(f"/questions/{question.id}/entry")).text

    receipt = (await fan.post("/kranich/r", data={"code": code})).text

    assert f"Auf Papier gekommen, eingetragen von {desk.member.name}." in receipt and WORDS in receipt
    response = await fetch_value("select id from response")
    assert f"auf Papier, eingetragen von {desk.member.name}" in (await desk.get(f"/inbox/{response}")).text


async def test_a_double_click_enters_once_and_a_sheet_is_entered_once(desk, question):
    key = key_on((await desk.get(f"/questions/{question.id}/entry")).text)
    codes = [code_on((await enter(desk, question, key=key, sheet="17")).text) for _ in range(2)]
    assert codes[0] == codes[1] and await Response.count() == 1

    again = await enter(desk, question, "Etwas anderes", sheet="17")

    assert again.status_code == 422 and "Der Bogen 17 ist schon eingetragen." in again.text
    assert "Etwas anderes" in again.text and await Response.count() == 1


async def test_what_does_not_fit_is_said_like_on_the_web_and_nothing_typed_is_lost(desk, question):
    names = await fields(question)
    reply = await enter(desk, question, "", **{names[2]: ["9"], "sheet": "a b", "language": "fr"})

    assert reply.status_code == 422 and await Response.count() == 0
    for field in (names[0], names[2], "sheet", "language"):
        assert f'href="#{field}"' in reply.text


async def test_quoting_only_where_the_paper_says_so_and_never_named_without_a_name(desk, question):
    refused = await enter(desk, question, quoting="named")
    assert refused.status_code == 422
    await enter(desk, question, quoting="named", first_name="Mia", place="Moers")
    await enter(desk, question, "Noch eine", quoting="unnamed", first_name="Heimlich")

    rows = await Response.select(Response.quoting, Response.first_name, Response.consent).order_by(
        Response.quoting
    )
    assert [tuple(row.values()) for row in rows] == [("named", "Mia", "paper"), ("unnamed", "", "paper")]


async def test_who_entered_it_takes_a_slip_out_with_a_reason_and_the_sums_add_up(
    desk, fan, company, question
):
    code = code_on((await enter(desk, question, sheet="17")).text)
    response = await fetch_value("select id from response")
    path = f"/questions/{question.id}/entry/{response}/mistake"
    assert (await desk.post(path, {"reason": "x"})).status_code == 422

    assert (await desk.post(path, {"reason": "Bogen verwechselt"})).status_code == 303
    await desk.post(path, {"reason": "noch einmal"})

    sums = await queries.sums(company.id, question.id)
    assert (sums.counted, sums.withdrawn, sums.received) == (0, 1, 1)
    assert await fetch_column("select kind from ledger_leaf order by kind") == [
        "answer.received",
        "answer.withdrawn",
    ]
    receipt = (await fan.post("/kranich/r", data={"code": code})).text
    assert "als Versehen zurückgenommen: Bogen verwechselt" in receipt
    assert (await enter(desk, question, "Richtig abgetippt", sheet="17")).status_code == 201


async def test_nobody_takes_out_what_another_entered_or_what_a_fan_sent(app, desk, company, question):
    await enter(desk, question)
    entered = await fetch_value("select id from response")
    sent = await made.an_answer(company, question, "Aus dem Netz.")
    async with browser_of(app) as browser:
        other = await made.signed_in(browser, company, "admin")
        for response in (entered, sent.id):
            path = f"/questions/{question.id}/entry/{response}/mistake"
            assert (await other.post(path, {"reason": "Das gefällt mir nicht"})).status_code == 404
    assert (await queries.sums(company.id, question.id)).counted == 2


@pytest.mark.parametrize("role", list(Role))
async def test_everybody_who_works_with_answers_may_enter_and_a_reader_may_not(app, company, question, role):
    async with browser_of(app) as browser:
        desk = await made.signed_in(browser, company, role)
        reply = await desk.get(f"/questions/{question.id}/entry")
        assert reply.status_code == (403 if role is Role.READER else 200)


async def test_no_draft_no_closed_group_and_no_other_company(desk, question):
    other = await made.a_question(await made.a_company("reiher"))
    draft = await made.a_question(desk.company, state="draft")
    for one in (other, draft):
        assert (await desk.get(f"/questions/{one.id}/entry")).status_code == 404
        assert (await desk.get(f"/questions/{one.id}/sheet")).status_code == 404
    group = await made.a_question(desk.company, level="invited")
    assert (await enter(desk, group)).status_code == 422
    assert (await desk.get(f"/questions/{group.id}/poster")).status_code == 404
    await Question.update({Question.opens_at: NOW + timedelta(days=1)}).where(Question.id == question.id)
    assert (await enter(desk, question)).status_code == 422
    assert await Response.count() == 0


async def test_what_lay_in_the_box_at_closing_may_be_typed_in_later(desk, question):
    await Question.update({Question.closes_at: NOW - timedelta(hours=1)}).where(Question.id == question.id)
    assert (await enter(desk, question)).status_code == 201


async def test_forty_sheets_with_the_same_words_are_no_campaign(desk, company, question):
    for number in range(4):
        await enter(desk, question, sheet=str(number))
    assert (await queries.sums(company.id, question.id)).counted == 4
    assert await ENGINE.pool.fetchval("select count(*) from answer_trace") == 0


async def test_the_poster_leads_to_the_question_in_the_fans_language(desk, question):
    page = (await desk.get(f"/questions/{question.id}/poster?lang=en")).text

    assert '<html lang="en"' in page and "Open it with your camera and answer." in page
    address = re.search(r'class="address">(.+?)</p>', page)[1].replace("<wbr>", "")
    assert re.fullmatch(r"test/q/[0-9a-z]+\?lang=en", address)
    short = await desk.browser.get("/" + address.partition("/")[2])
    assert short.headers["location"] == "/kranich/ask/moorlichter?lang=en"


async def test_sheets_are_numbered_and_have_room_for_every_prompt(desk, question):
    page = (await desk.get(f"/questions/{question.id}/sheet?first=8&count=3")).text

    assert re.findall(r"<strong>Bogen (\d+)</strong>", page) == ["8", "9", "10"]
    sheet = page[page.index("<article") : page.index("</article>")]
    for prompt in PROMPTS:
        assert prompt["words"] in sheet
    assert sheet.count('class="box"') == 2 + 1 + 3 + 5 + 2 + 2 + 2
    assert "Die Worte werden nach 12 Monaten gelöscht." in sheet and "test/kranich/log" in sheet
    assert (await desk.get(f"/questions/{question.id}/sheet?count=500")).status_code == 422
