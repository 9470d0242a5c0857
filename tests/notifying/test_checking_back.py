"""Weeks after a note: asked once, said by one click, summed up on the note, and a theme that opens again by itself."""

import re
from datetime import timedelta

import pytest

from hearback.changenotes import commands as changenotes
from hearback.changenotes.forms import WithdrawalForm
from hearback.clock import now
from hearback.database.engine import execute, fetch_column, fetch_value
from hearback.notifying import commands
from tests import made

CODE = "7K4QM0000000000000000000AB"


@pytest.fixture
async def behind(company, mailbox):
    """A public note of five weeks ago, and somebody whose answer it came of."""
    await made.mail_set_up(company, mailbox.port)
    by = await made.a_member(company, name="Tarek Osman")
    theme = await made.a_theme(company)
    answer = await made.an_answer(company, await made.a_question(company, by=by), code=CODE)
    await made.placed(company, answer, theme, by=by)
    note = await made.a_public_note(company, theme, by=by, at=now() - timedelta(weeks=4, days=1))
    return theme, answer, note


async def test_everyone_who_can_be_reached_is_asked_once_and_says_it_by_one_click(
    fan, company, behind, mailbox
):
    _, answer, note = behind
    await made.a_follower(company, response=answer.id)
    await made.a_follower(company, "leo@example.org")
    for _ in range(2):
        await commands.ask_back(now=now())
        await commands.send_due(now)

    assert mailbox.to == [["mia@example.org"]]
    assert mailbox.mails[0]["Subject"] == "Ist es besser geworden?"
    text = mailbox.mails[0].get_body(("plain",)).get_content()
    link = re.search(r"http://test(/kranich/back/\S+)", text)[1]
    assert "Das war nicht mein Punkt" in (await fan.get(link)).text
    assert await fetch_column("select verdict from check_back") == [None]

    assert (await fan.post(link, data={"verdict": "better"})).status_code == 200
    assert (await fan.post(link, data={"verdict": "worse"})).status_code == 200
    page = await fan.get(f"/kranich/log/{note.slug}")
    assert "Und einige Wochen später?" in page.text
    assert re.search(r"<dt>schlechter</dt><dd>1</dd>", page.text)
    assert re.search(r"<dt>besser</dt><dd>0</dd>", page.text)


async def test_who_gave_no_address_says_it_on_the_receipt(fan, company, behind):
    _, answer, note = behind
    assert "Ist es besser geworden?" in (await fan.post("/kranich/r", data={"code": CODE})).text
    page = await fan.post("/kranich/r/back", data={"code": CODE, "note": str(note.id), "verdict": "same"})
    assert "Du hast gesagt: Für mich hat sich nichts geändert." in page.text
    assert await fetch_column("select verdict from check_back where response = $1", answer.id) == ["same"]


async def test_nobody_is_asked_too_early_about_a_draft_or_in_a_company_that_does_not_ask(
    fan, company, behind, mailbox
):
    theme, answer, note = behind
    by = await made.a_member(company)
    fresh = await made.a_public_note(company, theme, by=by)
    await made.a_follower(company, response=answer.id)
    await execute("update mail_setup set check_back_weeks = 0")
    await commands.ask_back(now=now())
    assert await fetch_column("select id from mail") == []
    await execute("update mail_setup set check_back_weeks = 4")
    for wrong in (fresh.id, made.some_id()):
        page = await fan.post("/kranich/r/back", data={"code": CODE, "note": str(wrong), "verdict": "same"})
        assert page.status_code == 404
    await commands.ask_back(now=now())
    assert await fetch_column("select note from mail") == [note.id]


async def test_nobody_is_asked_about_word_meanwhile_about_what_was_taken_back_or_is_long_ago(
    fan, company, behind, mailbox
):
    theme, answer, note = behind
    by, ripe = await made.a_member(company), now() - timedelta(weeks=4, days=1)
    holding = await made.a_public_note(company, theme, by=by, at=ripe, kind="holding")
    long_ago = await made.a_public_note(company, theme, by=by, at=ripe - timedelta(days=14))
    gone = await made.a_public_note(company, theme, by=by, at=ripe)
    why = WithdrawalForm(why="Stimmt nicht.")
    await changenotes.withdraw_note(company.id, gone.id, why, by=by, now=now())
    await made.a_follower(company, response=answer.id)

    await commands.ask_back(now=now())

    assert await fetch_column("select note from mail where kind = 'check_back'") == [note.id]
    for one, status in ((holding, 404), (gone, 404), (long_ago, 200)):
        typed = {"code": CODE, "note": str(one.id), "verdict": "same"}
        assert (await fan.post("/kranich/r/back", data=typed)).status_code == status, "by themselves they may"


async def test_who_took_the_answer_back_is_not_asked_for_another_word(fan, company, behind):
    _, answer, note = behind
    await execute("update response set state = 'withdrawn' where id = $1", answer.id)
    assert "Ist es besser geworden?" not in (await fan.post("/kranich/r", data={"code": CODE})).text
    typed = {"code": CODE, "note": str(note.id), "verdict": "same"}
    assert (await fan.post("/kranich/r/back", data=typed)).status_code == 404


async def test_nobody_says_it_for_another_answer_or_with_a_made_up_link(fan, company, behind):
    _, _, note = behind
    await made.an_answer(company, await made.a_question(company), code="X" * 26)
    page = await fan.post("/kranich/r/back", data={"code": "X" * 26, "note": str(note.id), "verdict": "same"})
    assert page.status_code == 404
    assert (await fan.post("/kranich/back/x", data={"verdict": "same"})).status_code == 404
    assert (await fan.post("/kranich/back/x", data={"verdict": "great"})).status_code == 422
    assert await fetch_column("select id from check_back") == []


async def test_not_my_point_over_the_share_opens_the_theme_again_by_itself(fan, desk, company, behind):
    theme, _, note = behind
    codes = [CODE]
    for n in "BCD":
        codes.append(n * 26)
        answer = await made.an_answer(company, await made.a_question(company), code=n * 26)
        await made.placed(company, answer, theme)
    by = await made.a_member(company)
    await execute(
        "update theme set resting_since = now(), resting_why = 'Genug', rested_by = $2 where id = $1",
        theme.id,
        by.id,
    )
    for code, verdict in zip(codes, ["better", "not_mine", "not_mine", "not_mine"], strict=True):
        assert await fetch_value("select count(*) from theme_event where deed = 'reopened'") == 0
        page = await fan.post(
            "/kranich/r/back", data={"code": code, "note": str(note.id), "verdict": verdict}
        )
        assert page.status_code == 200

    assert await fetch_value("select count(*) from theme_event where deed = 'reopened'") == 1
    assert await fetch_value("select resting_since from theme where id = $1", theme.id) is None
    page = await desk.get(f"/themes/{theme.id}")
    assert "Wieder offen: 3 Menschen sagen, die Notiz sei nicht ihr Punkt" in page.text
    assert "„Rote und grüne Steine“ ist wieder offen" in (await desk.get("/today")).text
    assert "benannt" in (await desk.get("/themes?state=named")).text
    await fan.post("/kranich/r/back", data={"code": CODE, "note": str(note.id), "verdict": "not_mine"})
    assert await fetch_value("select count(*) from theme_event where deed = 'reopened'") == 1


async def test_what_an_erased_answer_said_is_gone_from_the_sums(fan, company, behind):
    _, _, note = behind
    await fan.post("/kranich/r/back", data={"code": CODE, "note": str(note.id), "verdict": "same"})
    assert "Und einige Wochen später?" in (await fan.get(f"/kranich/log/{note.slug}")).text
    await fan.post("/kranich/r/erasure", data={"code": CODE, "sure": "yes"})
    assert "Und einige Wochen später?" not in (await fan.get(f"/kranich/log/{note.slug}")).text
    assert await fetch_column("select id from check_back") == []
