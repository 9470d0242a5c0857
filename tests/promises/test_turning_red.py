"""With the clock moved and nothing else, a promise turns red wherever it stands, and stops when it is kept."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from hearback.promises import commands
from hearback.promises.forms import NewDateForm
from hearback.web import remembering
from tests import made
from tests.promises.test_promises import TODAY, promised
from tests.waiting import until

BERLIN = ZoneInfo("Europe/Berlin")
DUE = TODAY + timedelta(days=9)
LAST_MINUTE = datetime(DUE.year, DUE.month, DUE.day, 23, 59, 59, tzinfo=BERLIN)
PLACES = ("promises.public", "promises.desk", "today.desk", "changenotes.public")


def read(page):
    return page.text.replace("\xa0", " ")


@pytest.fixture
def clock(monkeypatch):
    def stands_at(moment):
        for place in PLACES:
            monkeypatch.setattr(f"hearback.{place}.now", lambda: moment)

    return stands_at


async def test_until_the_last_second_of_its_day_it_is_in_time(fan, desk, company, clock):
    await promised(company, "Karten nachschicken", days=9)
    clock(LAST_MINUTE)

    for page in (
        await fan.get("/kranich/promises"),
        await fan.get("/kranich/log"),
        await desk.get("/promises"),
    ):
        assert "Karten nachschicken" in page.text
        assert 'class="late"' not in page.text


@pytest.mark.parametrize(
    ("later", "said"),
    [
        (timedelta(seconds=1), "1 Tag überfällig"),
        (timedelta(days=1, seconds=1), "2 Tage überfällig"),
        (timedelta(days=40, seconds=1), "41 Tage überfällig, viel zu lange"),
    ],
)
async def test_a_second_later_it_is_red_everywhere_and_on_top_of_the_log(
    fan, desk, company, clock, later, said
):
    await promised(company, "Karten nachschicken", days=9)
    await promised(company, "Danach noch etwas", days=200)
    theme = await made.a_theme(company)
    await made.a_public_note(company, theme, by=desk.member)
    clock(LAST_MINUTE + later)

    public, log = read(await fan.get("/kranich/promises")), read(await fan.get("/kranich/log"))

    assert said in public
    assert "1 überfällig" in public
    assert log.index("Karten nachschicken") < log.index(said) < log.index("Danach noch etwas")
    assert log.index(said) < log.index("Steine mit Kerben"), "above the entries"
    assert said in read(await desk.get("/promises"))
    assert 'class="late">überfällig' in read(await desk.get("/today"))


async def test_kept_on_a_later_day_it_is_late_for_ever(fan, company, clock):
    promise_id = await promised(company, "Karten nachschicken", days=9)
    member = await made.a_member(company)
    await commands.keep_promise(company.id, promise_id, by=member.id, today=DUE + timedelta(days=3))
    clock(LAST_MINUTE + timedelta(days=500))

    page = read(await fan.get("/kranich/promises"))

    assert "gehalten, 3 Tage zu spät" in page
    assert "1 überfällig" not in page


async def test_all_that_is_overdue_stands_on_top_and_why_a_day_was_moved(fan, company, clock):
    member = await made.a_member(company)
    late = [await promised(company, f"Paket {number}", days=9) for number in range(6)]
    await promised(company, "Danach noch etwas", days=200)
    why = "Die Stanze ist kaputt."
    form = NewDateForm(DUE + timedelta(days=30), why)
    await commands.set_new_date(company.id, late[0], form, by=member, now=made.NOW, today=TODAY)
    clock(LAST_MINUTE + timedelta(days=1))

    for path in ("/kranich/log", "/kranich"):
        page = read(await fan.get(path))
        assert all(f"Paket {number}" in page for number in range(6)), path
        assert page.index("Das alte bleibt hier stehen.") < page.index(why), path
        assert "Danach noch etwas" not in page, path


async def test_a_page_that_is_kept_is_not_kept_beyond_the_day_it_speaks_of(fan, company, clock, monkeypatch):
    """No news comes at midnight; the page itself has to know when it ends."""
    await promised(company, "Karten nachschicken", days=9)

    def stands_at(moment):
        clock(moment)
        monkeypatch.setattr(remembering, "time", SimpleNamespace(time=moment.timestamp))

    async def kept():
        await fan.get("/kranich/promises")
        return len(remembering.PAGES_KEPT) > 0

    stands_at(LAST_MINUTE - timedelta(seconds=2))
    await until(kept)
    assert "bald fällig" in read(await fan.get("/kranich/promises"))
    stands_at(LAST_MINUTE + timedelta(seconds=1))

    assert "1 Tag überfällig" in read(await fan.get("/kranich/promises"))
