"""Somebody wants to know what becomes of their answer, hears it by mail, says how it is, and wants no more."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from hearback.clock import now
from hearback.database.engine import fetch_value, transaction
from hearback.jobs import do_later
from hearback.notifying import commands
from tests import made
from tests.notifying.mailbox import Mailbox, a_mailbox
from tests.waiting import until

CODE = "7K4QM0000000000000000000AB"


@pytest.fixture
def mailbox(monkeypatch) -> Iterator[Mailbox]:
    monkeypatch.setenv("HEARBACK_MAIL_TO_PRIVATE_NETWORKS", "true")
    with a_mailbox() as box:
        yield box


async def the_mail(mailbox: Mailbox, number: int) -> str:
    """The text of that mail; the worker sends it by itself."""

    async def came() -> bool:
        return len(mailbox.mails) >= number

    await until(came, 60)
    return mailbox.mails[number - 1].get_body(("plain",)).get_content()


async def test_from_the_receipt_to_the_mailbox_and_back_without_scripts(
    pool, mailbox, site, phone_without_scripts
):
    company = await made.a_company()
    await made.mail_set_up(company, mailbox.port)
    tarek = await made.a_member(company, name="Tarek Osman", role_title="Produktion")
    theme = await made.a_theme(company)
    answer = await made.an_answer(company, await made.a_question(company, by=tarek), code=CODE)
    await made.placed(company, answer, theme, by=tarek)
    page = await phone_without_scripts.new_page()

    await page.goto("/kranich/r")
    await page.get_by_label("Code").fill(CODE)
    await page.get_by_role("button", name="öffnen").click()
    await page.get_by_text("Per Mail erfahren, was daraus wird").click()
    await page.get_by_label("Deine Mailadresse").fill("mia@example.org")
    await page.get_by_role("button", name="Schreibt mir").click()
    await page.get_by_text("Schau in dein Postfach").wait_for()

    await page.goto(re.search(r"http://\S+/mail/yes/\S+", await the_mail(mailbox, 1))[0])
    await page.get_by_role("button", name="Ja, schreibt mir").click()
    await page.get_by_text("Danke, wir schreiben dir").wait_for()

    note = await made.a_public_note(
        company, theme, by=tarek, at=now() - timedelta(weeks=5), did="Kerben in allen Steinen."
    )
    async with transaction():
        await do_later("notifying.note_published", company_id=company.id, note_id=note.id)
    assert "Kerben in allen Steinen." in await the_mail(mailbox, 2)
    await commands.ask_back(now=now())

    await page.goto(re.search(r"http://\S+/back/\S+", await the_mail(mailbox, 3))[0])
    await page.get_by_role("button", name="Besser").click()
    await page.get_by_role("heading", name="Danke").wait_for()
    await page.goto(f"/kranich/log/{note.slug}")
    await page.get_by_text("Und einige Wochen später?").wait_for()

    # That was the last promised mail: the address is gone.
    async def gone() -> bool:
        return await fetch_value("select count(*) from follower") == 0

    await until(gone, 30)
    assert await fetch_value("select count(*) from mail where state = 'sent'") == 3
