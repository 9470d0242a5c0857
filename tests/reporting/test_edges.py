"""What moves under a month: themes that came together, days that end elsewhere earlier, another company beside it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from hearback.database.engine import execute
from hearback.promises.rules import PromiseKind
from hearback.receipts.tables import Hearback
from hearback.replying.tables import ReplyVoice
from hearback.reporting import commands, queries
from hearback.reporting.figures import figures_of
from hearback.reporting.rules import Kept, Reached, Three
from tests import made
from tests.promises.test_promises import promised
from tests.reporting.test_by_hand import SEPTEMBER, a_reply, figures, noon, on

LATE_IN_BERLIN = datetime(2026, 8, 31, 22, 30, tzinfo=UTC)  # half an hour into September there
LAST_IN_BERLIN = datetime(2026, 9, 30, 21, 59, tzinfo=UTC)
AFTER_IN_BERLIN = datetime(2026, 9, 30, 22, 1, tzinfo=UTC)


@pytest.fixture
async def house(pool):
    return await made.a_company()


@pytest.fixture
async def by(house):
    return await made.a_member(house)


async def came_into(one, other):
    await execute("update theme set heir = $2, merged_into = $2 where id = $1", one.id, other.id)


async def test_a_word_to_a_theme_reaches_who_stood_in_one_that_came_together_with_it(house, by):
    question = await made.a_question(house, by=by, opens_at=noon(1, 8))
    red, wide, deep = [await made.a_theme(house, name) for name in ("Rot", "Farben", "Steine")]
    answers = [await made.an_answer(house, question, day=on(2)) for _ in range(3)]
    for answer, theme in zip(answers, (red, wide, deep), strict=True):
        await made.placed(house, answer, theme)
    await made.a_public_note(house, red, by=by, at=noon(5))
    await a_reply(house, by, theme=wide.id, sent_at=noon(7))
    assert (await figures(house)).replied == Reached(n=2, within=2, median=None, waiting=1, too_long=0)

    await came_into(red, deep)
    await came_into(wide, deep)

    assert (await figures(house)).replied == Reached(n=3, within=3, median=None, waiting=0, too_long=0)
    assert (await figures(house)).decided == 1


async def test_two_decided_themes_that_came_together_are_one(house, by):
    red, wide = await made.a_theme(house, "Rot"), await made.a_theme(house, "Farben")
    for theme in (red, wide):
        await made.a_public_note(house, theme, by=by, at=noon(5))
    assert (await figures_of(house.id, SEPTEMBER, fewest=5)).decided == 2

    await came_into(red, wide)

    assert (await figures_of(house.id, SEPTEMBER, fewest=5)).decided == 1


async def test_the_month_begins_and_ends_by_the_companys_clock_for_all_that_has_a_moment(house, by):
    question = await made.a_question(house, by=by, opens_at=LATE_IN_BERLIN)
    early, late, after = [await made.an_answer(house, question, day=on(1)) for _ in range(3)]
    for answer, at in ((early, LATE_IN_BERLIN), (late, LAST_IN_BERLIN), (after, AFTER_IN_BERLIN)):
        await a_reply(house, by, response=answer.id, sent_at=at)
    theme = await made.a_theme(house)
    for at in (LATE_IN_BERLIN, LAST_IN_BERLIN, AFTER_IN_BERLIN, AFTER_IN_BERLIN):
        await made.a_public_note(house, theme, by=by, at=at, kind="mistake")
    for at in (LAST_IN_BERLIN, AFTER_IN_BERLIN):
        one = await promised(house, kind=PromiseKind.REPAIR, days=99)
        await execute("update promise set made_at = $2, due_on = $3 where id = $1", one, at, on(1, 12))

    counted = await figures(house)

    assert counted.asked == 1
    assert counted.replied == Reached(n=2, within=2, median=None, waiting=1, too_long=0)
    assert counted.mistakes == 2
    assert counted.promises == Kept(running=1)


@pytest.mark.parametrize(
    ("timezone", "first", "last"),
    [
        ("Pacific/Apia", datetime(2026, 8, 31, 11, tzinfo=UTC), datetime(2026, 9, 30, 10, 59, tzinfo=UTC)),
        (
            "Pacific/Pago_Pago",
            datetime(2026, 9, 1, 11, tzinfo=UTC),
            datetime(2026, 10, 1, 10, 59, tzinfo=UTC),
        ),
    ],
)
async def test_at_both_ends_of_the_world_a_month_is_the_month_there(pool, timezone, first, last):
    company = await made.a_company(timezone=timezone)
    for at in (first - timedelta(minutes=1), first, last, last + timedelta(minutes=1)):
        await made.a_question(company, opens_at=at)

    assert (await figures_of(company.id, SEPTEMBER, fewest=5)).asked == 2
    await commands.count_months(now=last)
    assert (await queries.reports(company.id))[0].month.month == 8
    await commands.count_months(now=last + timedelta(minutes=1))
    assert (await queries.reports(company.id))[0].month.month == 9


async def test_the_night_of_the_clocks_and_the_leap_day_are_days_of_their_month(pool):
    company = await made.a_company()
    berlin = [
        datetime(2028, 2, 29, 22, 59, tzinfo=UTC),  # the last minute of the leap day
        datetime(2028, 2, 29, 23, 0, tzinfo=UTC),  # March
        datetime(2026, 10, 31, 22, 59, tzinfo=UTC),  # winter time since six days: still October
        datetime(2026, 10, 31, 23, 0, tzinfo=UTC),
    ]
    for at in berlin:
        await made.a_question(company, opens_at=at, closes_at=at + timedelta(days=9))

    for month, asked in (
        (date(2028, 2, 1), 1),
        (date(2028, 3, 1), 1),
        (date(2026, 10, 1), 1),
        (date(2026, 11, 1), 1),
    ):
        assert (await figures_of(company.id, month, fewest=5)).asked == asked, month


async def test_nothing_of_another_company_is_in_it(house, by):
    other = await made.a_company("reiher")
    theirs = await made.a_member(other)
    question = await made.a_question(other, by=theirs, opens_at=noon(1))
    theme = await made.a_theme(other)
    answers = [await made.an_answer(other, question, day=on(2), read_on=on(3)) for _ in range(6)]
    note = await made.a_public_note(
        other, theme, by=theirs, kind="mistake", at=noon(5), questions=[question.id]
    )
    reply = await a_reply(other, theirs, theme=theme.id, sent_at=noon(6))
    for answer in answers:
        await made.placed(other, answer, theme)
        said = {"company": other.id, "response": answer.id, "on": on(9)}
        await Hearback.insert(Hearback(**said, note=note.id, verdict="yes"))
        await ReplyVoice.insert(ReplyVoice(**said, reply=reply.id, heard="yes"))
    one = await promised(other, kind=PromiseKind.FOLLOW_UP)
    await execute("update promise set kept_on = $2, held = 'yes' where id = $1", one, on(9))

    ours = await figures_of(house.id, SEPTEMBER, fewest=5)
    full = await figures_of(other.id, SEPTEMBER, fewest=5)

    assert (full.received, full.understood, full.heard, full.held) == (6, Three(6), Three(6), Three(1))
    assert (ours.asked, ours.received, ours.counted, ours.decided, ours.mistakes) == (0, 0, 0, 0, 0)
    assert (ours.read, ours.replied, ours.promises) == (Reached(too_long=0), Reached(too_long=0), Kept())
    assert {ours.held, ours.better, ours.understood, ours.heard} == {Three()}


async def test_who_was_read_and_answered_after_the_month_waited_when_it_was_over(house, by):
    question = await made.a_question(house, by=by, opens_at=noon(1))
    answer = await made.an_answer(house, question, day=on(30), read_on=on(1, 10))
    await a_reply(house, by, response=answer.id, sent_at=noon(2, 10))

    september = await figures_of(house.id, SEPTEMBER, fewest=5)
    october = await figures_of(house.id, date(2026, 10, 1), fewest=5)

    assert (september.read.waiting, september.replied.waiting) == (1, 1)
    assert (september.read.n, september.replied.n) == (0, 0)
    assert (october.read.n, october.replied.n) == (1, 1)
    assert (october.read.waiting, october.replied.waiting) == (0, 0)


@pytest.mark.parametrize(("days", "within"), [(30, 1), (31, 0)])
async def test_thirty_days_are_within_and_thirty_one_are_not(house, by, days, within):
    question = await made.a_question(house, by=by, opens_at=noon(1, 8))
    answer = await made.an_answer(house, question, day=on(1))
    await execute("update response set day = $2 where id = $1", answer.id, on(28) - timedelta(days=days))
    await a_reply(house, by, response=answer.id, sent_at=noon(28))

    assert (await figures(house)).replied == Reached(n=1, within=within, median=None, waiting=0, too_long=0)


@pytest.mark.parametrize("way", ["question", "theme"])
async def test_a_holding_note_is_no_first_word_and_neither_is_what_was_out_before(house, by, way):
    question = await made.a_question(house, by=by, opens_at=noon(1, 8))
    theme, other = await made.a_theme(house), await made.a_theme(house, "Anderes")
    answer = await made.an_answer(house, question, day=on(10))
    await made.placed(house, answer, theme)
    about, asked = (theme, []) if way == "theme" else (other, [question.id])
    await made.a_public_note(house, about, by=by, at=noon(9), questions=asked)
    await made.a_public_note(house, about, by=by, at=noon(12), kind="holding", questions=asked)
    assert (await figures_of(house.id, SEPTEMBER, fewest=5)).replied == Reached(waiting=1, too_long=0)

    await made.a_public_note(house, about, by=by, at=noon(30), questions=asked)

    replied = (await figures_of(house.id, SEPTEMBER, fewest=1)).replied
    assert replied == Reached(n=1, within=1, median=20.0, waiting=0, too_long=0)


async def test_a_public_reply_that_was_out_before_somebody_spoke_is_no_word_to_them(house, by):
    question = await made.a_question(house, by=by, opens_at=noon(1, 8))
    theme = await made.a_theme(house)
    await made.placed(house, await made.an_answer(house, question, day=on(10)), theme)
    await a_reply(house, by, theme=theme.id, sent_at=noon(9))
    assert (await figures_of(house.id, SEPTEMBER, fewest=5)).replied == Reached(waiting=1, too_long=0)

    await a_reply(house, by, theme=theme.id, sent_at=noon(10))

    assert (await figures_of(house.id, SEPTEMBER, fewest=5)).replied == Reached(n=1, within=1, too_long=0)


async def test_what_was_broken_before_the_month_is_neither_broken_in_it_nor_overdue(house):
    for broken_on in (on(31, 8), on(1), on(1, 10)):
        one = await promised(house)
        await execute(
            """update promise set made_at = $2, due_on = $3, broken_on = $4, broken_why = 'Es geht nicht.'
               where id = $1""",
            one,
            noon(1, 7),
            on(20, 8),
            broken_on,
        )

    assert (await figures_of(house.id, SEPTEMBER, fewest=5)).promises == Kept(broken=1, overdue=1)


async def test_a_month_that_a_clock_that_ran_ahead_has_counted_is_withdrawn_until_it_is_over(house, by):
    await made.a_question(house, by=by, opens_at=noon(1, 8))
    await commands.count_months(now=noon(2, 11))
    assert (await queries.reports(house.id))[0].month == on(1, 10)

    await commands.count_months(now=noon(20, 10))

    assert (await queries.reports(house.id))[0].month == on(1, 9)


async def test_whoever_waits_longer_than_we_want_when_the_month_ends_is_counted_apart(house, by):
    question = await made.a_question(house, by=by, opens_at=noon(1, 7))
    for day in (on(23), on(22), on(31, 8), on(30, 8)):
        await made.an_answer(house, question, day=day)

    counted = await figures(house)

    assert (counted.read.waiting, counted.read.too_long) == (4, 3), "seven days on the last day are in time"
    assert (counted.replied.waiting, counted.replied.too_long) == (4, 1), "so are thirty"
    assert (counted.read.percent, counted.replied.percent) == (0, 0)
