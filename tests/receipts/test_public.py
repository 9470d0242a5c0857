"""The fan's way back: only with the code, without an account, and with every right in hand."""

import datetime as dt
import re

import pytest

from hearback.actions.tables import Action, ActionStep, ActionTheme
from hearback.answering.code import shown
from hearback.answering.tables import Answer, Response
from hearback.asking.tables import Prompt, Question
from hearback.clock import now
from hearback.database.engine import execute
from hearback.promises.commands import make_promise
from hearback.promises.rules import PromiseKind
from hearback.receipts import desk as hearbacks
from hearback.receipts.rules import Step, reached
from hearback.receipts.tables import Hearback
from hearback.themes import commands as themes
from tests import made
from tests.paging import all_pages

CODE = "7K4QM0000000000000000000AB"
WORDS = "Meine Tochter sieht Rot und Grün schlecht."


@pytest.fixture
async def question(company):
    return await made.a_question(company, slug="moorlichter")


@pytest.fixture
async def response(company, question):
    return await made.an_answer(company, question, WORDS, code=CODE)


async def post(fan, path="", **data):
    return await fan.post(f"/kranich/r{path}", data={"code": CODE} | data)


async def test_the_code_opens_the_receipt_however_it_is_typed(fan, response):
    page = await fan.post("/kranich/r", data={"code": shown(CODE).lower()})

    assert page.status_code == 200
    assert WORDS in page.text
    assert "Noch hat sie niemand geöffnet" in page.text
    assert page.headers["cache-control"] == "no-store"


async def test_a_wrong_code_opens_nothing_and_sounds_like_one_that_never_was(fan, response):
    wrong = await fan.post("/kranich/r", data={"code": "0" * 26})
    nonsense = await fan.post("/kranich/r", data={"code": "nein"})

    assert wrong.status_code == nonsense.status_code == 422
    assert "Zu diesem Code finden wir nichts." in wrong.text
    assert wrong.text.replace("0" * 26, "") == nonsense.text.replace("nein", "")


async def test_another_companys_page_does_not_know_the_code(fan, response):
    await made.a_company("other")
    assert (await fan.post("/other/r", data={"code": CODE})).status_code == 422


async def test_guessing_stops_after_ten_misses(fan, response):
    for _ in range(10):
        assert (await fan.post("/kranich/r", data={"code": "0" * 26})).status_code == 422
    refused = await fan.post("/kranich/r", data={"code": "0" * 26})

    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 0
    assert (await post(fan)).status_code == 200, "who has the code is not locked out by others' guesses"


async def test_the_way_tells_who_read_it_where_it_was_sorted_and_what_came_of_it(fan, company, response):
    jule = await made.a_member(company, name="Jule Brandt")
    theme = await made.a_theme(company)
    await made.placed(company, response, theme)
    other = await made.an_answer(company, await made.a_question(company), "Rot und Grün!")
    await made.placed(company, other, theme)
    await Response.update({Response.read_by: jule.id, Response.read_on: made.today()}).where(
        Response.company == company.id, Response.id == response.id
    )
    await made.a_public_note(
        company, theme, by=jule, title="Steine mit Kerben", said="Man muss sie fühlen können."
    )

    page = await post(fan)

    assert "Jule Brandt hat deine Antwort gelesen." in page.text
    assert "Rote und grüne Steine" in page.text
    assert "mit einer anderen Antwort" in page.text
    assert "/kranich/log/" in page.text
    assert "Man muss sie fühlen können." in page.text
    assert "Stimmt das so?" in page.text


async def test_a_draft_is_not_told_on_the_receipt(fan, company, response):
    jule, theme = await made.a_member(company), await made.a_theme(company)
    await made.placed(company, response, theme)
    await made.a_public_note(company, theme, by=jule, state="draft", title="Noch geheim")

    page = await post(fan)
    assert page.status_code == 200 and "Noch geheim" not in page.text


async def test_what_its_theme_was_merged_into_leads_to_the_notes_of_both(fan, company, response):
    jule, theme = await made.a_member(company), await made.a_theme(company)
    heir = await made.a_theme(company, "Steine, die man fühlt")
    await made.placed(company, response, theme)
    await made.a_public_note(company, theme, by=jule, title="Steine mit Kerben")
    await made.a_public_note(company, heir, by=jule, title="Größere Steine")
    await themes.merge(company.id, theme.id, heir.id, by=jule.id, now=made.NOW)

    page = await post(fan)

    assert "Steine, die man fühlt" in page.text
    assert "Steine mit Kerben" in page.text and "Größere Steine" in page.text


async def test_the_fan_reads_the_question_in_their_language_and_the_answer_in_its_own(fan, response):
    told = '{"en": {"words": "What did not work?"}}'
    await Prompt.update({Prompt.translations: told}).where(Prompt.kind == "open")
    await Answer.update({Answer.part: "other"}, force=True)

    english = (await fan.post("/kranich/r?lang=en", data={"code": CODE})).text
    assert "What did not work?" in english and WORDS in english
    assert "What did not work?" not in (await post(fan)).text


@pytest.mark.parametrize(("notes", "said_back", "is_reached"), [(0, 0, False), (2, 1, False), (2, 2, True)])
def test_the_last_step_is_reached_once_every_note_was_answered(notes, said_back, is_reached):
    behind = reached(read=True, themes=1, actions=0, notes=notes, said_back=said_back)
    assert (Step.HEARBACK in behind) is is_reached


async def test_voices_beside_are_only_those_that_count(fan, company, response):
    theme = await made.a_theme(company)
    await made.placed(company, response, theme)
    for odd in ({}, {"state": "withdrawn"}, {"state": "set_aside", "reason": "Werbung."}, {"test": True}):
        other = await made.an_answer(company, await made.a_question(company), "Rot!", **odd)
        await made.placed(company, other, theme)

    assert "mit einer anderen Antwort" in (await post(fan)).text


async def test_not_quite_with_words_is_kept_and_the_desk_shows_it(fan, desk, company, response):
    jule, theme = await made.a_member(company, name="Tarek Osman"), await made.a_theme(company)
    await made.placed(company, response, theme)
    note = await made.a_public_note(company, theme, by=jule)

    page = await post(fan, "/hearback", note=str(note.id), verdict="not_quite", words="Auch der Spielplan!")

    assert page.status_code == 200
    assert "Du hast gesagt: Nicht ganz." in page.text
    shown_on_desk = (await desk.get("/hearbacks")).text
    assert "Auch der Spielplan!" in shown_on_desk
    assert WORDS in shown_on_desk

    await post(fan, "/withdrawal", sure="yes")
    assert "Auch der Spielplan!" not in (await desk.get("/hearbacks")).text


async def test_what_was_said_back_long_ago_stands_on_further_pages(desk, company, monkeypatch):
    monkeypatch.setattr(hearbacks, "A_PAGE", 2)
    theme, question = await made.a_theme(company), await made.a_question(company)
    note = await made.a_public_note(company, theme, by=desk.member)
    for nth in range(5):
        answer = await made.an_answer(company, question)
        await Hearback.insert(
            Hearback(
                company=company.id,
                note=note.id,
                response=answer.id,
                verdict="yes" if nth % 2 else "no",
                words=f"Wort {nth}",
                on=made.today() - dt.timedelta(days=nth // 4),
            )
        )

    told = [re.findall(r"Wort \d", page) for page in await all_pages(desk, "/hearbacks")]
    assert [len(one) for one in told] == [2, 2, 1]
    assert ({*told[0]}, {*told[1]}, told[2]) == ({"Wort 0", "Wort 2"}, {"Wort 1", "Wort 3"}, ["Wort 4"])
    for nowhere in ("nothing", "0" * 32):
        assert (await desk.get(f"/hearbacks?before={nowhere}")).status_code == 404


async def test_a_correction_needs_words_and_keeps_the_choice(fan, company, response):
    jule, theme = await made.a_member(company), await made.a_theme(company)
    await made.placed(company, response, theme)
    note = await made.a_public_note(company, theme, by=jule)

    page = await post(fan, "/hearback", note=str(note.id), verdict="no")

    assert page.status_code == 422
    assert "Schreib bitte kurz dazu" in page.text
    assert 'value="no" required checked' in page.text
    assert await Hearback.count() == 0


async def test_a_second_word_replaces_the_first(fan, company, response):
    jule, theme = await made.a_member(company), await made.a_theme(company)
    await made.placed(company, response, theme)
    note = await made.a_public_note(company, theme, by=jule)

    await post(fan, "/hearback", note=str(note.id), verdict="no", words="Anders gemeint.")
    await post(fan, "/hearback", note=str(note.id), verdict="yes")

    assert await Hearback.select(Hearback.verdict) == [{"verdict": "yes"}]


async def test_nobody_can_say_back_to_a_note_that_is_not_theirs(fan, company, response):
    jule, theme = await made.a_member(company), await made.a_theme(company)
    stranger = await made.a_public_note(company, theme, by=jule)

    assert (await post(fan, "/hearback", note=str(stranger.id), verdict="yes")).status_code == 404
    assert await Hearback.count() == 0


async def test_withdrawing_asks_once_and_then_counts_no_more(fan, company, response):
    await post(fan, "/quoting", quoting="named", first_name="Ayşe", place="Dortmund")
    asked = await post(fan, "/withdrawal")
    assert "Antwort zurückziehen?" in asked.text
    assert await Response.select(Response.state) == [{"state": "counted"}]

    done = await post(fan, "/withdrawal", sure="yes")
    assert "zählt nicht mehr" in done.text
    assert await Response.select(Response.state, Response.quoting, Response.first_name, Response.place) == [
        {"state": "withdrawn", "quoting": "no", "first_name": "", "place": ""}
    ]


async def test_quoting_can_be_changed_and_taken_back(fan, response):
    await post(fan, "/quoting", quoting="named", first_name="Ayşe", place="Dortmund")
    assert await Response.select(Response.quoting, Response.first_name) == [
        {"quoting": "named", "first_name": "Ayşe"}
    ]

    await post(fan, "/quoting", quoting="no", first_name="Ayşe", place="Dortmund")
    assert await Response.select(Response.quoting, Response.first_name, Response.place) == [
        {"quoting": "no", "first_name": "", "place": ""}
    ]


async def test_words_that_are_gone_are_quoted_by_nobody(fan, response):
    await execute(
        "update response set words_gone_on = $1, quoting = 'no' where id = $2", made.today(), response.id
    )

    page = await post(fan, "/quoting", quoting="named", first_name="Ayşe", place="Dortmund")

    assert page.status_code == 422
    assert await Response.select(Response.quoting, Response.first_name) == [
        {"quoting": "no", "first_name": ""}
    ]


async def test_the_receipt_says_until_when_the_words_are_kept(fan, company, question):
    await Question.update({Question.keep_months: 6}).where(Question.id == question.id)
    await made.an_answer(company, question, code=CODE, day=dt.date(made.today().year, 3, 31))

    assert "Deine Worte heben wir bis zum 30.\N{NO-BREAK SPACE}September auf." in (await post(fan)).text


async def test_who_wants_to_be_named_must_give_a_name(fan, response):
    page = await post(fan, "/quoting", quoting="named", place="Dortmund")

    assert page.status_code == 422
    assert "Schreib bitte deinen Vornamen dazu" in page.text
    assert "Dortmund" in page.text
    assert await Response.select(Response.quoting) == [{"quoting": "no"}]


async def test_english_and_sie_speak_for_themselves(fan, company, response):
    english = await fan.post("/kranich/r?lang=en", data={"code": CODE})
    assert "Your answer, and what became of it" in english.text

    sie = await made.a_company("amt", address="sie")
    await made.an_answer(sie, await made.a_question(sie), code=CODE)
    assert "Das gehört Ihnen" in (await fan.post("/amt/r", data={"code": CODE})).text


async def test_the_words_of_a_fan_are_text_and_nothing_else(fan, company, question):
    await made.an_answer(company, question, "<script>alert(1)</script>", code=CODE)
    page = await post(fan)
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert(1)" in page.text


async def test_a_test_answer_has_no_receipt(fan, company, question):
    await made.an_answer(company, question, code=CODE, test=True)
    assert (await post(fan)).status_code == 422


async def test_the_receipt_names_the_day_that_holds_and_the_first_one(fan, company, question, response):
    given = {"by": question.asked_by, "now": now(), "question": question.id, "language": "de"}
    for due_on, why in ((dt.date(2031, 3, 1), ""), (dt.date(2031, 4, 2), "Die Druckerei hat zu.")):
        await make_promise(company.id, PromiseKind.REPLY, "Antwort", due_on, why=why, **given)

    page = (await post(fan)).text.replace("\xa0", " ")

    assert "Spätestens am 2. April 2031." in page
    assert "Zuerst hatten wir den 1. März 2031 versprochen." in page
    assert "Die Druckerei hat zu." in page


async def test_a_late_answer_is_told_as_late(fan, company):
    late = await made.a_question(company, reply_by=made.today() - dt.timedelta(days=3))
    await made.an_answer(company, late, code=CODE)
    assert "Wir sind zu spät." in (await post(fan)).text


async def test_the_way_says_who_decided_and_when(fan, company, question, response):
    mika = await made.a_member(company, name="Mika Sommer")
    theme = await made.a_theme(company)
    await made.placed(company, response, theme, by=mika)
    action = Action(company=company.id, title="Kerben", owner=mika.id, created_by=mika.id, state="planned")
    await Action.insert(action)
    await ActionTheme.insert(ActionTheme(company=company.id, action=action.id, theme=theme.id))
    step = {"action": action.id, "state": "planned", "by": mika.id, "at": made.NOW}
    await ActionStep.insert(ActionStep(company=company.id, **step))
    await made.a_public_note(company, theme, by=await made.a_member(company, name="Jule Brandt"))

    page = (await post(fan)).text

    assert "Einsortiert von Mika Sommer" in page
    assert "Entschieden von Mika Sommer" in page
    assert "Unterschrieben von Jule Brandt" in page


async def test_who_set_an_answer_aside_stands_on_its_receipt(fan, desk, response):
    await desk.post(f"/inbox/{response.id}/setting-aside", {"reason": "Das ist Reklame.", "rule": "5"})

    page = (await post(fan)).text

    assert "Das ist Reklame." in page
    assert f"Entschieden von {desk.member.name}" in page
    assert "Noch nicht einsortiert" not in page  # nothing more comes of it, so nothing more is promised
    assert "Spätestens am" not in page


async def test_who_is_not_counted_yet_is_told_when_we_ask_whether_we_got_them_right(
    fan, company, question, response
):
    member = await made.a_member(company, face_digest="1" * 16)
    theme = await made.a_theme(company)
    await made.placed(company, response, theme)
    await made.a_public_note(company, theme, by=member)
    later = "Das fragen wir dich, sobald deine Antwort mitzählt."
    assert later not in (await post(fan)).text

    await Response.update({Response.state: "held"}).where(Response.id == response.id)
    page = (await post(fan)).text
    assert later in page and 'name="verdict"' not in page
