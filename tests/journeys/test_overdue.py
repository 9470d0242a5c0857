"""A promise is made, comes near, turns red by the clock alone, and is moved with a reason, or kept too late."""

import multiprocessing
from datetime import timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import expect

from hearback import clock
from hearback.clock import now
from hearback.people.access import cookie_name
from hearback.promises.commands import make_promise
from hearback.promises.jobs import watch_promises
from hearback.promises.rules import PromiseKind
from tests import made
from tests.journeys import conftest
from tests.journeys.ahead import dates_of, hearback_ahead
from tests.notifying.mailbox import a_mailbox
from tests.waiting import until

TITLE = "Was fehlt euch zu zweit?"
REPAIR = "Karten nachschicken"
WHY = "Die neue Variante ist noch nicht getestet."
BERLIN = ZoneInfo("Europe/Berlin")
DAY_S = 24 * 60 * 60


@pytest.fixture
def ahead(monkeypatch):
    """Seconds by which the clock of this test and of its site runs ahead: to noon, so that no day ends on the way."""
    real = now().astimezone(BERLIN)
    noon = real.replace(hour=12, minute=0) + timedelta(days=1)
    seconds = multiprocessing.get_context("forkserver").Value(
        "q", int((noon - real).total_seconds()), lock=False
    )
    monkeypatch.setattr(conftest, "hearback", partial(hearback_ahead, seconds))
    monkeypatch.setattr(clock, "datetime", dates_of(seconds))
    return seconds


@pytest.fixture
def mailbox(monkeypatch):
    monkeypatch.setenv("HEARBACK_MAIL_TO_PRIVATE_NETWORKS", "true")
    with a_mailbox() as box:
        yield box


async def test_a_promise_turns_red_by_the_clock_alone_and_is_moved_or_kept_late(
    ahead, pool, mailbox, site, phone_without_scripts, computer
):
    today = now().astimezone(BERLIN).date()
    company = await made.a_company()
    await made.mail_set_up(company, mailbox.port)
    jule = await made.a_member(company, "comms", name="Jule Brandt", email="jule@kranich.example")
    await made.a_member(company, "reader", leads=True, email="henrike@kranich.example")
    await made.a_public_note(company, await made.a_theme(company), by=jule)
    due_on = today + timedelta(days=9)
    draft = await made.a_question(
        company,
        by=jule,
        title=TITLE,
        state="draft",
        opens_at=now() - timedelta(hours=1),
        closes_at=now() + timedelta(days=4),
        reply_by=due_on,
    )
    by = {"language": "de", "by": jule.id, "now": now()}
    await make_promise(company.id, PromiseKind.REPAIR, REPAIR, due_on, **by)
    await computer.add_cookies([{"name": cookie_name(), "value": await made.a_session(jule), "url": site}])
    desk, fan = await computer.new_page(), await phone_without_scripts.new_page()

    async def everybody_reads(path, *said):
        """Once the page has heard the news."""

        async def told():
            await fan.goto(path)
            page = (await fan.locator("main").inner_text()).replace("\xa0", " ")
            return all(words in page for words in said)

        await until(told, 60)

    async def all_mails(*expected):
        async def came():
            return len(mailbox.mails) >= len(expected)

        await until(came, 60)
        assert [
            (to[0], mail["Subject"].split()[0]) for to, mail in zip(mailbox.to, mailbox.mails, strict=True)
        ] == [*expected]

    # Comms opens a question, and with it promises a reply.
    await desk.goto(f"/desk/kranich/questions/{draft.id}")
    await desk.get_by_role("button", name="Frage öffnen").click()
    await desk.get_by_role("link", name="Antwort versprochen zum").wait_for()
    await everybody_reads("/kranich/promises", TITLE, REPAIR, "2 laufen")
    await expect(fan.locator("main .late")).to_have_count(0)

    # Three days later it is near: whoever sees to it is told once, and nothing is red yet.
    ahead.value += 3 * DAY_S
    for _ in range(2):
        await watch_promises()
    near = [("jule@kranich.example", "Am")] * 2
    await all_mails(*near)
    await desk.goto("/desk/kranich/today")
    await expect(desk.get_by_text("2 Versprechen von dir sind bald fällig")).to_be_visible()
    for path in ("/kranich/promises", "/kranich/log", "/kranich"):
        await everybody_reads(path, TITLE)
        await expect(fan.locator("main .late")).to_have_count(0)

    # Seven days more, and it is red wherever everybody looks: on the log above its entries. Leadership is told once.
    ahead.value += 7 * DAY_S
    for path in ("/kranich/log", "/kranich", "/kranich/promises"):
        await everybody_reads(path, TITLE, "1 Tag überfällig", "2 überfällig")
        await expect(fan.locator("main .late", has_text="1 Tag überfällig")).to_have_count(2)
    await fan.goto("/kranich/log")
    log = await fan.locator("main").inner_text()
    assert log.index("überfällig") < log.index("Steine mit Kerben"), "above the entries"
    for _ in range(2):
        await watch_promises()
    await all_mails(*near, *[("henrike@kranich.example", "Seit")] * 2)

    # One is done late, and stays late; the other gets a new day, for a reason, and its old one stays beside it.
    await desk.goto("/desk/kranich/promises")
    await desk.get_by_role("link", name="Sagen, dass es gehalten ist").click()
    await desk.get_by_label("Was wir getan haben").fill("Alle Steine sind seit gestern in der Post.")
    await desk.get_by_role("button", name="Öffentlich sagen").click()
    await expect(desk.get_by_text("gehalten, 1 Tag zu spät")).to_be_visible()
    await desk.get_by_role("link", name="Neues Datum nennen").click()
    await desk.get_by_label("Neues Datum").fill((due_on + timedelta(days=20)).isoformat())
    await desk.get_by_label("Warum der Tag sich verschiebt").fill(WHY)
    await desk.get_by_role("button", name="Öffentlich versprechen").click()
    await expect(desk.get_by_text(WHY)).to_be_visible()
    await everybody_reads(
        "/kranich/promises",
        "gehalten, 1 Tag zu spät",
        "1 Tag überfällig",
        "Das alte bleibt hier stehen.",
        WHY,
        "1 zu spät, 1 überfällig, 1 läuft",
    )
    await everybody_reads("/kranich/log", "Das alte bleibt hier stehen.", "1 Tag überfällig")
