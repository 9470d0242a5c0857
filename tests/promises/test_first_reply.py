"""How long people waited for a first reply, in the middle: from a question's opening to the first note that answers."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hearback.promises import queries
from tests import made
from tests.promises.test_promises import TODAY

BERLIN = ZoneInfo("Europe/Berlin")
OPENED = TODAY - timedelta(days=60)


def on(day, hour=12):
    return datetime(day.year, day.month, day.day, hour, tzinfo=BERLIN)


async def answered(company, by, theme, *, after, opened=OPENED, **more):
    """A question, and a note about it so many days after it opened; None: none came."""
    question = await made.a_question(company, by=by, opens_at=on(opened, more.pop("hour", 12)))
    for days in after:
        at = on(opened + timedelta(days=days), 0)
        await made.a_public_note(company, theme, by=by, at=at, questions=[question.id], **more)
    return question


@pytest.mark.parametrize(
    ("days", "median"),
    [((), None), ((9,), 9), ((10, 3, 5), 5), ((10, 3, 5, 8), 6.5), ((0, 0, 40), 0), ((4, 4, 4, 4), 4)],
)
async def test_the_median_of_known_days(pool, days, median):
    company = await made.a_company()
    by, theme = await made.a_member(company), await made.a_theme(company)
    for one in days:
        await answered(company, by, theme, after=[one])

    assert (await queries.sums(company.id, TODAY)).first_reply_days == median


async def test_only_the_first_note_that_answers_counts(pool):
    company, other = await made.a_company(), await made.a_company("reiher")
    by, theme = await made.a_member(company), await made.a_theme(company)
    await answered(company, by, theme, after=[7, 3, 30])
    await answered(company, by, theme, after=[1], kind="holding")
    await answered(company, by, theme, after=[1], state="draft")
    await answered(company, by, theme, after=[])
    await answered(other, await made.a_member(other), await made.a_theme(other), after=[20])

    assert (await queries.sums(company.id, TODAY)).first_reply_days == 3


async def test_days_are_those_of_the_calendar_and_not_of_hours(pool):
    """Opened an hour before midnight, answered an hour after it: that was the next day."""
    company = await made.a_company()
    by, theme = await made.a_member(company), await made.a_theme(company)
    await answered(company, by, theme, after=[1], hour=23)

    assert (await queries.sums(company.id, TODAY)).first_reply_days == 1


async def test_everybody_reads_it_and_half_a_day_is_never_rounded_away(fan, desk, company):
    by, theme = await made.a_member(company), await made.a_theme(company)
    assert "median" not in (await fan.get("/kranich/promises?lang=en")).text
    for days in (2, 3):
        await answered(company, by, theme, after=[days])

    said = "vergehen in der Mitte (Median) 3 Tage."
    assert said in (await desk.get("/promises")).text.replace("\xa0", " ")
    assert said in (await fan.get("/kranich/promises")).text.replace("\xa0", " ")
