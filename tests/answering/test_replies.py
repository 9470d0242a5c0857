"""What a question's page says of the reply: by when, whether the day was moved, what came of it, and how the last
questions went."""

import re
from datetime import date, timedelta

import pytest

from hearback.answering import asked, public
from hearback.asking.tables import Question
from hearback.clock import day_in, midnight_after, now
from hearback.database.engine import execute
from hearback.people.queries import Company
from hearback.promises import commands as promising
from hearback.promises.forms import NewDateForm
from hearback.promises.rules import PromiseKind
from hearback.web import remembering
from tests import made
from tests.counting import queries_asked
from tests.waiting import until

TODAY = day_in("Europe/Berlin", made.NOW)
LAST = "Unsere letzte"


def in_words(day: date) -> str:
    months = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split()  # noqa: SIM905
    year = "" if day.year == made.today().year else f" {day.year}"
    return f"{day.day}. {months[day.month - 1]}{year}"


async def text_of(fan, question: Question, lang: str = "") -> str:
    page = await fan.get(f"/kranich/ask/{question.slug}{lang}")
    assert page.status_code == 200
    return page.text.replace("\xa0", " ")


async def promised(company: Company, question: Question, due_on: date, kept_on: date | None = None):
    """The reply as opening the question promises it, kept or not."""
    promise = await promising.make_promise(
        company.id,
        PromiseKind.REPLY,
        "Antwort",
        due_on,
        language=question.language,
        by=question.asked_by,
        now=made.NOW,
        question=question.id,
    )
    if kept_on:
        await promising.keep_promise(company.id, promise, by=question.asked_by, today=kept_on)
    return promise


async def over(
    company: Company, days_ago: int, due_on: date, kept_on: date | None = None, **more: object
) -> Question:
    """A question that closed some days ago."""
    closes_at = made.NOW - timedelta(days=days_ago)
    question = await made.a_question(
        company, opens_at=closes_at - timedelta(days=9), closes_at=closes_at, **more
    )
    await promised(company, question, due_on, kept_on)
    return question


async def a_note_on(company: Company, question: Question, **more: str):
    theme = await made.a_theme(company, f"Thema {next(made.COUNT)}")
    by = await made.a_member(company)
    return await made.a_public_note(company, theme, by=by, questions=[question.id], **more)


@pytest.fixture
async def question(company) -> Question:
    return await made.a_question(company, slug="moorlichter")


async def test_the_last_three_questions_tell_how_they_were_answered(fan, company, question):
    day = timedelta(days=1)
    await over(company, 90, TODAY - 80 * day, None, title="Eine vierte, die nicht mehr zählt")
    late = await over(company, 60, TODAY - 50 * day, TODAY - 47 * day, title="Was fehlt zu zweit?")
    kept = await over(company, 30, TODAY - 20 * day, TODAY - 22 * day, title="Wie war die Messe?")
    owed = await over(company, 20, TODAY - 3 * day, title="Was kostet zu viel?")
    note = await a_note_on(company, kept)

    page = await text_of(fan, question)

    told = page.split("Unsere letzten drei Fragen:")[1].split("</p>")[0]
    clauses = [
        (f"/kranich/ask/{owed.slug}", f"überfällig seit {in_words(TODAY - 3 * day)}"),
        (f"/kranich/log/{note.slug}", f"pünktlich beantwortet am {in_words(TODAY - 22 * day)}"),
        (f"/kranich/ask/{late.slug}", f"3 Tage zu spät beantwortet am {in_words(TODAY - 47 * day)}"),
    ]
    places = [told.index(text) for clause in clauses for text in clause]
    assert places == sorted(places)
    assert "Wie war die Messe?" in told
    assert "vierte" not in page
    assert "Our last three questions:" in await text_of(fan, question, "?lang=en")


async def test_one_that_waits_says_by_when(fan, company, question):
    waiting = await over(company, 2, TODAY + timedelta(days=7))

    page = await text_of(fan, question)

    assert "Unsere letzte Frage:" in page
    assert f"Antwort versprochen bis {in_words(TODAY + timedelta(days=7))}" in page
    assert f"/kranich/ask/{waiting.slug}" in page


async def test_a_moved_day_does_not_make_the_last_question_punctual(fan, company, question):
    earlier = await over(company, 30, TODAY - timedelta(days=5))
    await moved(company, earlier, TODAY + timedelta(days=5))
    assert f"überfällig seit {in_words(TODAY - timedelta(days=5))}" in await text_of(fan, question)


async def test_drafts_open_ones_other_houses_and_itself_are_not_among_the_last(fan, company, question):
    await made.a_question(company, title="Noch offen?")
    await made.a_question(company, title="Entwurf?", state="draft", closes_at=made.NOW)
    other = await made.a_company("moorhof")
    await over(other, 3, TODAY, title="Fremd?")

    page = await text_of(fan, question)

    assert LAST not in page
    for title in ("Noch offen?", "Entwurf?", "Fremd?"):
        assert title not in page


async def moved(
    company: Company, question: Question, due_on: date, why: str = "Der Drucker ist krank."
) -> None:
    """Somebody names another day for the promised reply, on the day it was made."""
    promises = await made.promises_of(company.id, question=question.id)
    newest = max(promises, key=lambda promise: promise.due_on)
    await promising.set_new_date(
        company.id,
        newest.id,
        NewDateForm(due_on, why),
        by=await made.a_member(company),
        now=made.NOW,
        today=TODAY,
    )


async def test_the_day_that_holds_now_is_shown_and_the_first_one_not_hidden(fan, company, question):
    await promised(company, question, question.reply_by)
    await moved(company, question, TODAY + timedelta(days=30), "Wir lesen noch.")
    await moved(company, question, TODAY + timedelta(days=40), "Die Druckerei hat zu.")

    page = await text_of(fan, question)

    assert (
        'Diesen Tag haben wir verschoben. Der Grund: <bdi class="serif">Die Druckerei hat zu.</bdi>' in page
    )
    assert "Wir lesen noch." not in page
    english = await text_of(fan, question, "?lang=en")
    assert 'The reason: <bdi class="serif" lang="de">Die Druckerei hat zu.</bdi>' in english
    assert f"spätestens am {in_words(TODAY + timedelta(days=40))}" in page
    assert f"Zuerst hatten wir den {in_words(question.reply_by)} versprochen." in page
    assert f"spätestens am {in_words(question.reply_by)}" not in page


async def test_the_thanks_name_the_day_that_holds(fan, company, question):
    await promised(company, question, question.reply_by)
    await moved(company, question, TODAY + timedelta(days=40))
    form = await text_of(fan, question)
    words = {re.search(r'name="(p[0-9a-f]{32})"', form)[1]: "Zu kleine Schrift.", "quoting": "no"}
    key = re.search(r'name="key" value="([0-9a-f]{32})"', form)[1]

    sent = await fan.post("/kranich/ask/moorlichter/answers", data={"key": key} | words)

    assert f"Spätestens am {in_words(TODAY + timedelta(days=40))}" in sent.text.replace("\xa0", " ")


async def test_a_day_that_was_not_moved_is_not_called_moved(fan, company, question):
    await promised(company, question, question.reply_by)
    page = await text_of(fan, question)
    assert f"spätestens am {in_words(question.reply_by)}" in page
    assert "Zuerst hatten wir" not in page
    assert "Der Grund" not in page


async def test_the_companys_page_names_the_day_that_holds_and_the_first_one(fan, company, question):
    await promised(company, question, question.reply_by)
    before = (await fan.get("/kranich")).text.replace("\xa0", " ")
    assert f"Antwort versprochen bis {in_words(question.reply_by)}." in before
    assert "Zuerst hatten wir" not in before
    await moved(company, question, TODAY + timedelta(days=40))

    async def says() -> bool:
        page = (await fan.get("/kranich")).text.replace("\xa0", " ")
        return (
            f"Antwort versprochen bis {in_words(TODAY + timedelta(days=40))}." in page
            and f"Zuerst hatten wir den {in_words(question.reply_by)} versprochen." in page
            and f"Neues Datum: {in_words(TODAY + timedelta(days=40))}." in page
        )

    await until(says)


async def test_a_closed_question_leads_to_what_came_of_it(fan, company):
    closed = await over(company, 9, TODAY, TODAY - timedelta(days=1))
    answer = await a_note_on(company, closed, title="Seite 6 ist neu")
    taken_back = await a_note_on(company, closed, title="Es bleibt so", state="withdrawn")
    draft = await a_note_on(company, closed, title="Noch geheim", state="draft")

    page = await text_of(fan, closed)

    assert "Was daraus geworden ist" in page
    assert f'href="/kranich/log/{answer.slug}">Seite 6 ist neu<' in page
    assert f'href="/kranich/log/{taken_back.slug}"><s>Es bleibt so</s>' in page
    assert "zurückgezogen" in page
    assert "Noch geheim" not in page
    assert draft.slug not in page
    assert f"Am {in_words(TODAY - timedelta(days=1))} haben wir sie beantwortet." in page


async def test_a_closed_question_without_a_note_says_by_when(fan, company):
    closed = await over(company, 1, TODAY + timedelta(days=4))
    page = await text_of(fan, closed)
    assert f"antworten bis zum {in_words(TODAY + timedelta(days=4))} hier." in page
    assert "Was daraus geworden ist" not in page


async def test_a_word_in_between_is_no_answer(fan, company):
    closed = await over(company, 9, TODAY + timedelta(days=1))
    await a_note_on(company, closed, kind="holding", title="Wir lesen noch")

    page = await text_of(fan, closed)

    assert "Was wir bisher dazu gesagt haben" in page
    assert "Wir lesen noch" in page
    assert "Was daraus geworden ist" not in page


async def test_a_closed_question_whose_day_has_passed_says_so(fan, company):
    await over(company, 40, TODAY - timedelta(days=30), TODAY - timedelta(days=30))
    closed = await over(company, 30, TODAY - timedelta(days=2))

    page = await text_of(fan, closed)

    assert LAST not in page, "who can no longer answer need not weigh it"
    assert f"bis zum {in_words(TODAY - timedelta(days=2))} versprochen. Der Tag ist vorbei" in page
    assert "Wir lesen jetzt alles" not in page


async def test_an_answer_that_came_late_says_how_late(fan, company):
    closed = await over(company, 30, TODAY - timedelta(days=9), TODAY - timedelta(days=2))
    assert "7 Tage zu spät." in await text_of(fan, closed)


async def test_the_page_is_made_anew_when_a_promised_day_passes_or_another_question_closes(company, question):
    at = now()
    other = await made.a_question(company, closes_at=at + timedelta(minutes=1))
    found = await asked.asking.public_question(company.id, question.slug)
    _, _, wrong_from = await asked.asked_of(company, found)
    assert wrong_from == min(other.closes_at, midnight_after(company.timezone, at))

    await execute("update question set state = 'closed' where id = $1", other.id)
    _, _, wrong_from = await asked.asked_of(company, found)
    assert wrong_from <= made.NOW + timedelta(days=1)


async def test_the_page_asks_no_more_when_there_is_more_to_tell(fan, company, question, monkeypatch):
    async def cost() -> int:
        monkeypatch.setattr(asked, "ASKED", remembering.Memory())
        monkeypatch.setattr(public, "PAGES", remembering.Memory())
        with queries_asked() as queries:
            await text_of(fan, question)
        return len(queries)

    few = await cost()
    for number in range(4):
        earlier = await over(company, 9 + number, TODAY, TODAY)
        await a_note_on(company, earlier)
        await a_note_on(company, question)

    assert await cost() == few
