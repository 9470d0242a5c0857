"""The first page of the desk tells what waits, and only of one's own company."""

from datetime import date, timedelta

from hearback.people.queries import Company
from hearback.promises import queries
from hearback.promises.commands import set_new_date
from hearback.promises.forms import NewDateForm
from hearback.promises.tables import Promise
from hearback.receipts.tables import Hearback
from tests import made


async def a_reply_promise(company: Company, question, *, by, due_on):
    await Promise.insert(
        Promise(
            company=company.id,
            kind="reply",
            words="Antwort",
            question=question.id,
            made_by=by.id,
            due_on=due_on,
        )
    )


async def test_an_overdue_question_is_told_with_its_silence_and_its_people(desk, company):
    question = await made.a_question(
        company, title="Was fehlt euch zu zweit?", opens_at=made.NOW - timedelta(days=56)
    )
    await a_reply_promise(company, question, by=desk.member, due_on=date.today() - timedelta(days=26))
    for words in ("Mehr Karten.", "Ein Plan für zwei."):
        await made.an_answer(company, question, words)
    await made.an_answer(company, question, state="withdrawn")

    page = (await desk.get("/today")).text

    assert "Was fehlt euch zu zweit?" in page
    assert "Seit 56 Tagen still." in page
    assert "2 Menschen warten." in page
    assert "überfällig" in page


async def test_a_kept_promise_waits_no_more(desk, company):
    question = await made.a_question(company, title="Längst beantwortet")
    await a_reply_promise(company, question, by=desk.member, due_on=date.today())
    await Promise.update({Promise.kept_on: date.today()}).where(Promise.company == company.id)

    assert "Längst beantwortet" not in (await desk.get("/today")).text


async def test_corrections_from_receipts_stand_on_top(desk, company):
    response = await made.an_answer(company, await made.a_question(company))
    theme = await made.a_theme(company)
    await made.placed(company, response, theme)
    note = await made.a_public_note(company, theme, by=desk.member)
    await Hearback.insert(
        Hearback(
            company=company.id,
            response=response.id,
            note=note.id,
            verdict="no",
            words="Anders.",
            on=date.today(),
        )
    )
    assert "Ein Mensch sagt: nicht ganz verstanden." in (await desk.get("/today")).text


async def test_nothing_of_another_company_is_told(desk):
    other = await made.a_company("other")
    stranger = await made.a_member(other)
    question = await made.a_question(other, title="Fremde Frage", by=stranger)
    await a_reply_promise(other, question, by=stranger, due_on=date.today())
    await made.an_answer(other, question, "Fremde Worte, die hier niemand lesen darf.")

    page = (await desk.get("/today")).text
    assert "Fremde" not in page
    assert "Keine Frage ist offen." in page


async def test_a_moved_reply_waits_once_for_the_day_that_holds(desk, company):
    question = await made.a_question(company, title="Was fehlt euch zu zweit?")
    await a_reply_promise(company, question, by=desk.member, due_on=date.today() - timedelta(days=3))
    old = await queries.promises_of_question(company.id, question.id)
    later = NewDateForm(date.today() + timedelta(days=9), "Die Druckerei hat zu.")
    await set_new_date(company.id, old[0].id, later, by=desk.member, now=made.NOW, today=date.today())

    for path in ("/today", "/notes"):
        page = (await desk.get(path)).text
        assert page.partition("<main")[2].count("Was fehlt euch zu zweit?") == (path == "/today")
    assert "Eine Frage wartet" in (await desk.get("/today")).text
    assert "überfällig" not in (await desk.get("/today")).text
