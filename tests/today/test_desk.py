"""The first page of the desk tells what waits, and only of one's own company."""

from datetime import UTC, datetime, time, timedelta

from hearback.clock import day_in, now
from hearback.people.queries import Company
from hearback.promises.commands import set_new_date
from hearback.promises.forms import NewDateForm
from hearback.promises.tables import Promise
from hearback.receipts.tables import Hearback
from hearback.today import desk as today
from tests import made
from tests.conftest import browser_of
from tests.counting import queries_asked


async def a_reply_promise(company: Company, question, *, by, due_on):
    await Promise.insert(
        Promise(
            company=company.id,
            kind="reply",
            words="Antwort",
            question=question.id,
            owner=by.id,
            made_by=by.id,
            due_on=due_on,
        )
    )


async def test_an_overdue_question_is_told_with_its_silence_and_its_people(desk, company):
    noon = datetime.combine(
        day_in(company.timezone, now()), time(12), tzinfo=UTC
    )  # summer time may lie between
    question = await made.a_question(
        company, title="Was fehlt euch zu zweit?", opens_at=noon - timedelta(days=56)
    )
    await a_reply_promise(company, question, by=desk.member, due_on=made.today() - timedelta(days=26))
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
    await a_reply_promise(company, question, by=desk.member, due_on=made.today())
    await Promise.update({Promise.kept_on: made.today()}).where(Promise.company == company.id)

    assert "Längst beantwortet" not in (await desk.get("/today")).text


async def test_promises_beyond_the_nearest_are_counted_and_late_ones_of_the_reader_are_all_told(
    desk, company, monkeypatch
):
    monkeypatch.setattr(today, "NEAREST", 1)
    for title in ("Erste", "Zweite"):
        question = await made.a_question(company, title=title)
        assert "offenen Versprechen" not in (await desk.get("/today")).text
        await a_reply_promise(company, question, by=desk.member, due_on=made.today() + timedelta(days=1))

    page = (await desk.get("/today")).text
    assert '<a href="/desk/kranich/promises">Alle 2 offenen Versprechen</a>' in page
    assert "2 Versprechen" in page.replace("\xa0", " ") and page.count("<li><span><span") == 1


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
            on=made.today(),
        )
    )
    assert "Ein Mensch sagt: nicht ganz verstanden." in (await desk.get("/today")).text


async def test_nothing_of_another_company_is_told(desk):
    other = await made.a_company("other")
    stranger = await made.a_member(other)
    question = await made.a_question(other, title="Fremde Frage", by=stranger)
    await a_reply_promise(other, question, by=stranger, due_on=made.today())
    await made.an_answer(other, question, "Fremde Worte, die hier niemand lesen darf.")

    page = (await desk.get("/today")).text
    assert "Fremde" not in page
    assert "Keine Frage ist offen." in page


async def test_a_moved_reply_waits_once_for_the_day_that_holds(desk, company):
    question = await made.a_question(company, title="Was fehlt euch zu zweit?")
    await a_reply_promise(company, question, by=desk.member, due_on=made.today() - timedelta(days=3))
    old = await made.promises_of(company.id, question=question.id)
    later = NewDateForm(made.today() + timedelta(days=9), "Die Druckerei hat zu.")
    await set_new_date(company.id, old[0].id, later, by=desk.member, now=made.NOW, today=made.today())

    for path in ("/today", "/notes"):
        page = (await desk.get(path)).text
        assert page.partition("<main")[2].count("Was fehlt euch zu zweit?") == (path == "/today")
    assert "Eine Frage wartet" in (await desk.get("/today")).text
    assert "überfällig" not in (await desk.get("/today")).text


async def test_what_waits_for_a_look_is_told_by_its_reason_with_the_oldest_and_the_way_there(
    app, desk, company
):
    question = await made.a_question(company)
    other = await made.a_company("anders")
    old = made.today() - timedelta(days=9)
    for day, flag in ((made.today(), "too_fast"), (old, "same_wording"), (made.today(), "same_wording")):
        await made.an_answer(company, question, state="held", flag=flag, day=day)
    await made.an_answer(company, question, state="held", flag="unconfirmed")
    await made.an_answer(other, await made.a_question(other), state="held", flag="trap")

    waits = (await desk.get("/today")).text.partition('id="to-look-at"')[2].partition("</section>")[0]

    assert waits.index("denselben Wortlaut") < waits.index("schneller, als man die Frage lesen kann")
    assert "2 Antworten, die älteste vom" in waits
    assert 'href="/desk/kranich/moderation"' in waits
    assert "Menschen nicht sehen" not in waits
    assert "Bestätigung" not in waits
    async with browser_of(app) as browser:
        reader = await made.signed_in(browser, company, role="reader")
        assert 'href="/desk/kranich/inbox?show=held"' in (await reader.get("/today")).text


async def test_the_page_asks_no_more_the_more_waits(desk, company):
    question = await made.a_question(company)
    await made.an_answer(company, question, state="held", flag="too_fast")
    with queries_asked() as few:
        await desk.get("/today")
    for flag in ("trap", "no_proof", "same_wording", "same_browser"):
        for _ in range(3):
            await made.an_answer(company, question, state="held", flag=flag)

    with queries_asked() as many:
        await desk.get("/today")

    assert len(many) == len(few)
