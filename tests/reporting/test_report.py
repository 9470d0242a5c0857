"""The report of a month: counted by the worker, the same inside and outside, signed by somebody who leads."""

import re
from datetime import UTC, date, datetime, timedelta

import asyncpg
import pytest

from hearback.database.engine import execute, fetch_value
from hearback.notifying.tables import CheckBack
from hearback.promises.rules import PromiseKind
from hearback.receipts.tables import Hearback
from hearback.refusals import Refused
from hearback.reporting import commands, queries
from hearback.reporting.rules import Three
from tests import made
from tests.conftest import browser_of
from tests.promises.test_promises import promised
from tests.waiting import until

MONTH = date(2026, 9, 1)
OVER = datetime(2026, 10, 1, 9, tzinfo=UTC)


def on(day, month=9):
    return date(2026, month, day)


def noon(day, month=9):
    return datetime(2026, month, day, 12, tzinfo=UTC)


async def a_month(company):
    """A question of September with eight answers, a note, a mistake, promises and what people said back."""
    by = await made.a_member(company, "admin")
    question = await made.a_question(
        company, by=by, opens_at=noon(1), closes_at=noon(20), reply_by=on(30), state="closed"
    )
    theme = await made.a_theme(company)
    answers = []
    for number in range(8):
        read_on = on(2 + 3 * number) if number < 6 else None
        answers.append(await made.an_answer(company, question, day=on(2), read_on=read_on))
        await made.placed(company, answers[-1], theme)
    await made.an_answer(company, question, day=on(3), state="set_aside", reason="Werbung")
    await made.an_answer(company, question, day=on(9, 10))
    note = await made.a_public_note(company, theme, by=by, at=noon(22), questions=[question.id])
    wrong = await made.a_public_note(company, theme, by=by, kind="mistake", at=noon(23))
    for number, verdict in enumerate(["yes"] * 4 + ["not_quite", "no"]):
        await Hearback.insert(
            Hearback(
                company=company.id, response=answers[number].id, note=note.id, verdict=verdict, on=on(25)
            )
        )
    await CheckBack.insert(
        CheckBack(
            company=company.id,
            note=wrong.id,
            response=answers[0].id,
            verdict="better",
            on=on(28),
            asked_on=None,
        )
    )
    for due, kept, kind, held in (
        (on(10), on(9), "repair", ""),
        (on(10), on(12), "repair", ""),
        (on(15), None, "repair", ""),
        (on(9, 10), None, "repair", ""),
        (on(20), on(20), "follow_up", "yes"),
        (on(20, 8), on(20, 8), "repair", ""),
    ):
        one = await promised(company, kind=PromiseKind(kind))
        await execute(
            "update promise set made_at = $2, due_on = $3, kept_on = $4, held = $5 where id = $1",
            one,
            noon(1),
            due,
            kept,
            held,
        )
    return question


async def counted(company):
    await commands.count_months(now=OVER)
    return await queries.report(company.id, MONTH)


async def test_a_month_is_counted_from_what_happened_in_it(pool):
    company = await made.a_company()
    await a_month(company)

    figures = (await counted(company)).figures

    assert (figures.asked, figures.received, figures.counted) == (1, 9, 8)
    assert (figures.read.n, figures.read.within, figures.read.median, figures.read.waiting) == (6, 3, 7.5, 2)
    assert (figures.replied.n, figures.replied.within, figures.replied.median) == (8, 8, 20.0)
    assert figures.replied.waiting == 0
    assert (figures.decided, figures.mistakes) == (1, 1)
    promises = figures.promises
    assert (promises.kept, promises.late, promises.broken, promises.overdue, promises.running) == (
        2,
        1,
        0,
        1,
        1,
    )
    assert figures.held == Three(1, 0, 0)
    assert figures.understood == Three(4, 1, 1)
    assert figures.better == Three(hidden=True)  # one person alone
    assert figures.heard == Three()


async def test_the_desk_and_the_public_show_the_same_figures(fan, desk, company):
    await a_month(company)
    await counted(company)

    inside = (await desk.get("/report/2026-09")).text
    outside = (await fan.get("/kranich/report/2026-09")).text

    def figures(page):
        return re.findall(r'<td class="num"><strong>([^<]*)</strong>', page)

    for words in ("Wie wir zugehört haben: September 2026", "4 richtig", "Weniger als 5 Menschen"):
        assert words in inside.replace("\xa0", " ")
        assert words in outside.replace("\xa0", " ")
    assert figures(inside) == figures(outside)
    assert len(figures(outside)) > 20
    assert "Noch nicht unterschrieben." in outside
    assert (await fan.get("/kranich/report?lang=en")).text.count("How we listened") > 1


async def test_only_who_leads_signs_and_then_it_stays(app, fan, company):
    await a_month(company)
    seen = (await counted(company)).computed_at.isoformat()
    async with browser_of(app) as browser:
        admin = await made.signed_in(browser, company, "admin")
        reply = await admin.post("/report/2026-09/signature", {"seen": seen})
        assert reply.status_code == 422
        assert "Unterschreiben kann nur, wer leitet." in reply.text
    async with browser_of(app) as browser:
        leader = await made.signed_in(browser, company, "reader", leads=True, name="Henrike Voss")
        assert (await leader.post("/report/2026-09/signature", {"seen": "gestern"})).status_code == 422
        assert (await leader.post("/report/2026-09/signature", {"seen": seen})).status_code == 303
        assert (await leader.post("/report/2026-09/signature", {"seen": seen})).status_code == 422

    async def signed():
        return "Henrike Voss" in (await fan.get("/kranich/report/2026-09")).text

    await until(signed)
    before = await queries.report(company.id, MONTH)
    await execute("update response set read_on = day where company = $1", company.id)
    await commands.count_months(now=OVER + timedelta(days=3))
    assert await queries.report(company.id, MONTH) == before
    with pytest.raises(asyncpg.CheckViolationError):
        await execute("update listening_report set figures = '{}'")
    with pytest.raises(asyncpg.CheckViolationError):
        await execute("delete from listening_report")
    assert await fetch_value("select after->>'month' from audit where did = 'report.signed'") == "2026-09"


async def test_who_signs_has_seen_what_they_sign(pool):
    company = await made.a_company()
    await a_month(company)
    old = await counted(company)
    leader = await made.a_member(company, leads=True)
    await execute("update response set read_on = day where company = $1", company.id)
    await commands.count_months(now=OVER + timedelta(hours=1))

    with pytest.raises(Refused, match=r"report\.counted-anew"):
        await commands.sign(company.id, MONTH, seen=old.computed_at.isoformat(), by=leader, now=OVER)
    assert (await queries.report(company.id, MONTH)).signed_at is None


async def test_where_nothing_has_changed_nothing_is_written(pool):
    company = await made.a_company()
    await a_month(company)
    first = await counted(company)

    await commands.count_months(now=OVER + timedelta(hours=5))

    assert (await queries.report(company.id, MONTH)).computed_at == first.computed_at


async def test_a_month_that_is_not_over_has_no_report(pool):
    company = await made.a_company()
    await a_month(company)

    await commands.count_months(now=datetime(2026, 9, 30, 21, 59, tzinfo=UTC))
    assert await queries.reports(company.id) == []
    await commands.count_months(now=datetime(2026, 9, 30, 22, 0, tzinfo=UTC))  # midnight in Berlin
    assert [one.month for one in await queries.reports(company.id)] == [MONTH]


async def test_another_companys_report_and_odd_months_are_not_there(fan, desk, company):
    other = await made.a_company("reiher")
    await a_month(other)
    await counted(other)

    for path in ("/kranich/report/2026-09", "/kranich/report/2026-13", "/kranich/report/x", "/nichts/report"):
        assert (await fan.get(path)).status_code == 404
    assert (await desk.get("/report/2026-09")).status_code == 404
    assert (await desk.post("/report/2026-09/signature", {"seen": "x"})).status_code == 404
    assert (await fan.get("/kranich/report")).status_code == 200


async def test_months_stand_side_by_side_in_a_picture_with_its_table(fan, company):
    await a_month(company)
    await commands.count_months(now=datetime(2026, 11, 2, tzinfo=UTC))

    page = (await fan.get("/kranich/report/2026-10")).text

    assert page.count('<svg class="columns"') == 2
    assert 'role="img" aria-label="In höchstens 7 Tagen gelesen: September 2026' in page
    assert '<th scope="row" class="nowrap">September 2026</th>' in page
    assert page.count("<script") == 1  # the one of every page


@pytest.mark.parametrize("path", ["/kranich/report", "/kranich/report/2026-09", "/kranich/promises"])
async def test_whoever_passes_the_page_on_shows_what_it_is_and_its_one_address(fan, company, path):
    await a_month(company)
    await commands.count_months(now=OVER)

    page = (await fan.get(path)).text

    told = dict(re.findall(r'<meta (?:property|name)="((?:og:)?[a-z_]+)" content="([^"]+)"', page))
    assert told["og:url"] == f"http://test{path}"
    assert told["og:title"] in ("Wie wir zugehört haben", "Unsere Versprechen")
    assert told["description"] == told["og:description"]
    assert page.count('rel="canonical"') == 1
