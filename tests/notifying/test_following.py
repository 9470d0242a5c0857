"""Following by mail: with a yes from the mailbox, and out again by one click; nobody learns whose address we know."""

import re
from datetime import timedelta

import pytest

from hearback.database.engine import execute, fetch_column, fetch_value, transaction
from hearback.jobs import do_all_now, do_later
from hearback.notifying import commands
from hearback.notifying.commands import outbox
from hearback.notifying.rules import Trouble
from hearback.notifying.tables import Follower, Mail
from hearback.web import live
from tests import made

CODE = "7K4QM0000000000000000000AB"


@pytest.fixture
async def answered(company, mailbox):
    """Somebody answered, and the company sends mails."""
    await made.mail_set_up(company, mailbox.port)
    question = await made.a_question(company, title="Wie war die Anleitung?")
    return await made.an_answer(company, question, code=CODE)


def links(mail) -> list[str]:
    text = mail.get_body(("plain",)).get_content()
    return [link.removeprefix("http://test") for link in re.findall(r"http://test/\S+", text)]


async def asked(fan, path: str = "/kranich/r/mail", **more):
    return await fan.post(path, data={"code": CODE, "address": "Mia@example.org"} | more)


async def test_from_the_receipt_to_a_mail_and_out_again_by_one_click(fan, company, answered, mailbox):
    page = await asked(fan)
    assert "Schau in dein Postfach" in page.text
    assert "mia@example.org" not in page.text
    await do_all_now()
    confirming = mailbox.newest_to("mia@example.org")
    assert "Wie war die Anleitung?" in confirming.get_body(("plain",)).get_content()
    assert "Die Steine sehen gleich aus" not in confirming.as_string()

    yes = links(confirming)[0]
    assert "Sollen wir dir schreiben?" in (await fan.get(yes)).text
    assert await fetch_column("select confirmed_on from follower") == [None]
    assert "Danke, wir schreiben dir" in (await fan.post(yes)).text

    by = await made.a_member(company, name="Tarek Osman")
    theme = await made.a_theme(company)
    await made.placed(company, answered, theme, by=by)
    note = await made.a_public_note(company, theme, by=by, did="Kerben in allen Steinen.")
    await tell(company, note)
    told = mailbox.newest_to("mia@example.org")
    words = told.get_body(("plain",)).get_content()
    assert "> Die Steine sehen gleich aus." in words
    assert "Kerben in allen Steinen." in words
    assert "Mail 1 von höchstens 2" in words
    assert told["References"] == confirming["Message-ID"]

    stop = told["List-Unsubscribe"].strip("<>").removeprefix("http://test")
    assert "Keine Mails mehr?" in (await fan.get(stop)).text
    assert await Follower.count() == 1
    page = await fan.post(
        stop,
        content="List-Unsubscribe=One-Click",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert page.status_code == 200
    assert await Follower.count() == 0


async def tell(company, note):
    async with transaction():
        await do_later("notifying.note_published", company_id=company.id, note_id=note.id)
    await do_all_now()


async def test_the_receipt_shows_who_is_told_and_forgets_them_by_one_click(fan, company, answered, mailbox):
    await made.a_follower(company, response=answered.id)
    page = await fan.post("/kranich/r", data={"code": CODE})
    assert "m…@example.org bekommt Mails" in page.text

    page = await fan.post("/kranich/r/mail/stop", data={"code": CODE})
    assert "Die Adresse ist gelöscht" in page.text
    assert await Follower.count() == 0


async def test_who_has_no_code_changes_nothing(fan, company, answered):
    await made.a_follower(company, response=answered.id)
    for path in ("/kranich/r/mail", "/kranich/r/mail/stop"):
        page = await fan.post(path, data={"code": "0" * 26, "address": "x@example.org"})
        assert page.status_code == 422
    assert await Follower.count() == 1


@pytest.mark.parametrize("known", ["confirmed", "asked", "silenced", "unknown"])
async def test_nobody_learns_whether_an_address_is_known(fan, company, answered, mailbox, known):
    if known in ("confirmed", "asked"):
        await made.a_follower(company, **({"confirmed_on": None} if known == "asked" else {}))
    if known == "silenced":
        await made.a_follower(company)
        key = await fetch_value("select address_key from follower")
        await outbox.silence(company.id, key, Trouble.COMPLAINED, now=made.NOW)
    page = await fan.post("/kranich/follow", data={"address": "mia@example.org"})
    await do_all_now()

    assert page.status_code == 200
    assert page.text == (await fan.post("/kranich/follow", data={"address": "noch-nie@example.net"})).text
    assert len([to for to in mailbox.to if to == ["mia@example.org"]]) == (known == "unknown")


async def test_a_wrong_address_is_said_and_kept(fan, company, answered):
    page = await asked(fan, address="mia@example")
    assert page.status_code == 422
    assert 'value="mia@example"' in page.text
    assert await Mail.count() == 0


async def test_without_mail_there_is_no_form_but_the_other_ways(fan, company):
    page = await fan.get("/kranich/follow")
    assert 'name="address"' not in page.text
    assert "Wir schreiben dir" not in page.text
    assert "/kranich/log.atom" in page.text
    page = await fan.post("/kranich/follow", data={"address": "mia@example.org"})
    assert page.status_code == 422
    assert await Follower.count() == 0


async def test_one_network_cannot_ask_for_many_and_one_address_is_not_asked_often(
    fan, company, answered, mailbox
):
    for n in range(20):
        assert (await fan.post("/kranich/follow", data={"address": f"fan{n}@example.org"})).status_code == 200
    assert (await fan.post("/kranich/follow", data={"address": "fan99@example.org"})).status_code == 429
    assert await Follower.count() == 20


async def test_an_address_gets_at_most_three_questions_a_day(company, answered, mailbox):
    theme = await made.a_theme(company)
    asked = {"secret": "s" * 40, "language": "de", "now": made.NOW}
    for n, what in enumerate(
        [{}, {"theme": theme.id}, {"question": answered.question}, {"response": answered.id}]
    ):
        await commands.ask_to_follow(company.id, "mia@example.org", network=str(n), **asked, **what)
    assert await Mail.count() == 3


async def test_who_does_not_confirm_is_forgotten_after_three_days(fan, company, answered, mailbox):
    await asked(fan)
    await do_all_now()
    yes = links(mailbox.mails[0])[0]
    await execute("update follower set asked_on = asked_on - 4")
    assert (await fan.post(yes)).status_code == 404
    await commands.purge(today=made.today())

    assert await Follower.count() == 0
    assert "Dieser Link gilt nicht mehr" in (await fan.get(yes)).text


async def test_a_link_of_one_list_stops_no_other_and_made_up_ones_nothing(fan, company, answered, mailbox):
    first = await made.a_follower(company)
    await made.a_follower(company, response=answered.id)
    reiher = await made.a_company("reiher")
    await asked(fan, address="leo@example.org")
    await do_all_now()
    yes, stop = links(mailbox.mails[0])[:2]
    token = yes.rpartition("/")[2]
    for wrong in (
        f"/kranich/mail/{token}",
        f"/{reiher.slug}/mail/{stop.rpartition('/')[2]}",
        f"/kranich/mail/{first.id}",
        "/kranich/mail/x",
    ):
        assert (await fan.post(wrong)).status_code == 200
    assert await Follower.count() == 3


async def test_erasing_an_answer_forgets_who_was_told_of_it_and_what_waits(fan, company, answered):
    await made.a_follower(company, response=answered.id)
    await made.a_follower(company, "leo@example.org")
    page = await fan.post("/kranich/r/erasure", data={"code": CODE, "sure": "yes"})
    assert page.status_code == 200
    assert await fetch_column("select what from follower") == ["log"]


async def test_only_public_themes_and_questions_can_be_followed(fan, company, answered):
    theme = await made.a_theme(company)
    draft = await made.a_question(company, state="draft")
    for what in (f"theme={theme.id}", "theme=x", f"question={draft.slug}"):
        assert (await fan.get(f"/kranich/follow?{what}")).status_code == 404
    for n in range(5):
        question = answered.question if n == 0 else None
        row = (
            answered
            if question
            else await made.an_answer(company, await made.a_question(company), code=f"{n}" * 26)
        )
        await made.placed(company, row, theme)
    page = await fan.get(f"/kranich/follow?theme={theme.id}")
    assert "beim Thema „Rote und grüne Steine“" in page.text


async def test_the_readers_language_and_form_of_address_hold(fan, app, mailbox):
    sie = await made.a_company("bahn", name="Bahn", address="sie")
    await made.mail_set_up(sie, mailbox.port)
    await fan.post("/bahn/follow", data={"address": "mia@example.org"})
    await fan.post("/bahn/follow?lang=en", data={"address": "leo@example.org"})
    await do_all_now()

    assert mailbox.newest_to("mia@example.org")["Subject"] == "Bahn: Sollen wir Ihnen schreiben?"
    assert mailbox.newest_to("leo@example.org")["Subject"] == "Bahn: shall we write to you?"
    assert "?lang=en" in links(mailbox.newest_to("leo@example.org"))[0]


async def test_an_address_is_kept_for_a_year_at_most(company, answered):
    await made.a_follower(company, confirmed_on=made.today() - timedelta(days=366))
    await made.a_follower(company, "leo@example.org", confirmed_on=made.today() - timedelta(days=300))
    await commands.purge(today=made.today())
    assert await Follower.count() == 1


async def test_who_took_the_answer_back_can_still_delete_the_address(fan, company, answered):
    await made.a_follower(company, response=answered.id)
    await fan.post("/kranich/r/withdrawal", data={"code": CODE, "sure": "yes"})
    page = await fan.post("/kranich/r", data={"code": CODE})
    assert "Adresse löschen" in page.text
    assert 'name="address"' not in page.text


async def test_a_question_leads_to_following_it_while_it_is_open_and_after_and_a_taken_back_answer_too(
    fan, company, answered
):
    slug = await fetch_value("select slug from question")
    way = f'href="/kranich/follow?question={slug}"'

    assert way in (await fan.get(f"/kranich/ask/{slug}")).text
    assert "Wie war die Anleitung?" in (await fan.get(f"/kranich/follow?question={slug}")).text
    await fan.post("/kranich/r/withdrawal", data={"code": CODE, "sure": "yes"})
    assert way in (await fan.post("/kranich/r", data={"code": CODE})).text
    await execute("update question set state = 'closed', closes_at = now()")
    async with transaction():
        await live.tell(company.id, "public")
    assert way in (await fan.get(f"/kranich/ask/{slug}?lang=de")).text
