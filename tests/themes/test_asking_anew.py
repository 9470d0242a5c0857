"""From a theme to a question about it in one step: a draft that is linked, and opens only once people wrote it."""

import re

import pytest

from hearback.database.engine import fetch_value
from hearback.themes import commands
from hearback.themes.queries import tending
from tests import made
from tests.conftest import browser_of
from tests.made import NOW


@pytest.fixture
async def theme(company):
    return await made.a_theme(company, "Wartezeit")


async def test_one_press_opens_the_editor_of_a_draft_about_the_theme(desk, company, theme):
    page = (await desk.get(f"/themes/{theme.id}")).text
    address = re.search(r'action="/desk/kranich(/themes/[^"]+/questions/new)"', page)[1]

    reply = await desk.post(address)
    editor = (await desk.browser.get(reply.headers["location"])).text

    assert reply.status_code == 303
    assert "Nachgefragt: Wartezeit" in editor and 'name="words.0"' in editor
    (asked,) = await tending.asked(company.id, theme.id)
    assert (asked.title, asked.state) == ("Nachgefragt: Wartezeit", "draft")
    assert reply.headers["location"].endswith(f"/questions/{asked.id}")
    told = f"{desk.member.name} hat dazu gefragt: „Nachgefragt: Wartezeit“"
    assert told in (await desk.get(f"/themes/{theme.id}")).text


async def test_it_does_not_open_before_people_have_written_it(desk, theme):
    reply = await desk.post(f"/themes/{theme.id}/questions/new")
    question = reply.headers["location"].removeprefix("/desk/kranich")

    opened = await desk.post(f"{question}/opening")

    assert opened.status_code == 422
    assert await fetch_value("select state from question") == "draft"
    saved = await desk.post(
        question, {"title": "Nachgefragt: Wartezeit", "kind.0": "open", "words.0": "Wie lange?"}
    )
    assert saved.status_code == 422, "nor is it saved without a reason for asking"


async def test_a_merged_theme_says_that_its_heir_is_to_be_asked_about(desk, company, theme):
    heir = await made.a_theme(company, "Öffnungszeiten")
    await commands.merge(company.id, theme.id, heir.id, by=desk.member.id, now=NOW)

    reply = await desk.post(f"/themes/{theme.id}/questions/new")

    assert reply.status_code == 422
    assert await fetch_value("select count(*) from question") == 0


async def test_who_may_not_ask_begins_none(app, company, theme):
    elsewhere = await made.a_company("reiher")
    path = f"/themes/{theme.id}/questions/new"
    for role in ("reader", "moderator"):
        browser = await made.signed_in(browser_of(app), company, role)
        assert (await browser.post(path)).status_code == 403
        assert path not in (await browser.get(f"/themes/{theme.id}")).text
    stranger = await made.signed_in(browser_of(app), elsewhere, "admin")
    assert (await stranger.post(path)).status_code == 404
    assert await fetch_value("select count(*) from question") == 0
