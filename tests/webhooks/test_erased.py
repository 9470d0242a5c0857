"""Words taken out of a public note are taken back from whoever was told them: every machine hears of it, once."""

import json
from datetime import datetime, timedelta
from uuid import UUID
from xml.etree import ElementTree

import pytest

from hearback.changenotes import commands as notes
from hearback.changenotes import erasing, queries
from hearback.changenotes.feeding import Told, json_feed_of
from hearback.changenotes.forms import CorrectionForm
from hearback.changenotes.rules import NoteKind
from hearback.clock import now
from hearback.database.engine import execute, fetch_column, fetch_value, transaction
from hearback.fediverse import commands as fediverse
from hearback.fediverse.commands import AccountForm
from hearback.jobs import do_all_now, do_later
from hearback.receipts.commands import erase
from hearback.settings import settings
from hearback.webhooks import outbox
from hearback.webhooks.commands import switch
from hearback.webhooks.rules import News
from hearback.words.speaking import words_for
from tests import made
from tests.changenotes.ready import WORDS as WORDS_OF
from tests.changenotes.ready import ready
from tests.changenotes.test_translating import english
from tests.webhooks.test_every_way import ATOM

CANARY = "Zaunkönigsfeder"
WORDS = f"Unsere {CANARY} klemmt seit Ostern im Scharnier der Schatulle fest."
QUOTED = f"Jemand schrieb: „{WORDS}“ Das nehmen wir ernst."
NAMED = {"quoting": "named", "first_name": "Ayşe", "place": "Dortmund"}
BEFORE = made.NOW - timedelta(hours=1)


@pytest.fixture
async def house(company):
    return await ready(company)


@pytest.fixture
async def response(house):
    response = await made.an_answer(house.company, house.question, WORDS, **NAMED)
    await made.placed(house.company, response, house.theme)
    return response


@pytest.fixture
async def told(house, wire, hooked):
    """A webhook that chose only withdrawals, one that is off, two followers on one server; and a neighbour's."""
    company, by, on = house.company, house.writer, AccountForm(active=True)
    await hooked(company, by, kinds=[News.WITHDRAWN])
    await hooked(company, by, address="https://off.example/in")
    await execute("update webhook set active = false where address like '%off%'")
    other = await made.a_company("moor")
    neighbour = await made.a_member(other)
    await hooked(other, neighbour, address="https://moor.example/in")
    for one, member in ((company, by), (other, neighbour)):
        await fediverse.set_up(one, on, secret=settings().secret_key, by=member, now=now())
        await execute(
            """insert into fedi_follower (id, company, actor, inbox)
               select gen_random_uuid(), $1, 'https://social.example/' || n, 'https://social.example/' || $2
               from generate_series(1, 2) n""",
            one.id,
            one.slug,
        )
    return wire


async def gone(house, response) -> None:
    await erase(house.company.id, response.id, now=now(), today=now().date())


async def jobs() -> list[dict]:
    found = await fetch_column("select payload from pgqueuer where entrypoint = 'webhooks.note_erased'")
    return [json.loads(one) for one in found]


async def test_a_webhook_and_each_followers_server_get_the_note_without_the_words_once(house, told, response):
    slug = await house.published(did=QUOTED, said=QUOTED, at=BEFORE)
    await do_all_now()
    assert CANARY in told.calls[0].body.decode(), "the server of the followers had them"
    told.calls.clear()

    await gone(house, response)
    (again,) = await jobs()
    await do_all_now()
    async with transaction():
        await do_later("webhooks.note_erased", **again)
    await do_all_now()

    hook, update = sorted(told.calls, key=lambda call: call.address)
    assert not any(CANARY in call.body.decode() for call in told.calls)
    told_hook, told_social = json.loads(hook.body), json.loads(update.body)
    assert (hook.address, told_hook["type"]) == ("https://hooks.example/in", "note.erased")
    assert told_hook["data"]["url"].endswith(slug) and told_hook["data"]["version"] == 1
    assert told_hook["data"]["fields"]["did"] == "Jemand schrieb: „[…].“ Das nehmen wir ernst."
    assert told_hook["timestamp"] > BEFORE.isoformat()
    assert (update.address, told_social["type"]) == ("https://social.example/kranich", "Update")
    assert "Das nehmen wir ernst." in told_social["object"]["content"]
    assert told_social["object"]["updated"] > told_social["object"]["published"], (
        "else Mastodon keeps its own"
    )


async def test_a_webhook_that_is_off_hears_of_it_when_it_is_on_again(house, told, response):
    """It may have kept the words from the time when it was on."""
    await house.published(did=QUOTED, at=BEFORE)
    await gone(house, response)
    await do_all_now()
    assert not [call for call in told.calls if "off" in call.address]

    off: UUID = await fetch_value("select id from webhook where address like '%off%'")
    await switch(house.company.id, off, on=True, by=house.writer, now=now())
    await do_all_now()
    (call,) = [call for call in told.calls if "off" in call.address]
    assert json.loads(call.body)["type"] == "note.erased"
    assert CANARY not in call.body.decode()


@pytest.mark.parametrize("state", ["waiting", "failed"])
async def test_a_webhook_that_was_off_for_months_hears_of_it_all_the_same(house, told, response, state):
    """Also where it was tried in vain until it was given up."""
    await house.published(did=QUOTED, at=BEFORE)
    await gone(house, response)
    await do_all_now()
    off: UUID = await fetch_value("select id from webhook where address like '%off%'")
    await execute('update delivery set "on" = "on" - 90')
    if state == "failed":
        await execute(
            "update delivery set state = 'failed', trouble = 'not-there', due_at = null where webhook = $1",
            off,
        )

    await outbox.let_go(now())

    assert await fetch_column("select address from delivery") == ["https://off.example/in"]
    await switch(house.company.id, off, on=True, by=house.writer, now=now())
    await do_all_now()
    (call,) = [call for call in told.calls if "off" in call.address]
    assert json.loads(call.body)["type"] == "note.erased"


async def test_who_said_that_nobody_will_be_there_is_not_told_again_when_it_is_switched_on(
    house, told, response
):
    await house.published(did=QUOTED, at=BEFORE)
    await gone(house, response)
    await do_all_now()
    off: UUID = await fetch_value("select id from webhook where address like '%off%'")
    await execute(
        "update delivery set state = 'failed', trouble = 'gone', due_at = null where webhook = $1", off
    )

    await switch(house.company.id, off, on=True, by=house.writer, now=now())
    await do_all_now()

    assert not [call for call in told.calls if "off" in call.address]


async def test_the_next_erasure_is_told_anew_and_of_drafts_and_untouched_notes_nothing(house, told, response):
    other = await made.an_answer(house.company, house.question, f"{WORDS[::-1]} Und sonst?", **NAMED)
    await house.published(did=QUOTED, said=other_words(), at=BEFORE)
    await house.published("holding", at=BEFORE)
    await house.draft("not_changed", reason=QUOTED)
    await do_all_now()
    told.calls.clear()

    for one in (response, other):
        await gone(house, one)
        assert len(await jobs()) == 1
        await do_all_now()

    assert [json.loads(call.body)["type"] for call in told.calls].count("note.erased") == 2
    updates = [json.loads(call.body) for call in told.calls if "social" in call.address]
    assert len({one["id"] for one in updates}) == len(updates) == 2
    assert {call.address.split("/")[2] for call in told.calls} == {"hooks.example", "social.example"}
    assert await fetch_value("select count(*) from delivery where address like '%moor%'") == 0


async def test_two_erasures_in_one_second_are_told_apart_and_the_sitemap_names_the_second(
    fan, house, told, response, monkeypatch
):
    other = await made.an_answer(house.company, house.question, f"{WORDS[::-1]} Und sonst?", **NAMED)
    note = await house.note(await house.published(did=QUOTED, said=other_words(), at=BEFORE))
    moment, feeds, posts = now(), list[datetime](), list[str]()
    monkeypatch.setattr(erasing, "now", lambda: moment)
    for one in (response, other):
        await erase(house.company.id, one.id, now=moment, today=moment.date())
        (item,) = (await items(house.company)).values()
        feeds.append(item)
        posts.append((await fan.get(f"/kranich/actor/notes/{note}")).json()["updated"])
    assert BEFORE < feeds[0] < feeds[1]
    assert posts[0] < posts[1], "Mastodon leaves alone what is no newer"

    page = ElementTree.fromstring((await fan.get("/kranich/sitemap.xml")).text)
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    changed = {one.findtext(f"{space}loc"): one.findtext(f"{space}lastmod") for one in page}
    (lastmod,) = {at for address, at in changed.items() if "/log/" in address}
    assert lastmod == moment.replace(microsecond=0).isoformat()


async def items(company) -> dict[str, datetime]:
    """What a feed calls the last change of each entry."""
    page = await queries.log_page(company, now=now(), limit=20)
    entries = [queries.ENTRY.decode(entry) for entry in page.entries]
    told = json.loads(await json_feed_of(Told("log"), company, entries, words_for("de")))
    return {one["id"]: datetime.fromisoformat(one["date_modified"]) for one in told["items"]}


def other_words() -> str:
    return f"Eine schrieb: „{WORDS[::-1]} Und sonst?“"


async def test_a_drafts_words_are_nobodys_news(house, told, response):
    await house.draft(did=QUOTED)
    await gone(house, response)
    assert await jobs() == []


async def test_a_note_that_was_corrected_meanwhile_is_told_as_it_reads_now(house, told, response):
    note = await house.note(await house.published(did=QUOTED, at=BEFORE))
    await gone(house, response)
    form = CorrectionForm(number=1, why="Zu lang.", **WORDS_OF[NoteKind.CHANGED] | {"did": "Fünf Bilder."})
    await notes.correct_note(house.company, note, form, by=house.writer, now=now())
    await do_all_now()

    (erased,) = [one for one in map(json.loads, bodies(told)) if one["type"] == "note.erased"]
    assert (erased["data"]["version"], erased["data"]["fields"]["did"]) == (2, "Fünf Bilder.")


def bodies(told) -> list[bytes]:
    return [call.body for call in told.calls]


async def test_a_translations_words_count_and_feeds_name_the_moment(fan, house, told, response):
    slug = await house.published(at=BEFORE)
    note = await house.note(slug)
    await notes.translate_note(
        house.company, note, english(said=f"Somebody wrote: “{WORDS}”"), by=house.writer, now=BEFORE
    )
    await do_all_now()
    told.calls.clear()

    await gone(house, response)
    (job,) = await jobs()
    assert (UUID(job["note_id"]), job["number"]) == (note, 1)
    await do_all_now()

    assert len(told.calls) == 2
    feed = ElementTree.fromstring((await fan.get("/kranich/log.atom")).text)
    item = json.loads((await fan.get("/kranich/log.json")).text)["items"][0]
    for moment in (feed.findtext(f"{ATOM}updated"), feed.findtext(f"{ATOM}entry/{ATOM}updated")):
        assert moment > (BEFORE + timedelta(minutes=30)).isoformat()
    assert item["date_modified"] > item["date_published"]
    told_note = (await fan.get(f"/kranich/actor/notes/{note}")).json()
    assert told_note["updated"] > told_note["published"]


async def test_nobody_can_choose_it_or_leave_it_out(desk):
    typed = {"address": "https://hooks.example/in", "kinds": ["note.erased"]}
    assert (await desk.post("/settings/webhooks", data=typed)).status_code == 422
    assert "note.erased" not in (await desk.get("/settings/webhooks")).text
