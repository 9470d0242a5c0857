"""A mistake, from its first word to a verified entry, a mail, a receipt and a correction."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, Page, expect

from hearback.changenotes import commands
from hearback.changenotes.rules import NoteKind
from hearback.database.engine import connected
from hearback.ledger import verify
from hearback.ledger.signing import sign
from hearback.people.access import cookie_name
from tests import made
from tests.changenotes.ready import WORDS, Ready, ready
from tests.journeys.test_ledger import run, says
from tests.notifying.mailbox import Mailbox, a_mailbox
from tests.waiting import until

CODE = "7K4QM0000000000000000000AB"
SAID = {name: str(words) for name, words in WORDS[NoteKind.MISTAKE].items()}
SHIFTED = "Falls sich jemand gestört gefühlt haben sollte, bedauern wir das."
CHOSEN = ("did_state", "cause_kind", "noticed_by")
PATIENCE_MS = 30_000
WHY = "Wir haben 200 Schachteln übersehen."


@pytest.fixture
def mailbox(monkeypatch) -> Iterator[Mailbox]:
    monkeypatch.setenv("HEARBACK_MAIL_TO_PRIVATE_NETWORKS", "true")
    with a_mailbox() as box:
        yield box


@pytest.fixture
async def house(database, mailbox, site):
    """Notes of mistakes want a second pair of eyes here. Mia wrote to us and wants to hear what comes of it; Leo wants
    to hear all we say, corrections too."""
    async with connected():
        house = await ready(await made.a_company())
        await made.mail_set_up(house.company, mailbox.port)
        await commands.choose_four_eyes(house.company.id, [NoteKind.MISTAKE], by=house.leader, now=made.NOW)
        answer = await made.an_answer(
            house.company, house.question, "Meine Tochter kann sie nicht unterscheiden.", code=CODE
        )
        await made.placed(house.company, answer, house.theme)
        await made.a_follower(house.company, "mia@example.org", response=answer.id)
        await made.a_follower(house.company, "leo@example.org", corrections=True)
        yield house


async def test_a_mistake_from_its_first_word_to_its_correction(
    chromium, house, mailbox, site, computer, phone, tmp_path: Path
):
    desk = await at_work(computer, house.writer, site)
    draft = await begun(desk, house)
    await refused_while_rows_are_missing(desk)
    await all_said(desk, house)

    # Whoever wrote it is not offered to let it out; whoever leads is, and signs it.
    await expect(desk.get_by_role("button", name="Freigeben")).to_have_count(0)
    others = await chromium.new_context(base_url=site, locale="de-DE")
    leading = await at_work(others, house.leader, site)
    await leading.goto(draft)
    await leading.get_by_role("button", name="Freigeben").click()
    await leading.wait_for_url("**/kranich/log/**")
    entry = leading.url

    # It stands in the ledger; who asked for it hears by mail, and finds it on the receipt.
    await sign(house.company.id)
    assert await told(mailbox, 2) == ["leo@example.org", "mia@example.org"]
    fan = await phone.new_page()
    await fan.goto(f"/kranich/r#{CODE}")
    await fan.get_by_role("link", name=SAID["title"]).first.click()
    line = await kept_from(fan, "Die eine Fassung ist eingetragen.")
    await fan.get_by_role("link", name="Selbst nachprüfen").click()
    assert await says(fan) == "fits"
    key = await fan.locator("pre.shell").nth(1).inner_text()
    (program := tmp_path / "verify.py").write_bytes(
        await asyncio.to_thread(verify.get, f"{site}/kranich", "verify")
    )
    checking = [program, f"{site}/kranich/ledger", key]
    assert (await run(*checking)).startswith("OK: ")

    # Corrected by who leads, with a reason, and told to whoever wants to know; what stood there is still there.
    await leading.goto(draft)
    await leading.get_by_role("link", name="Notiz berichtigen").click()
    await leading.locator("#affected").fill(SAID["affected"].replace("3.400", "3.600"))
    await leading.locator("#why").fill(WHY)
    await leading.get_by_role("button", name="Berichtigung veröffentlichen").click()
    await expect(leading.locator("#history del")).to_have_text("3.400", timeout=PATIENCE_MS)
    await expect(leading.locator("#history ins")).to_have_text("3.600")
    await expect(leading.locator("#history")).to_contain_text(WHY)
    await others.close()
    await sign(house.company.id)
    assert await told(mailbox, 3) == ["leo@example.org", "leo@example.org", "mia@example.org"]
    assert WHY in mailbox.mails[2].get_body(("plain",)).get_content()

    await fan.goto(entry)
    await kept_from(fan, "Alle 2 Fassungen sind eingetragen")
    await fan.get_by_role("link", name="Selbst nachprüfen").click()
    assert await says(fan, line) == "since"
    (kept := tmp_path / "kept.txt").write_text(line)
    assert (await run(*checking, kept)).startswith("OK: ")
    await fan.goto(f"{entry}/history")
    await fan.locator("summary", has_text="Fassung 1").click()
    await expect(fan.get_by_text(SAID["affected"])).to_be_visible()


async def at_work(context: BrowserContext, member, site: str) -> Page:
    token = await made.a_session(member)
    await context.add_cookies([{"name": cookie_name(), "value": token, "url": site}])
    return await context.new_page()


async def begun(desk: Page, house: Ready) -> str:
    """The first words: saved by themselves, remarked on where they shift the blame. Gives the draft's address."""
    await desk.goto("/desk/kranich/notes/new")
    await desk.locator("[name=kind][value=mistake]").check()
    await desk.locator("[name=theme]").select_option(str(house.theme.id))
    await desk.get_by_role("button", name="Anfangen").click()
    await desk.locator("#title").fill(SAID["title"])
    await desk.locator("#sorry").fill(SHIFTED)
    await expect(desk.locator("#remarks-sorry .remark").first).to_be_visible(timeout=PATIENCE_MS)
    await desk.reload()
    await expect(desk.locator("#sorry")).to_have_value(SHIFTED)
    return desk.url


async def refused_while_rows_are_missing(desk: Page) -> None:
    """A grave remark is seen to first, then what is missing; what was written stays."""
    ask = desk.get_by_role("button", name="Um Freigabe bitten")
    await ask.click()
    await expect(desk.get_by_role("alert")).to_contain_text(
        "Eine ernste Anmerkung steht noch.", timeout=PATIENCE_MS
    )
    await expect(desk.locator("#sorry")).to_have_value(SHIFTED)
    await left_with_a_reason(desk)
    await desk.locator("#sorry").fill(SAID["sorry"])
    await expect(desk.locator("#remarks-sorry .remark")).to_have_count(0, timeout=PATIENCE_MS)  # saved, too
    await ask.click()
    for missing in ("was wir falsch gemacht haben.", "wen es trifft.", "wie es dazu kam."):
        await expect(desk.get_by_role("alert").get_by_text(f"Es fehlt, {missing}")).to_be_visible(
            timeout=PATIENCE_MS
        )
    await expect(desk.locator("#sorry")).to_have_value(SAID["sorry"])


async def left_with_a_reason(desk: Page) -> None:
    """One press begins the reason, which then stands beside the remark; on second thoughts it is taken back."""
    remark, reason = desk.locator("#remarks-sorry .remark").first, desk.locator("#stays")
    await remark.get_by_role("button", name="So lassen, mit Grund").click()
    await expect(reason).to_be_focused()
    assert (await reason.input_value()).endswith("“: ")
    await reason.press_sequentially("So sagt sie es selbst.")
    await expect(remark).to_contain_text("Bleibt so: So sagt sie es selbst.", timeout=PATIENCE_MS)
    await expect(reason).to_be_focused()
    await reason.fill("")
    await expect(remark.get_by_role("button")).to_be_visible(timeout=PATIENCE_MS)


async def all_said(desk: Page, house: Ready) -> None:
    """Every row, signed by whoever leads; it waits for its release."""
    await desk.locator("#signed_by").select_option(str(house.leader.id))
    for name, words in SAID.items():
        field = desk.locator(f"#{name}")
        await (field.select_option(words) if name in CHOSEN else field.fill(words))
    await expect(desk.locator("#vorschau")).to_contain_text(
        SAID["closing_question"], timeout=PATIENCE_MS
    )  # saved, too
    await desk.get_by_role("button", name="Um Freigabe bitten").click()
    await desk.get_by_text("Fertig, wartet seit").first.wait_for()


async def told(mailbox: Mailbox, number: int) -> list[str]:
    """To whom that many mails went; the worker sends them by itself."""

    async def came() -> bool:
        return len(mailbox.mails) >= number

    await until(came, 60)
    return sorted(to for mail in mailbox.to for to in mail)


async def kept_from(page: Page, versions: str) -> str:
    """The signature under an entry, as soon as the page knows all its versions signed."""
    more = page.get_by_text("Für Technikinteressierte")

    async def signed() -> bool:
        await page.reload()
        return await page.get_by_text(versions).count() == 1 and await more.count() == 1

    await until(signed, 30)
    await more.click()
    return await page.locator("code.keep").inner_text()
