"""What was promised as the reply to a question: the first day stays the measure, the last one holds."""

from datetime import timedelta

from hearback.promises import commands
from hearback.promises.counting import count_spoken
from hearback.promises.replies import reply
from hearback.promises.rules import PromiseState
from tests import made
from tests.promises.test_moved import AGAIN, moved
from tests.promises.test_promises import TODAY
from tests.promises.test_silence import a_question_promised


async def test_a_reply_tells_its_first_day_the_one_that_holds_and_why(pool):
    company = await made.a_company()
    by = await made.a_member(company)
    question = await a_question_promised(company, due=-3)
    (first,) = await made.promises_of(company.id, question=question.id)
    second = await moved(company, first.id, to=5, by=by)
    await moved(company, second, to=9, by=by, why=AGAIN)

    before = await reply(company.id, question.id, made.NOW)
    await commands.keep_replies(company.id, [question.id], by=by.id, today=TODAY)
    after = await reply(company.id, question.id, made.NOW)

    assert (before.first, before.due_on, before.why, before.moved, before.kept_on) == (
        TODAY - timedelta(days=3),
        TODAY + timedelta(days=9),
        AGAIN,
        True,
        None,
    )
    assert after.kept_on == TODAY


async def test_the_question_before_is_measured_by_its_first_day(pool):
    """Kept on the day that was named later, it was late all the same."""
    company = await made.a_company()
    by = await made.a_member(company)
    over = await a_question_promised(company, due=-3)
    (first,) = await made.promises_of(company.id, question=over.id)
    await moved(company, first.id, to=5, by=by)
    await commands.keep_replies(company.id, [over.id], by=by.id, today=TODAY)
    await _close(over)
    question = await a_question_promised(company, opened=1, due=20)

    (earlier,) = (await reply(company.id, question.id, made.NOW)).before

    assert (earlier.first, earlier.kept_on, earlier.days_late) == (TODAY - timedelta(days=3), TODAY, 3)
    assert earlier.state(TODAY) == PromiseState.KEPT_LATE


async def test_a_note_on_a_theme_that_came_from_the_question_stands_there_too_once_it_is_closed(fan, company):
    by, theme = await made.a_member(company), await made.a_theme(company)
    question = await a_question_promised(company, due=20)
    other = await made.a_question(company)
    for asked in (question, other):
        for _ in range(2):
            await made.placed(company, await made.an_answer(company, asked, day=TODAY), theme)
    await count_spoken(company.id)
    elsewhere = await made.a_theme(company, "Versand")
    await made.a_public_note(company, elsewhere, by=by, title="Pakete ohne Folie")
    await made.a_public_note(company, theme, by=by, title="Kerben in allen Steinen")
    await made.a_public_note(company, theme, by=by, title="Die Antwort selbst", questions=[question.id])

    assert [one.title for one in (await reply(company.id, question.id, made.NOW)).notes] == [
        "Die Antwort selbst"
    ]
    await _close(question)
    found = (await reply(company.id, question.id, made.NOW)).notes
    assert sorted((one.title, one.answers) for one in found) == [
        ("Die Antwort selbst", True),
        ("Kerben in allen Steinen", False),
    ]
    page = (await fan.get(f"/kranich/ask/{question.slug}")).text
    assert page.count("zu einem Thema, das auch hier vorkam") == 1
    assert page.index("Kerben in allen Steinen") < page.index("Die Antwort selbst")


async def _close(question):
    question.state = "closed"
    await question.save()
