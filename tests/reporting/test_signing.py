"""A signature under a month stays what it was: whoever gave it, in the role of then, once."""

import asyncio
import re
from datetime import timedelta

import asyncpg
import pytest

from hearback.database.engine import execute, fetch_value
from hearback.refusals import Refused
from hearback.reporting import commands, queries
from hearback.web.live import tell
from tests import made
from tests.conftest import browser_of
from tests.reporting.test_report import MONTH, OVER, a_month, counted
from tests.waiting import until


@pytest.fixture
async def leader(company):
    return await made.a_member(
        company, leads=True, name="Henrike Voss", role_title="Verlegerin", role="reader"
    )


async def signed(company, by, *, at=OVER):
    seen = (await counted(company)).computed_at.isoformat()
    await commands.sign(company.id, MONTH, seen=seen, by=by, now=at)


async def test_today_tells_who_leads_that_the_newest_month_waits_for_them(app, desk, company):
    await a_month(company)
    await counted(company)
    async with browser_of(app) as browser:
        leader = await made.signed_in(browser, company, "reader", leads=True)
        waits = "Der Bericht für September 2026 wartet auf deine Unterschrift."
        assert waits in (await leader.get("/today")).text
        assert waits not in (await desk.get("/today")).text, "who does not lead cannot sign"

        await signed(company, leader.member)
        assert "wartet auf deine Unterschrift" not in (await leader.get("/today")).text


@pytest.mark.parametrize("later", ["role_title = 'Beirätin'", "leads = false", "active = false"])
async def test_who_signed_stays_under_it_in_the_role_of_then_whatever_becomes_of_them(
    fan, desk, company, leader, later
):
    await a_month(company)
    await signed(company, leader)

    change = {
        "role_title = 'Beirätin'": "update member set role_title = 'Beirätin' where id = $1",
        "leads = false": "update member set leads = false where id = $1",
        "active = false": "update member set active = false, role_title = '' where id = $1",
    }[later]
    await execute(change, leader.id)
    await tell(company.id, "public")

    async def told():
        page = (await fan.get("/kranich/report/2026-09")).text
        assert "Beirätin" not in page
        return "Henrike Voss" in page and "Verlegerin, unterschrieben am" in page

    await until(told)
    assert "Verlegerin, unterschrieben am" in (await desk.get("/report/2026-09")).text


async def test_the_database_lets_nobody_change_the_role(company, leader):
    await a_month(company)
    await signed(company, leader)

    with pytest.raises(asyncpg.CheckViolationError):
        await execute("update listening_report set signed_as = 'Beirätin'")
    assert await fetch_value("select signed_as from listening_report") == "Verlegerin"


async def test_who_has_no_title_signs_with_the_name_alone(fan, company):
    await a_month(company)
    await signed(company, await made.a_member(company, leads=True, name="Mara Ott", role_title=""))

    async def told():
        return "Mara Ott" in (await fan.get("/kranich/report/2026-09")).text

    await until(told)
    page = (await fan.get("/kranich/report/2026-09")).text
    assert re.findall(r'class="role">(.*?)</div>', page) == ["Unterschrieben am 1.\xa0Oktober"]


async def test_two_leaders_who_sign_at_once_leave_one_signature(company, leader):
    await a_month(company)
    seen = (await counted(company)).computed_at.isoformat()
    other = await made.a_member(company, leads=True)

    ended = await asyncio.gather(
        *(commands.sign(company.id, MONTH, seen=seen, by=by, now=OVER) for by in (leader, other)),
        return_exceptions=True,
    )

    refused = [one for one in ended if one is not None]
    assert [type(one) for one in refused] == [Refused]
    assert refused[0].reason == "report.is-signed"
    assert await fetch_value("select count(*) from audit where did = 'report.signed'") == 1


async def test_a_month_that_was_not_signed_in_time_stays_as_it_was_counted_and_can_still_be_signed(
    company, leader
):
    await a_month(company)
    before = await counted(company)
    await execute("update response set read_on = day where company = $1", company.id)
    await commands.count_months(now=OVER + timedelta(days=40))

    assert (await queries.report(company.id, MONTH)).computed_at == before.computed_at
    await commands.sign(company.id, MONTH, seen=before.computed_at.isoformat(), by=leader, now=OVER)
    assert (await queries.report(company.id, MONTH)).signer == "Henrike Voss"
