"""A closed group answers with its links, a campaign is looked at and counted, and a mailbox confirms an answer."""

import re
from collections.abc import Iterator

import httpx
import pytest
from axe_playwright_python.async_playwright import Axe

from hearback.answering import judging, queries
from hearback.database.engine import connected, fetch_value
from hearback.people.access import cookie_name
from tests import made
from tests.notifying.mailbox import Mailbox, a_mailbox
from tests.waiting import until

WORDS = "Rot und Grün sehen für meine Tochter gleich aus."
SAME = "Bitte legt der zweiten Auflage eine Kurzübersicht für jeden Spieler bei."


@pytest.fixture
def mailbox(monkeypatch) -> Iterator[Mailbox]:
    monkeypatch.setenv("HEARBACK_MAIL_TO_PRIVATE_NETWORKS", "true")
    with a_mailbox() as box:
        yield box


@pytest.fixture
async def house(database, site, computer):
    """A company, and its moderator signed in at a computer."""
    async with connected():
        company = await made.a_company()
        jule = await made.a_member(company, name="Jule Brandt")
        await computer.add_cookies(
            [{"name": cookie_name(), "value": await made.a_session(jule), "url": site}]
        )
        yield company, jule


async def answer(page, words: str) -> None:
    await page.get_by_label("Erzähl, wie es war").fill(words)
    await page.get_by_role("button", name="Antwort abschicken").click()
    await page.get_by_role("heading", name="Danke. Deine Antwort ist angekommen.").wait_for()


async def test_a_closed_group_gets_links_and_each_is_good_for_one_answer(house, computer, phone):
    company, jule = house
    question = await made.a_question(company, by=jule, slug="kreis", level="invited")
    desk = await computer.new_page()
    await desk.goto(f"/desk/kranich/questions/{question.id}/links")
    await desk.get_by_label("Wie viele?").fill("3")
    await desk.get_by_text("Als Liste zum Drucken und Ausschneiden").click()
    await desk.get_by_role("button", name="Links machen").click()
    await desk.get_by_text("Diese Links gibt es nur jetzt").wait_for()
    links = re.findall(r"http://\S+\?link=\S+", await desk.inner_text("main"))
    assert len(links) == 3

    fan = await phone.new_page()
    await fan.goto(links[0])
    await answer(fan, WORDS)

    await fan.goto(links[0])
    await fan.get_by_role("heading", name="Mit diesem Link wurde schon geantwortet.").wait_for()
    assert await fan.get_by_role("textbox", name="Erzähl, wie es war").count() == 0
    await fan.goto("/kranich/ask/kreis/counting")
    assert "Hier antwortet, wer einen Link bekommen hat." in await fan.inner_text("main")
    assert (await queries.sums(company.id, question.id)).counted == 1
    await desk.goto(f"/desk/kranich/questions/{question.id}/links")
    await desk.get_by_text("3 Links gemacht, 1 benutzt.").wait_for()


async def post_many(site: str, path: str, count: int) -> None:
    """Each from a browser of its own, as people do who pass a text on."""
    async with httpx.AsyncClient(base_url=site) as programs:
        for number in range(count):
            programs.headers["user-agent"] = f"Browser {number}"
            page = (await programs.get(path)).text
            key = re.search(r'name="key" value="([0-9a-f]{32})"', page)[1]
            prompt = re.search(r'<textarea[^>]* name="(p[0-9a-f]{32})"', page)[1]
            sent = await programs.post(f"{path}/answers", data={"key": key, prompt: SAME, "quoting": "no"})
            assert sent.status_code == 201


async def test_forty_with_the_same_words_wait_for_a_look_and_are_counted_in_one_act(
    site, house, computer, phone, phone_without_scripts
):
    company, jule = house
    question = await made.a_question(company, by=jule, slug="auflage")
    path = "/kranich/ask/auflage"
    await post_many(site, path, 38)
    for number, device in enumerate((phone, phone_without_scripts)):
        page = await device.new_page()
        await page.set_extra_http_headers({"user-agent": f"Telefon {number}"})
        await page.goto(path)
        await answer(page, SAME)
    await judging.judge_new()
    assert await fetch_value("select count(*) from response where flag = 'same_wording'") == 39

    fan = await phone.new_page()
    await fan.goto(f"{path}/counting")
    shown = await fan.inner_text("main")
    assert "Bis jetzt sind 40 Antworten eingegangen." in shown
    assert "Mehrere Antworten haben denselben Wortlaut. Eine davon zählt schon." in shown

    desk = await computer.new_page()
    await desk.goto("/desk/kranich/today")
    waits = await desk.get_by_role("region", name="Wartet auf einen Blick").inner_text()
    assert "denselben Wortlaut" in waits
    assert "39 Antworten" in waits
    await desk.goto("/desk/kranich/inbox?show=held")
    await desk.get_by_role("button", name="Alle 39 zählen").click()
    await desk.wait_for_url("**/inbox?show=held")
    await desk.get_by_role("button", name="Alle 39 zählen").wait_for(state="detached")

    sums = await queries.sums(company.id, question.id)
    assert (sums.counted, sums.held, sums.set_aside) == (40, 0, 0)
    await fan.reload()
    assert "Warten auf einen Blick" not in await fan.inner_text("main")


async def faults(page) -> list[str]:
    return [violation["id"] for violation in (await Axe().run(page)).response["violations"]]


async def test_an_answer_counts_once_its_mailbox_says_so(mailbox, house, phone, phone_without_scripts):
    company, jule = house
    await made.mail_set_up(company, mailbox.port)
    question = await made.a_question(company, by=jule, slug="bestaetigt", level="confirmed")
    page = await phone.new_page()
    await page.goto("/kranich/ask/bestaetigt")
    assert await faults(page) == []
    await page.get_by_label("Deine Mailadresse").fill("mia@example.org")
    await answer(page, WORDS)
    await page.get_by_text("Noch ein Schritt: Schau in dein Postfach.").wait_for()
    assert await faults(page) == []

    async def came() -> bool:
        return bool(mailbox.mails)

    await until(came, 60)  # the worker sends it by itself
    text = mailbox.mails[0].get_body(("plain",)).get_content()
    await page.goto(re.search(r"http://\S+/confirm/\S+", text)[0])
    assert await faults(page) == []
    assert (await queries.sums(company.id, question.id)).counted == 0

    other = await phone_without_scripts.new_page()
    await other.goto(page.url)
    await other.get_by_role("button", name="Ja, sie soll zählen").click()
    await other.get_by_role("heading", name="Danke, deine Antwort ist bestätigt.").wait_for()
    assert (await queries.sums(company.id, question.id)).counted == 1
