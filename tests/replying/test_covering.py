"""What is covered in an answer stands in no public reply and no theme's name either."""

import datetime as dt
from functools import partial

import pytest

from hearback.database.engine import execute, fetch_value
from hearback.receipts.commands import erase
from hearback.refusals import Faulty
from hearback.replying import commands
from hearback.replying.forms import Do, ReplyForm
from hearback.replying.rules import To
from hearback.themes import commands as themes
from hearback.themes.commands.living import create_theme
from hearback.themes.forms import NameForm, WeightForm
from hearback.themes.tables import Excerpt
from tests import made
from tests.changenotes.ready import heard, ready
from tests.changenotes.test_still_told import NAME, TOLD, WORDS, cover
from tests.conftest import browser_of
from tests.receipts.test_erasing import where_it_stands
from tests.waiting import until

TOOK_OUT = "haben wir hier Worte herausgenommen, die nicht öffentlich stehen sollten."
WRITTEN = {"feeling": "Das verstehe ich.", "fact": TOLD, "next_step": f"Ich rede mit den {NAME}."}


@pytest.fixture
async def house(company):
    return await ready(company)


@pytest.fixture
async def response(house):
    response = await made.an_answer(house.company, house.question, WORDS)
    await made.placed(house.company, response, house.theme)
    return response


async def told(fan, *words):
    page = (await fan.get("/kranich/replies")).text
    return all(one in page for one in words)


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
    await until(partial(told, fan, "unsere […] nichts", TOOK_OUT))
    assert await fetch_value("select count(*) from ledger_leaf where kind = 'note.field-erased'") == 1
    assert await fetch_value("select count(*) from audit where did = 'reply.gaps-left'") == 2


async def test_what_a_fan_erases_leaves_its_day_in_a_public_reply_too(fan, house, response):
    await sent(house, fact=f"Jemand schrieb: {WORDS}", next_step="Ich frage nach.")
    assert TOOK_OUT not in (await fan.get("/kranich/replies")).text
    await erase(house.company.id, response.id, now=made.NOW, today=made.today())

    await until(partial(told, fan, TOOK_OUT))
    assert NAME not in (await fan.get("/kranich/replies")).text


@pytest.mark.parametrize(
    "sql",
    [
        "update reply set feeling = 'Anders.'",
        "update reply set fact = 'Anders.'",
        "update reply set next_step = 'Anders.'",
        "update reply set why = 'Anders.', gaps_on = null",
    ],
)
async def test_the_database_itself_keeps_the_day_on_which_a_sent_reply_changed(house, response, sql):
    draft = await written(house)
    await execute("update reply set fact = fact || '.'")
    assert await fetch_value("select gaps_on from reply where id = $1", draft) is None
    await commands.ask_for_sign_off(
        house.company, draft, seen=0, twin_seen=None, by=house.writer, now=made.NOW
    )
    await commands.sign_off(house.company, draft, version=1, by=house.leader, now=made.NOW)

    await execute(sql)
    assert await fetch_value("select gaps_on from reply where id = $1", draft)


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


async def test_a_new_theme_is_refused_the_one_covered_word_at_once_and_the_form_keeps_it(
    desk, house, response
):
    await cover(desk, response)
    (mine,) = [one.id for one in await Excerpt.objects().where(Excerpt.response == response.id)]
    says, name = "Hier stehen Worte, die in einer Antwort verdeckt sind.", f"Die {NAME}"
    for path, typed in {
        f"/themes/excerpts/{mine}/move": {"to": name, "make": "1"},
        "/themes/placing": {"back": "search", "excerpt": f"{mine}.{house.theme.id}", "to": name, "make": "1"},
        f"/themes/{house.theme.id}/split": {"excerpt": str(mine), "new_name": name, "belongs": ""},
    }.items():
        page = await desk.post(path, typed)
        assert page.status_code == 422, path
        assert says in page.text, path
        assert f'value="{name}"' in page.text, path
    assert await fetch_value("select count(*) from theme") == 1
