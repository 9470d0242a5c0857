"""A promise that comes near is told to its owner, one that turns red to who leads: once each, by mail and on Today."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hearback.actions.tables import Action
from hearback.clock import now
from hearback.database.engine import execute, fetch_column
from hearback.jobs import do_all_now
from hearback.notifying import commands as mailing
from hearback.notifying import jobs as _notifying  # noqa: F401  (registers who is told)
from hearback.promises import commands
from hearback.promises.forms import BreakForm
from hearback.promises.rules import PromiseKind, Whom, whom_to_tell
from hearback.promises.watching import watch
from tests import made
from tests.conftest import browser_of
from tests.notifying.mailbox import a_mailbox
from tests.promises.test_promises import TODAY, promised

DUE = date(2026, 12, 20)
MADE = date(2026, 11, 1)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def mailbox(set_env):
    set_env("HEARBACK_MAIL_TO_PRIVATE_NETWORKS", "true")
    with a_mailbox() as box:
        yield box


@pytest.mark.parametrize(
    ("today", "made_on", "owner_told", "leaders_told", "whom"),
    [
        (date(2026, 12, 12), MADE, False, False, None),
        (date(2026, 12, 13), MADE, False, False, Whom.OWNER),
        (date(2026, 12, 20), MADE, False, False, Whom.OWNER),
        (date(2026, 12, 20), MADE, True, False, None),
        (date(2026, 12, 21), MADE, True, False, Whom.LEADERS),
        (date(2026, 12, 21), MADE, False, False, Whom.LEADERS),
        (date(2027, 5, 1), MADE, True, True, None),
        (date(2026, 12, 18), date(2026, 12, 18), False, False, None),  # promised today: they know
        (date(2026, 12, 19), date(2026, 12, 18), False, False, Whom.OWNER),
        (date(2026, 12, 12), None, False, False, None),
        (
            date(2026, 12, 20),
            None,
            False,
            False,
            Whom.OWNER,
        ),  # handed over, due the same day: they may not know
        (date(2026, 12, 20), None, True, False, None),
    ],
)
def test_the_owner_before_it_is_red_and_leadership_when_it_is(today, made_on, owner_told, leaders_told, whom):
    assert whom_to_tell(DUE, made_on, today, owner_told=owner_told, leaders_told=leaders_told) == whom


def at_noon(day):
    return datetime(day.year, day.month, day.day, 12, tzinfo=BERLIN)


async def test_with_the_clock_moved_it_turns_red_and_each_is_told_once(pool, mailbox):
    company = await made.a_company()
    await made.mail_set_up(company, mailbox.port)
    owner = await made.a_member(company, "product", name="Tarek Osman", email="tarek@kranich.example")
    await made.a_member(company, "admin", leads=True, email="henrike@kranich.example")
    await made.a_member(company, "comms", email="jule@kranich.example")
    await promised(company, "Steine mit Kerben verschicken", days=20, owner=owner.id)
    due_on = TODAY + timedelta(days=20)

    for day in (due_on - timedelta(days=8), due_on - timedelta(days=7), due_on, due_on + timedelta(days=1)):
        for _ in range(2):  # the clock strikes twice, or jumps back
            await watch(now=at_noon(day))
            await watch(now=at_noon(day) - timedelta(hours=1))
    await do_all_now()
    await mailing.send_due(now)

    assert sorted(mailbox.to) == [["henrike@kranich.example"], ["tarek@kranich.example"]]
    assert sorted(await fetch_column("select kind from mail")) == ["promise_late", "promise_near"]


async def test_whoever_is_handed_a_promise_due_the_same_day_is_told_that_day(pool, mailbox):
    company = await made.a_company()
    await made.mail_set_up(company, mailbox.port)
    first = await made.a_member(company, "product", email="tarek@kranich.example")
    second = await made.a_member(company, "product", email="jule@kranich.example")
    action = Action(company=company.id, title="Kerben", owner=first.id, created_by=first.id)
    await action.save()
    made_today = {"language": "de", "by": first.id, "now": at_noon(TODAY), "action": action.id}
    await commands.make_promise(company.id, PromiseKind.ACTION, "Steine verschicken", TODAY, **made_today)

    await watch(now=at_noon(TODAY))
    assert await fetch_column("select owner_told_on from promise") == [None], "who promised it today knows"
    await commands.hand_over_action(company.id, action.id, second.id, now=at_noon(TODAY))
    for _ in range(2):
        await watch(now=at_noon(TODAY))
    await do_all_now()
    await mailing.send_due(now)

    assert mailbox.to == [["jule@kranich.example"]]


async def test_whoever_is_handed_a_promise_in_its_last_hour_is_told_although_the_clock_comes_too_late(
    pool, mailbox
):
    company = await made.a_company()
    await made.mail_set_up(company, mailbox.port)
    first = await made.a_member(company, "product", email="tarek@kranich.example")
    second = await made.a_member(company, "product", email="jule@kranich.example")
    await made.a_member(company, "admin", leads=True, email="henrike@kranich.example")
    action = Action(company=company.id, title="Kerben", owner=first.id, created_by=first.id)
    await action.save()
    other = Action(company=company.id, title="Anderes", owner=first.id, created_by=first.id)
    await other.save()
    for one in (action, other):
        made_today = {"language": "de", "by": first.id, "now": at_noon(TODAY), "action": one.id}
        await commands.make_promise(company.id, PromiseKind.ACTION, "Steine verschicken", TODAY, **made_today)
    half_past_eleven = at_noon(TODAY) + timedelta(hours=11, minutes=30)

    for _ in range(2):  # a form that is sent twice
        await commands.hand_over_action(company.id, action.id, second.id, now=half_past_eleven)
    await do_all_now()
    await mailing.send_due(now)
    assert mailbox.to == [["jule@kranich.example"]], "at once, and of no other promise"

    await watch(now=half_past_eleven + timedelta(minutes=42))
    await do_all_now()
    await mailing.send_due(now)
    assert sorted(mailbox.to) == [["henrike@kranich.example"]] * 2 + [["jule@kranich.example"]]


async def test_the_owner_reads_what_comes_and_where_to_act(pool, mailbox):
    company = await made.a_company()
    await made.mail_set_up(company, mailbox.port)
    owner = await made.a_member(company, "product", email="tarek@kranich.example", language="en")
    await made.a_member(company, "admin", leads=True, email="henrike@kranich.example")
    await promised(company, "Steine mit Kerben verschicken", days=20, owner=owner.id)

    await watch(now=at_noon(TODAY + timedelta(days=14)))
    await do_all_now()
    await mailing.send_due(now)

    assert mailbox.to == [["tarek@kranich.example"]]
    text = mailbox.mails[0].get_body(("plain",)).get_content()
    assert mailbox.mails[0]["Subject"].startswith("A promise is due on")
    assert "Steine mit Kerben" in text
    assert "/desk/kranich/promises" in text


@pytest.mark.parametrize("ended", ["kept", "broken", "moved"])
async def test_who_has_nothing_to_do_any_more_gets_no_mail(pool, mailbox, ended):
    company = await made.a_company()
    await made.mail_set_up(company, mailbox.port)
    owner = await made.a_member(company, "admin", leads=True)
    promise_id = await promised(company, days=-3, owner=owner.id)
    await watch(now=made.NOW)
    told = {"by": owner, "now": made.NOW, "today": TODAY}

    if ended == "kept":
        await commands.mark_kept(company.id, promise_id, **told)
    elif ended == "broken":
        await commands.break_promise(company.id, promise_id, BreakForm("Es geht nicht mehr."), **told)
    else:
        await promised(company, days=30, instead_of=promise_id)
    await do_all_now()
    await mailing.send_due(now)

    assert mailbox.to == []


async def test_a_promise_of_somebody_who_has_left_goes_to_who_leads(pool, mailbox):
    company = await made.a_company()
    await made.mail_set_up(company, mailbox.port)
    gone = await made.a_member(company, "product", email="weg@kranich.example")
    await made.a_member(company, "admin", email="chef@kranich.example")
    await execute("update member set active = false where id = $1", gone.id)
    await promised(company, days=5, owner=gone.id)
    await execute("update promise set made_at = made_at - interval '9 days'")

    await watch(now=made.NOW)
    await do_all_now()
    await mailing.send_due(now)

    assert ["weg@kranich.example"] not in mailbox.to
    assert ["chef@kranich.example"] in mailbox.to


async def test_the_day_is_the_company_s_not_the_server_s(pool):
    """At noon in Greenwich it is tomorrow in Kiritimati already, and still today in Pago Pago."""
    noon = datetime(2026, 12, 20, 12, tzinfo=ZoneInfo("UTC"))
    red = []
    for slug, timezone in (("osten", "Pacific/Kiritimati"), ("westen", "Pacific/Pago_Pago")):
        company = await made.a_company(slug, timezone=timezone)
        member = await made.a_member(company, leads=True)
        await promised(company, days=(DUE - TODAY).days, owner=member.id)
        red.append(company.id)

    await watch(now=noon)

    assert await fetch_column("select company from promise where leaders_told_on is not null") == red[:1]


async def test_today_says_so_to_the_owner_and_to_who_leads(app, company):
    async with browser_of(app) as browser:
        leader = await made.signed_in(browser, company, "admin", leads=True)
        await promised(company, "Karten nachschicken", days=3, owner=leader.member.id)
        await promised(company, "Karton statt Plastik", days=-2)
        page = (await leader.get("/today")).text.replace("\xa0", " ")
        assert "Ein Versprechen von dir ist am" in page
        assert "Ein Versprechen ist überfällig" in page
    async with browser_of(app) as browser:
        reader = await made.signed_in(browser, company, "reader")
        page = (await reader.get("/today")).text
        assert "Versprechen von dir" not in page
        assert "Alle können das lesen" not in page
        assert "Karton statt Plastik" in page
        await promised(company, "Antwort an alle", days=-1, owner=reader.member.id)
        page = (await reader.get("/today")).text
        assert "Ein Versprechen ist überfällig" in page, "of their own, not of others"


async def test_where_it_is_tomorrow_already_the_owner_is_told_a_week_before_all_the_same(pool):
    """The server's day is the one before; seven days from there the promise is eight days away."""
    company = await made.a_company(timezone="Pacific/Kiritimati")
    member = await made.a_member(company)
    await promised(company, days=(DUE - TODAY).days, owner=member.id)

    await watch(now=datetime(2026, 12, 12, 9, 59, tzinfo=ZoneInfo("UTC")))
    assert await fetch_column("select owner_told_on from promise") == [None]
    await watch(now=datetime(2026, 12, 12, 10, 1, tzinfo=ZoneInfo("UTC")))

    assert await fetch_column("select owner_told_on from promise") == [date(2026, 12, 13)]
