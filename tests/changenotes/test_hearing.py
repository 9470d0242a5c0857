"""Nobody answers a theme in public without having had five of its voices before them; and whoever objects is heard."""

import pytest
from msgspec.structs import replace

from hearback.changenotes import commands
from hearback.database.engine import execute, fetch_column, fetch_value
from hearback.refusals import Faulty, NotFound, Refused
from tests import made
from tests.changenotes.ready import heard, ready
from tests.changenotes.test_desk import browser_of, written

DEAF = "Lies erst, was Menschen zu „Irrlichter“ geschrieben haben."


@pytest.fixture
async def house(pool):
    return await ready(await made.a_company(), voices=7)


@pytest.fixture
async def open_house(company):
    return await ready(company, voices=7)


async def unheard(house, note_id, by):
    with pytest.raises(Faulty) as refused:
        await commands.publish_note(house.company, note_id, by=by, now=made.NOW)
    return [(one.reason, one.field) for one in refused.value.reasons]


async def test_who_has_not_read_five_voices_does_not_publish(house):
    note_id = await house.draft()  # its writer has read them

    assert await unheard(house, note_id, house.leader) == [("note.hear-first", "voices")]
    await heard(house.company, house.leader, [house.theme.id])

    assert await fetch_value("select count(*) from voice_shown where member = $1", house.leader.id) == 5
    assert await commands.publish_note(house.company, note_id, by=house.leader, now=made.NOW)


async def test_what_is_not_heard_yet_is_called_in_the_readers_language(house):
    both = '{"de": ["Wartezeit"], "en": ["queue", "gate"]}'
    await execute(
        "update theme set name = '', state = 'suggested', terms = '{Wartezeit}', terms_in = $1", both
    )
    note_id, english = await house.draft(), replace(house.leader, language="en")

    with pytest.raises(Faulty) as refused:
        await commands.publish_note(house.company, note_id, by=english, now=made.NOW)

    assert refused.value.reasons[-1].values == {"theme": "queue, gate"}


async def test_a_voice_that_was_withdrawn_meanwhile_was_not_heard(house):
    note_id = await house.draft()
    await execute(
        """update response set state = 'withdrawn' where id = (
               select e.response from voice_shown s join excerpt e on e.id = s.excerpt limit 1)"""
    )

    assert await unheard(house, note_id, house.writer) == [("note.hear-first", "voices")]


async def test_of_a_theme_with_fewer_voices_all_are_enough(pool):
    house = await ready(await made.a_company(fewest_voices=1), voices=2)
    note_id = await house.draft()

    assert await fetch_value("select count(*) from voice_shown") == 2
    assert await commands.publish_note(house.company, note_id, by=house.writer, now=made.NOW)


async def test_the_editor_shows_them_and_only_then_lets_it_out(desk, open_house):
    note_id = await open_house.draft()
    before = await desk.post(f"/notes/{note_id}/publication", written(open_house, version=2))

    assert before.status_code == 422 and DEAF in before.text
    shown = before.text.partition('<div id="voices"')[2].partition("</details>")[0]
    assert shown.count("<figure") == 5
    # The page that said so has shown them.
    assert (await desk.post(f"/notes/{note_id}/publication")).status_code == 303


async def test_voices_are_shown_without_personal_data(desk, open_house):
    await execute(
        "update answer set words = $1 where response = (select response from excerpt limit 1)",
        "Ruft mich an: 0171 2345678, ich suche lange.",
    )
    await execute("update excerpt set ends = 44")

    page = (await desk.get(f"/notes/{await open_house.draft()}")).text

    assert '<div id="voices"' in page
    assert "0171 2345678" not in page.partition('<div id="voices"')[2].partition("</details>")[0]


async def test_an_objection_stands_beside_the_draft_and_is_never_public(app, desk, fan, open_house):
    note_id, why = await open_house.draft(), "So redet hier niemand."
    async with browser_of(app) as browser:
        reader = await made.signed_in(browser, open_house.company, "reader", name="Frau Kessler")
        said = {"objection": why, "theme": str(open_house.theme.id)}
        reply = await reader.post(f"/notes/{note_id}/dissent", said)
        page = (await reader.get(f"/themes/{open_house.theme.id}?done=dissented")).text

    assert reply.headers["location"].startswith(f"/desk/kranich/themes/{open_house.theme.id}?done=dissented")
    assert why in page and "Widerspruch von Frau Kessler" in page
    editor = (await desk.get(f"/notes/{note_id}")).text
    assert why in editor and "Widerspruch von Frau Kessler" in editor
    slug = (await desk.post(f"/notes/{note_id}/publication")).headers["location"]
    for path in (slug, f"{slug}/history", "/kranich/log", "/kranich"):
        assert why not in (await fan.get(path)).text
    assert "note.dissented" in await fetch_column("select did from audit")
    assert why not in str(await fetch_column("select after::text from audit"))


async def test_what_does_not_fit_comes_back_with_its_words(app, desk, open_house):
    note_id = await open_house.draft()
    here = {"theme": str(open_house.theme.id)}

    on_theme = await desk.post(f"/notes/{note_id}/dissent", {"objection": "ja"} | here)
    on_draft = await desk.post(f"/notes/{note_id}/dissent", {"objection": "ja"})

    assert (on_theme.status_code, on_draft.status_code) == (422, 422)
    assert ">\nja</textarea>" in on_theme.text and ">\nja</textarea>" in on_draft.text
    async with browser_of(app) as browser:
        reader = await made.signed_in(browser, open_house.company, "reader")
        assert (await reader.post(f"/notes/{note_id}/dissent", {"objection": "Nein."})).status_code == 404


async def test_nobody_objects_to_what_is_public_or_to_anothers_draft(house):
    note_id = await house.draft()
    stranger = await made.a_member(await made.a_company("reiher"))
    at = {"now": made.NOW}

    with pytest.raises(NotFound):
        await commands.object_to(
            (await made.a_company("star")).id, note_id, "Nein, so nicht.", by=stranger, **at
        )
    await commands.publish_note(house.company, note_id, by=house.writer, now=made.NOW)
    with pytest.raises(Refused) as refused:
        await commands.object_to(house.company.id, note_id, "Zu spät.", by=house.writer, **at)
    assert refused.value.reason == "note.is-public"
    assert await fetch_value("select count(*) from dissent") == 0


async def test_an_objection_can_be_added_and_never_changed_but_goes_with_its_draft(house):
    note_id = await house.draft()
    await commands.object_to(house.company.id, note_id, "So nicht.", by=house.leader, now=made.NOW)

    for sql in ("update dissent set why = 'Doch.'", "delete from dissent"):
        with pytest.raises(Exception, match="permission denied"):
            await execute(sql)
    await commands.discard_note(house.company.id, note_id, by=house.writer, now=made.NOW)
    assert await fetch_value("select count(*) from dissent") == 0
