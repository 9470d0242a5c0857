"""What is covered in an answer stands in no public reply and no theme's name either."""

import datetime as dt

import pytest

from hearback.database.engine import execute, fetch_value
from hearback.refusals import Faulty
from hearback.replying import commands
from hearback.replying.forms import Do, ReplyForm
from hearback.replying.rules import To
from hearback.themes import commands as themes
from hearback.themes.commands.living import create_theme
from hearback.themes.forms import NameForm, WeightForm
from tests import made
from tests.changenotes.ready import heard, ready
from tests.changenotes.test_still_told import NAME, TOLD, WORDS, cover
from tests.conftest import browser_of
from tests.receipts.test_erasing import where_it_stands

WRITTEN = {"feeling": "Das verstehe ich.", "fact": TOLD, "next_step": f"Ich rede mit den {NAME}."}


@pytest.fixture
async def house(company):
    return await ready(company)


@pytest.fixture
async def response(house):
    response = await made.an_answer(house.company, house.question, WORDS)
    await made.placed(house.company, response, house.theme)
    return response


async def written(house, **differs):
    """A reply to everybody, as a draft."""
    later = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=9)
    words = WRITTEN | {"next_by": later, "next_owner": house.writer.id} | differs
    form = ReplyForm(version=0, seen=0, do=Do.SAVE, **words)
    await heard(house.company, house.writer, [house.theme.id])
    to = To(theme=house.theme.id)
    return await commands.save_reply(house.company.id, to, form, by=house.writer, now=made.NOW)


async def sent(house, **differs):
    """Signed off by who leads."""
    reply = await written(house, **differs)
    at = {"now": made.NOW}
    await commands.ask_for_sign_off(house.company, reply, seen=0, twin_seen=None, by=house.writer, **at)
    await commands.sign_off(house.company, reply, version=1, by=house.leader, **at)
    return reply


async def test_a_gap_takes_the_words_out_of_a_public_reply_and_of_its_promise(fan, desk, house, response):
    reply = await sent(house)
    assert NAME in (await fan.get("/kranich/replies")).text
    await cover(desk, response)

    assert "In 1 Text von uns stehen noch Worte" in (await desk.get("/today")).text
    page = (await desk.get("/notes/covered")).text
    assert "Antwort an alle." in page and NAME not in page
    for _ in range(2):
        assert (await desk.post(f"/replies/{reply}/gaps")).status_code == 303
    assert "In keiner Notiz, keiner öffentlichen Antwort" in (await desk.get("/notes/covered")).text
    assert await where_it_stands(NAME) == ["answer.own_words"]
    assert "unsere […] nichts" in (await fan.get("/kranich/replies")).text
    assert await fetch_value("select count(*) from ledger_leaf where kind = 'note.field-erased'") == 1
    assert await fetch_value("select count(*) from audit where did = 'reply.gaps-left'") == 2


async def test_a_reply_to_everybody_that_says_it_does_not_go_out(desk, house, response):
    await cover(desk, response)
    reply = await written(house)

    with pytest.raises(Faulty) as refused:
        await commands.ask_for_sign_off(
            house.company, reply, seen=0, twin_seen=None, by=house.writer, now=made.NOW
        )
    found = [(one.reason, one.field) for one in refused.value.reasons]
    assert found == [("note.repeats-covered", "fact"), ("note.repeats-covered", "next_step")]


async def test_a_gap_takes_the_words_out_of_a_theme_and_its_history(desk, house, response):
    at = {"by": house.writer.id, "now": made.NOW}
    named = NameForm(name=f"Die {NAME} reparieren nie", definition=TOLD)
    await themes.name_theme(house.company.id, house.theme.id, named, **at)
    await themes.name_theme(house.company.id, house.theme.id, NameForm(name=f"Unsere {NAME}"), **at)
    await cover(desk, response)

    page = (await desk.get("/notes/covered")).text
    assert "Thema." in page and NAME not in page
    assert (await desk.post(f"/themes/{house.theme.id}/gaps")).status_code == 303
    assert "In keiner Notiz, keiner öffentlichen Antwort" in (await desk.get("/notes/covered")).text
    assert await where_it_stands(NAME) == ["answer.own_words"]
    assert await fetch_value("select name from theme where id = $1", house.theme.id) == "Unsere […]"


@pytest.mark.parametrize("field", ["name", "definition", "reason"])
async def test_no_theme_is_called_by_what_is_covered(desk, house, response, field):
    await cover(desk, response)
    at = {"by": house.writer.id, "now": made.NOW}

    named = {"name": "Werkstatt"} | ({} if field == "reason" else {field: f"Die {NAME}"})
    said = (
        themes.weigh(house.company.id, house.theme.id, WeightForm(reason=TOLD), **at)
        if field == "reason"
        else themes.name_theme(house.company.id, house.theme.id, NameForm(**named), **at)
    )
    with pytest.raises(Faulty) as refused:
        await said
    assert [(one.reason, one.field) for one in refused.value.reasons] == [("themes.says-covered", field)]


async def test_a_new_theme_is_not_named_by_a_covered_sentence(desk, house, response):
    await cover(desk, response, part=WORDS)

    with pytest.raises(Faulty, match=r"themes\.says-covered"):
        await create_theme(
            house.company.id, NameForm(name="Neu", definition=WORDS), by=house.writer.id, now=made.NOW
        )


async def test_who_may_not_publish_leaves_no_gap(app, desk, house, response):
    reply = await sent(house)
    await cover(desk, response)
    async with browser_of(app) as browser:
        writer = await made.signed_in(browser, house.company, "product")
        for path in (f"/replies/{reply}/gaps", f"/themes/{house.theme.id}/gaps"):
            assert (await writer.post(path)).status_code == 403
    assert await fetch_value("select fact from reply") == TOLD


async def test_a_suggested_theme_is_the_machines_and_not_in_the_list(desk, house, response):
    await execute("update theme set state = 'suggested', name = '', terms = array[$1]", NAME)
    await cover(desk, response)

    assert "/notes/covered" not in (await desk.get("/today")).text


async def test_signs_that_turn_text_around_do_not_go_out_in_a_reply(house):
    reply = await written(house, fact="Wir \u202elesen es.", next_step="Ich rede mit der Werkstatt.")

    with pytest.raises(Faulty) as refused:
        await commands.ask_for_sign_off(
            house.company, reply, seen=0, twin_seen=None, by=house.writer, now=made.NOW
        )
    assert [(one.reason, one.field) for one in refused.value.reasons] == [("note.hidden-signs", "fact")]
