"""Promises in the reader's language, wherever they stand; their titles stay as they were written."""

from datetime import timedelta

import pytest

from hearback.changenotes.rules import NoteKind
from hearback.clock import now
from hearback.database.engine import execute
from hearback.jobs import do_all_now
from hearback.notifying import commands as mailing
from hearback.notifying import jobs as _notifying  # noqa: F401  (registers who is told)
from hearback.promises.rules import PromiseKind
from hearback.promises.watching import watch
from tests import made
from tests.changenotes.ready import ready
from tests.conftest import browser_of
from tests.notifying.mailbox import a_mailbox
from tests.promises.test_promises import promised


@pytest.fixture
async def house(company):
    return await ready(company)


@pytest.mark.parametrize("path", ["/promises", "/log", ""])
async def test_an_english_reader_is_told_in_english_what_was_promised_in_german(fan, house, path):
    await house.published(NoteKind.HOLDING)

    page = (await fan.get(f"/kranich{path}?lang=en")).text

    assert '<span lang="en">Next word: <span lang="de">Nebelfähre: Wir sind' in page
    assert "Nächstes Wort:" not in page
    assert "Nächstes Wort: Nebelfähre" in (await fan.get(f"/kranich{path}")).text


@pytest.mark.parametrize("path", ["promises", "today", "notes"])
async def test_so_is_the_team(app, house, path):
    await house.published(NoteKind.HOLDING)
    await execute("update promise set due_on = $1 where kind = 'next_word'", made.today() + timedelta(days=1))
    async with browser_of(app) as browser:
        desk = await made.signed_in(browser, house.company, "admin", language="en")

        page = (await desk.get(f"/{path}")).text

    assert '<span lang="en">Next word: <span lang="de">Nebelfähre: Wir sind' in page


async def test_so_is_whoever_owns_it_by_mail(house, set_env):
    set_env("HEARBACK_MAIL_TO_PRIVATE_NETWORKS", "true")
    await house.published(NoteKind.HOLDING)
    await execute("update member set language = 'en' where id = $1", house.writer.id)
    with a_mailbox() as mailbox:
        await made.mail_set_up(house.company, mailbox.port)
        await execute(
            "update promise set due_on = $1 where kind <> 'next_word'", made.today() + timedelta(days=90)
        )
        await watch(now=now() + timedelta(days=15))
        await do_all_now()
        await mailing.send_due(now)

    told = mailbox.mails[0].get_body(("plain",)).get_content()
    assert "Next word: Nebelfähre" in told
    assert "Nächstes Wort" not in told


async def test_a_question_that_waits_is_named_as_it_was_translated(fan, company):
    question = await made.a_question(
        company, translations={"en": {"title": "Where did the rules leave you alone?"}}
    )
    await promised(company, "Antwort", kind=PromiseKind.REPLY, question=question.id)

    page = (await fan.get("/kranich/promises?lang=en")).text

    assert ">Where did the rules leave you alone?</a>" in page
    assert question.title not in page
    assert question.title in (await fan.get("/kranich/promises")).text
