"""One September with every kind of thing in it, and what stands at its edges; each figure counted by hand."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hearback.database.engine import execute
from hearback.notifying.tables import CheckBack
from hearback.promises.rules import PromiseKind
from hearback.receipts.tables import Hearback
from hearback.replying.tables import Reply, ReplyVoice
from hearback.reporting import commands, queries
from hearback.reporting.rules import Kept, Reached, Three
from tests import made
from tests.promises.test_promises import promised

BERLIN = ZoneInfo("Europe/Berlin")
SEPTEMBER = date(2026, 9, 1)
FIRST = datetime(2026, 9, 1, tzinfo=BERLIN)
END = datetime(2026, 10, 1, tzinfo=BERLIN)
SECOND = timedelta(seconds=1)


def on(day, month=9):
    return date(2026, month, day)


def noon(day, month=9):
    return datetime(2026, month, day, 12, tzinfo=BERLIN)


@pytest.fixture
async def house(pool):
    return await made.a_company()


@pytest.fixture
async def by(house):
    return await made.a_member(house)


async def a_reply(house, by, *, sent_at=None, **to):
    """Sent, unless no moment is given."""
    more = {"state": "draft"}
    if sent_at is not None:
        more = {"state": "sent", "sent_at": sent_at, "signed_by": (await made.a_member(house)).id}
    row = Reply(
        company=house.id,
        writer=by.id,
        fact="Die Zeiten hingen innen.",
        next_step="Ich hänge sie außen auf.",
        next_owner=by.id,
        next_by=on(1, 12),
        saved_at=noon(3),
        **more,
        **to,
    )
    await Reply.insert(row)
    return row


async def figures(house):
    await commands.count_month(
        house.id, SEPTEMBER, fewest=house.fewest_voices, now=datetime(2026, 10, 2, tzinfo=UTC)
    )
    return (await queries.report(house.id, SEPTEMBER)).figures


async def test_questions_belong_to_the_month_they_opened_in_by_the_companys_clock(house, by):
    for opens_at, state in (
        (FIRST - SECOND, "open"),
        (FIRST, "open"),
        (END - SECOND, "closed"),
        (END, "open"),
        (noon(9), "draft"),
    ):
        await made.a_question(house, by=by, opens_at=opens_at, state=state)

    assert (await figures(house)).asked == 2


async def test_answers_received_counted_and_read(house, by):
    question = await made.a_question(house, by=by, opens_at=noon(1, 8))
    for day, read_on, more in (
        (on(31, 8), on(1), {}),  # read the next day, in September: the first that was read
        (on(1), on(8), {}),  # 7 days: still within
        (on(1), on(9), {}),  # 8 days: not
        (on(30), on(30), {}),  # the same day
        (on(30), on(1, 10), {}),  # in October: waited when the month was over
        (on(2), None, {}),  # waits
        (on(3), on(4), {"state": "set_aside", "reason": "Werbung"}),  # received, does not count
        (on(4), None, {"state": "withdrawn"}),
        (on(5), on(5), {"test": True}),  # nobody's
        (on(1, 10), on(1, 10), {}),
    ):
        await made.an_answer(house, question, day=day, read_on=read_on, **more)

    counted = await figures(house)

    assert (counted.received, counted.counted) == (7, 5)
    assert counted.read == Reached(n=4, within=3, median=None, waiting=2, too_long=1)  # too few for a median
    assert counted.read.percent == 60  # one more has waited for 28 days


async def test_the_first_word_by_each_of_the_four_ways(house, by):
    """People of September; on which day each heard of us for the first time."""
    question = await made.a_question(house, by=by, opens_at=noon(1, 8))
    other = await made.a_question(house, by=by, opens_at=noon(1, 8))
    theme, elsewhere = await made.a_theme(house), await made.a_theme(house, "Versand")
    alone = await made.an_answer(house, other, day=on(2))  # a reply to this one answer, 1 day
    asked = await made.an_answer(house, question, day=on(1))  # a note to the question, 19 days
    there = await made.an_answer(house, other, day=on(3))  # a note on the theme, 9 days
    await made.placed(house, there, theme)
    spoken = await made.an_answer(
        house, other, day=on(10, 8)
    )  # a public reply to the theme: 36 days, too late
    await made.placed(house, spoken, elsewhere)
    after = await made.an_answer(house, other, day=on(29))  # came after all of it
    await made.placed(house, after, theme)
    await made.placed(house, await made.an_answer(house, other, day=on(1, 10)), theme)  # not of this month
    assert asked
    await a_reply(house, by, response=alone.id, sent_at=noon(3))
    await a_reply(house, by, response=after.id)
    await a_reply(house, by, theme=elsewhere.id, sent_at=noon(15))
    different = await made.a_theme(house, "Anderes")
    await made.a_public_note(house, different, by=by, at=noon(20), questions=[question.id])
    await made.a_public_note(house, theme, by=by, at=noon(12))
    await made.a_public_note(house, theme, by=by, at=noon(4), kind="holding")  # no word yet
    await made.a_public_note(house, theme, by=by, at=noon(5), state="draft")

    counted = await figures(house)

    assert counted.replied == Reached(n=4, within=3, median=None, waiting=1, too_long=0)
    assert counted.decided == 2  # two themes have a note that decides; the public reply is only a word


async def test_mistakes_and_decisions_at_the_edges_of_the_month(house, by):
    theme, other = await made.a_theme(house), await made.a_theme(house, "Versand")
    for at, about, kind in (
        (FIRST - SECOND, theme, "mistake"),
        (FIRST, theme, "mistake"),
        (END - SECOND, theme, "mistake"),  # the same theme twice is one theme
        (END, other, "mistake"),
        (noon(9), other, "not_changed"),
    ):
        await made.a_public_note(house, about, by=by, at=at, kind=kind)
    await made.a_public_note(house, theme, by=by, at=noon(9), kind="mistake", state="withdrawn")

    counted = await figures(house)

    assert (counted.mistakes, counted.decided) == (3, 2)  # what was taken back later was said all the same


async def test_promises_as_they_stood_when_the_month_was_over(house, by):
    async def a_promise(due_on, kept_on=None, broken_on=None, *, made_at=None, kind="repair", **more):
        one = await promised(house, kind=PromiseKind(kind), **more)
        await execute(
            """update promise set made_at = $2, due_on = $3, kept_on = $4, broken_on = $5, broken_why = $6
               where id = $1""",
            one,
            made_at or noon(1, 8),
            due_on,
            kept_on,
            broken_on,
            "Es geht nicht." if broken_on else "",
        )
        return one

    await a_promise(on(10), on(10))  # kept on its day
    await a_promise(on(1, 12), on(30))  # kept long before
    await a_promise(on(10), on(11))  # a day late
    await a_promise(on(20, 8), on(1))  # late since August
    await a_promise(on(10), on(1, 10))  # kept in October: overdue when the month was over
    await a_promise(on(30))  # its day was the last of the month: over
    await a_promise(on(1, 10))  # still in time
    await a_promise(on(1, 10), made_at=END)  # not yet made
    await a_promise(on(9, 10), None, on(30))  # broken
    await a_promise(on(9, 10), None, on(1, 10))  # broken in October: still ran
    old = await a_promise(on(15))  # moved: the old day is late …
    await a_promise(on(15, 11), instead_of=old)  # … and the new one runs

    counted = await figures(house)

    assert counted.promises == Kept(kept=2, late=2, broken=1, overdue=3, running=3)


async def test_what_we_say_of_repairs_each_once(house, by):
    for held, day, moved in (("yes", on(1), False), ("partly", on(30), True), ("no", on(1, 10), False)):
        one = await promised(house, kind=PromiseKind.FOLLOW_UP)
        both = (
            [one, await promised(house, kind=PromiseKind.FOLLOW_UP, days=30, instead_of=one)]
            if moved
            else [one]
        )
        for each in both:
            await execute("update promise set kept_on = $2, held = $3 where id = $1", each, day, held)

    assert (await figures(house)).held == Three(yes=1, partly=1, no=0)


async def test_what_people_say_of_us(house, by):
    question = await made.a_question(house, by=by, opens_at=noon(1, 8))
    theme = await made.a_theme(house)
    right = await made.a_public_note(house, theme, by=by, at=noon(1, 8))
    wrong = await made.a_public_note(house, theme, by=by, at=noon(2, 8), kind="mistake")
    answers = [await made.an_answer(house, question, day=on(3, 8)) for _ in range(8)]
    reply = await a_reply(house, by, theme=theme.id, sent_at=noon(3))
    gone = await made.an_answer(house, question, day=on(3, 8), state="withdrawn")
    days = [on(1), on(30), *[on(9)] * 5, on(1, 10)]  # the last one spoke in October
    for one, day, understood, better, heard in zip(
        [*answers, gone],
        [*days, on(9)],
        ["yes", "yes", "yes", "not_quite", "not_quite", "no", "yes", "no", "no"],
        ["better", "same", "same", "worse", "not_mine", "better", "better", "worse", "worse"],
        ["yes", "partly", "no", "no", "", "yes", "yes", "no", "no"],
        strict=True,
    ):
        said = {"company": house.id, "response": one.id, "on": day}
        await Hearback.insert(Hearback(**said, note=right.id, verdict=understood))
        await CheckBack.insert(CheckBack(**said, note=wrong.id, verdict=better, asked_on=None))
        await CheckBack.insert(CheckBack(**said, note=right.id, verdict="better", asked_on=None))
        await ReplyVoice.insert(ReplyVoice(**said, reply=reply.id, heard=heard))

    counted = await figures(house)

    assert counted.understood == Three(yes=4, partly=2, no=1)
    assert counted.better == Three(yes=3, partly=2, no=2)  # of mistakes only
    assert counted.heard == Three(yes=3, partly=1, no=2)  # one did not say
