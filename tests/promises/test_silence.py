"""Silence is counted in days since our last public word, against the day that was promised."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hearback.database.engine import execute, fetch_value
from hearback.promises import public
from hearback.promises.counting import count_all, count_spoken
from hearback.promises.rules import PromiseKind
from hearback.promises.silence import silence
from hearback.promises.waiting import questions_waiting, theme_waiting, themes_waiting
from hearback.web.live import tell
from tests import made
from tests.promises.test_promises import TODAY, promised
from tests.waiting import until

OPENED, PROMISED = date(2026, 11, 1), date(2026, 11, 21)


def test_within_the_promise_the_clock_runs_towards_the_promised_day():
    clock = silence(OPENED, PROMISED, date(2026, 11, 6))
    assert (clock.days, clock.promised_after, clock.over) == (5, 20, False)
    assert (clock.at, clock.due) == (25, 100)


def test_the_promised_day_itself_is_still_in_time():
    assert not silence(OPENED, PROMISED, PROMISED).over


def test_past_the_promise_the_promised_day_moves_back_on_the_clock():
    clock = silence(OPENED, PROMISED, date(2026, 12, 11))
    assert clock.over
    assert (clock.at, clock.due) == (100, 50)


@pytest.mark.parametrize("days", [0, 1, 400])
def test_where_nothing_was_promised_the_clock_has_no_tick(days):
    clock = silence(OPENED, None, OPENED + timedelta(days=days))
    assert (clock.days, clock.due, clock.over) == (days, None, False)


def test_a_clock_that_jumps_back_makes_no_negative_silence():
    assert silence(OPENED, PROMISED, OPENED - timedelta(days=3)).days == 0


def test_a_word_that_came_only_after_the_promised_day_stays_late_and_has_no_tick():
    late = silence(OPENED, OPENED - timedelta(days=3), OPENED)
    assert (late.over, late.at, late.due, late.promised_after) == (True, 100, None, None)
    assert silence(OPENED, OPENED, OPENED).promised_after == 1


async def a_question_promised(company, *, opened=40, due=-3):
    day = TODAY - timedelta(days=opened)
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(company.timezone))
    question = await made.a_question(company, opens_at=noon)
    await promised(company, "Antwort", kind=PromiseKind.REPLY, days=due, question=question.id)
    return question


async def test_who_waits_beyond_what_the_page_shows_is_mentioned(fan, company, monkeypatch):
    question = await made.a_question(company)
    for nth in range(2):
        theme = await made.a_theme(company, f"Thema {nth}")
        for _ in range(company.fewest_voices):
            await made.placed(company, await made.an_answer(company, question), theme)
    await count_spoken(company.id)
    page = (await fan.get("/kranich/promises")).text
    assert "Thema 0" in page and "Thema 1" in page and "Hier stehen höchstens" not in page

    monkeypatch.setattr(public, "MOST_THEMES", 1)
    await tell(company.id, "public")
    assert "Hier stehen höchstens 1." in (await fan.get("/kranich/promises")).text


async def test_a_question_is_silent_since_its_opening_or_our_last_word(pool):
    company = await made.a_company()
    by = await made.a_member(company)
    question = await a_question_promised(company)
    theme = await made.a_theme(company)

    (before,) = await questions_waiting(company.id, made.NOW)
    at = made.NOW - timedelta(days=5)
    await made.a_public_note(company, theme, by=by, kind="holding", at=at, questions=[question.id])
    (after,) = await questions_waiting(company.id, made.NOW)

    assert (before.silence(TODAY).days, before.spoken) == (40, False)
    assert (after.silence(TODAY).days, after.spoken, after.silence(TODAY).over) == (5, True, True)


async def test_a_theme_waits_from_the_day_enough_people_had_said_it_until_our_word(pool):
    company = await made.a_company(fewest_voices=3)
    by = await made.a_member(company)
    question = await a_question_promised(company, due=12)
    theme = await made.a_theme(company, "Rote und grüne Steine")
    small = await made.a_theme(company, "Zwei Stimmen")
    for back in (30, 20, 10, 4):
        answer = await made.an_answer(company, question, day=TODAY - timedelta(days=back))
        await made.placed(company, answer, theme)
    for _ in range(2):
        await made.placed(company, await made.an_answer(company, question), small)
    await count_spoken(company.id)

    (waits,) = await themes_waiting(company.id, limit=9)
    assert (waits.title, waits.since, waits.due_on) == (
        "Rote und grüne Steine",
        TODAY - timedelta(days=10),  # on that day a third person said it; no single day of a person is told
        TODAY + timedelta(days=12),
    )
    assert (await theme_waiting(company.id, small.id)).title == "Zwei Stimmen"

    await made.a_public_note(company, theme, by=by, at=made.NOW - timedelta(days=6))
    (again,) = await themes_waiting(company.id, limit=9)
    assert (again.since, again.spoken) == (TODAY - timedelta(days=6), True)

    await made.a_public_note(company, theme, by=by, at=made.NOW)
    assert await themes_waiting(company.id, limit=9) == []
    assert await theme_waiting(company.id, theme.id) is None


async def test_everybody_sees_how_long_we_have_been_silent(fan, company):
    await a_question_promised(company)

    page = (await fan.get("/kranich/promises")).text.replace("\xa0", " ")

    assert "Seit 40 Tagen kein Wort von uns." in page
    assert '<svg class="clock over"' in page


async def test_nothing_of_another_company_waits_here(pool):
    company, other = await made.a_company(), await made.a_company("reiher")
    await a_question_promised(other)
    theme = await made.a_theme(other)
    question = await made.a_question(other)
    for _ in range(6):
        await made.placed(other, await made.an_answer(other, question), theme)
    for one in (company, other):
        await count_spoken(one.id)

    assert await questions_waiting(company.id, made.NOW) == []
    assert await themes_waiting(company.id, limit=9) == []
    assert await theme_waiting(company.id, theme.id) is None


async def test_what_is_counted_follows_what_people_take_back_and_is_written_only_when_it_changed(pool):
    company = await made.a_company(fewest_voices=2)
    question = await made.a_question(company)
    theme = await made.a_theme(company)
    answers = [await made.an_answer(company, question, day=TODAY - timedelta(days=n)) for n in (9, 8, 7)]
    for answer in answers:
        await made.placed(company, answer, theme)

    await count_spoken(company.id)
    written = await fetch_value("select xmin::text from theme_spoken")
    await count_spoken(company.id)
    assert await fetch_value("select xmin::text from theme_spoken") == written
    assert (await theme_waiting(company.id, theme.id)).since == TODAY - timedelta(days=8)

    await execute("update response set state = 'withdrawn' where id = $1", answers[0].id)
    await count_spoken(company.id)
    assert (await theme_waiting(company.id, theme.id)).since == TODAY - timedelta(days=7)

    await execute("update response set state = 'erased'")
    await count_spoken(company.id)
    assert await fetch_value("select count(*) from theme_spoken") == 0


async def test_the_worker_counts_and_then_everybody_reads_which_theme_waits(fan, company):
    question = await made.a_question(company)
    theme = await made.a_theme(company, "Rote und grüne Steine")
    for _ in range(company.fewest_voices):
        answer = await made.an_answer(company, question, day=TODAY - timedelta(days=12))
        await made.placed(company, answer, theme)
    assert "Rote und grüne Steine" not in (await fan.get("/kranich/promises")).text

    await count_all()

    async def told():
        page = (await fan.get("/kranich/promises")).text.replace("\xa0", " ")
        return "Rote und grüne Steine" in page and "Seit 12 Tagen kein Wort von uns." in page

    await until(told)


async def test_a_note_on_what_came_from_a_question_is_a_word_on_it(pool):
    company = await made.a_company()
    by = await made.a_member(company)
    question = await a_question_promised(company, opened=40, due=20)
    other = await a_question_promised(company, opened=40, due=20)
    theme = await made.a_theme(company)
    await made.placed(company, await made.an_answer(company, question), theme)
    await count_spoken(company.id)
    await made.a_public_note(company, theme, by=by, at=made.NOW - timedelta(days=50))
    silent = {one.question: one for one in await questions_waiting(company.id, made.NOW)}
    assert [one.silence(TODAY).days for one in silent.values()] == [40, 40], "said before it was asked"

    await made.a_public_note(company, theme, by=by, at=made.NOW - timedelta(days=5))

    silent = {one.question: one for one in await questions_waiting(company.id, made.NOW)}
    assert (silent[question.id].silence(TODAY).days, silent[question.id].spoken) == (5, True)
    assert (silent[other.id].silence(TODAY).days, silent[other.id].spoken) == (40, False)
    assert silent[question.id].due_on == TODAY + timedelta(days=20), "it is not the answer yet"


async def test_a_holding_word_after_the_promised_day_begins_a_clock_of_its_own(pool):
    company = await made.a_company()
    by = await made.a_member(company)
    question = await a_question_promised(company, opened=90, due=-50)
    theme = await made.a_theme(company)
    at = made.NOW - timedelta(days=3)
    note = await made.a_public_note(company, theme, by=by, kind="holding", at=at, questions=[question.id])
    (waits,) = await questions_waiting(company.id, made.NOW)
    late = waits.silence(TODAY)
    assert (waits.due_on, late.days, late.over, late.due) == (TODAY - timedelta(days=50), 3, True, None)

    word = PromiseKind.NEXT_WORD
    await promised(company, "Nächstes Wort", kind=word, days=15, note=note.id)
    (waits,) = await questions_waiting(company.id, made.NOW)
    clock = waits.silence(TODAY)
    assert (waits.due_on, clock.days, clock.over, clock.due) == (TODAY + timedelta(days=15), 3, False, 100)
    assert clock.at == round(100 * 3 / 18)


async def test_a_theme_counts_towards_the_day_that_its_last_word_named(pool):
    company = await made.a_company(fewest_voices=1)
    by = await made.a_member(company)
    question = await a_question_promised(company, opened=90, due=-50)
    theme = await made.a_theme(company)
    await made.placed(company, await made.an_answer(company, question, day=TODAY), theme)
    await count_spoken(company.id)
    note = await made.a_public_note(company, theme, by=by, kind="holding", at=made.NOW - timedelta(days=3))
    late = (await theme_waiting(company.id, theme.id)).silence(TODAY)
    assert (late.days, late.over, late.due) == (3, True, None)

    await promised(company, "Nächstes Wort", kind=PromiseKind.NEXT_WORD, days=15, note=note.id)
    await promised(company, "Wiedergutmachen", kind=PromiseKind.REPAIR, days=40, note=note.id)
    waits = await theme_waiting(company.id, theme.id)
    assert (waits.due_on, waits.silence(TODAY).over) == (TODAY + timedelta(days=15), False)
