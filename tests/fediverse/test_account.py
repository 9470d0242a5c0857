"""An account that anybody in the fediverse can follow; a peer that lies gets nowhere."""

from datetime import timedelta

import pytest

from hearback.answering.tables import Answer, Response
from hearback.changenotes import commands as notes
from hearback.changenotes.forms import WithdrawalForm
from hearback.changenotes.rules import NoteKind
from hearback.clock import now
from hearback.database.engine import execute, fetch_column, fetch_value
from hearback.fediverse import commands, jobs, public
from hearback.fediverse.incoming import take_in
from hearback.jobs import CLOCKED, do_all_now
from hearback.webhooks.delivering import deliver_due
from tests import made
from tests.changenotes.ready import WORDS
from tests.conftest import browser_of
from tests.fediverse.conftest import KEYS, OTHER_KEYS

FINGER = "/.well-known/webfinger?resource=acct:kranich@test"


async def followers() -> int:
    return await fetch_value("select count(*) from fedi_follower")


async def heard() -> list[Response]:
    return await Response.objects().where(Response.channel == "fediverse")


async def test_without_the_switch_there_is_nothing(fan, company, desk, peer):
    for path in ("actor", "actor/outbox", "actor/followers", f"actor/notes/{made.some_id()}"):
        assert (await fan.get(f"/kranich/{path}")).status_code == 404
    assert (await fan.get(FINGER)).status_code == 404
    assert await peer.send(peer.follow()) == 404

    page = await desk.get("/settings/fediverse")
    assert 'value="false" checked' in page.text


async def test_the_account_is_found_and_says_who_it_is(fan, open_house):
    finger = await fan.get(FINGER)
    assert finger.headers["content-type"] == "application/jrd+json; charset=utf-8"
    assert finger.json()["subject"] == "acct:kranich@test"
    (itself,) = [link for link in finger.json()["links"] if link["rel"] == "self"]
    assert itself == {
        "rel": "self",
        "type": "application/activity+json",
        "href": "http://test/kranich/actor",
    }
    actor = await fan.get("/kranich/actor")
    assert actor.headers["content-type"].startswith("application/activity+json")
    told = actor.json()
    for needed in ("id", "type", "inbox", "outbox"):
        assert told[needed], "ActivityPub, 4.1"
    assert told["preferredUsername"] == "kranich"
    assert told["publicKey"]["publicKeyPem"].startswith("-----BEGIN PUBLIC KEY-----")
    for wrong in ("acct:moor@test", "acct:kranich@other.example", "acct:@test"):
        assert (await fan.get("/.well-known/webfinger", params={"resource": wrong})).status_code == 404


async def test_it_promises_to_read_replies_only_where_they_come_in(fan, open_house, desk):
    promise = "Was ihr uns hier antwortet oder schreibt, lesen wir."
    assert promise in (await fan.get("/kranich/actor")).json()["summary"]
    await desk.post("/settings/fediverse", data={"active": "true", "question": ""})
    assert promise not in (await fan.get("/kranich/actor")).json()["summary"]


async def test_a_mistake_comes_with_its_apology(open_house, peer):
    await peer.send(peer.follow())
    await open_house.published(NoteKind.MISTAKE)
    await do_all_now()

    told = peer.got[-1]["object"]["content"]
    order = [WORDS[NoteKind.MISTAKE][name] for name in ("wrong", "sorry", "repair", "closing_question")]
    assert sorted(order, key=told.index) == order


async def test_nobody_learns_who_follows_or_how_many(fan, open_house, peer):
    await peer.send(peer.follow())
    await do_all_now()
    told = (await fan.get("/kranich/actor/followers")).json()
    assert told.keys() == {"@context", "id", "type"}


async def test_the_key_lies_sealed(open_house):
    sealed = await fetch_value("select private_key from fedi_account")
    assert b"PRIVATE" not in sealed


async def test_who_follows_is_accepted_and_gets_each_note_once(fan, open_house, peer):
    assert await peer.send(peer.follow()) == 202
    await do_all_now()
    (accept,) = peer.got
    assert accept["type"] == "Accept"
    assert accept["object"]["id"] == "https://social.example/f/1"
    assert accept["object"]["actor"] == peer.name

    slug = await open_house.published()
    await do_all_now()
    await do_all_now()
    _, create = peer.got
    note = create["object"]
    assert (create["type"], note["type"]) == ("Create", "Note")
    assert note["url"] == f"http://test/kranich/log/{slug}"
    assert "https://www.w3.org/ns/activitystreams#Public" in note["to"]
    assert "<strong>Anzünden</strong>" in note["content"]
    assert (await fan.get(note["id"].removeprefix("http://test"))).json()["id"] == note["id"]
    outbox = (await fan.get("/kranich/actor/outbox")).json()
    assert [said["object"]["id"] for said in outbox["orderedItems"]] == [note["id"]]


async def test_what_is_taken_back_says_so_and_stays(open_house, peer):
    await peer.send(peer.follow())
    slug = await open_house.published()
    why = WithdrawalForm(why="Es stimmte <b>nicht</b>.")
    await notes.withdraw_note(
        open_house.company.id, await open_house.note(slug), why, by=open_house.writer, now=made.NOW
    )
    await do_all_now()

    update = next(one for one in peer.got if one["type"] == "Update")
    assert "Es stimmte &lt;b&gt;nicht&lt;/b&gt;." in update["object"]["content"]
    assert "Anzünden" not in update["object"]["content"]


async def test_who_unfollows_gets_nothing_more(open_house, peer):
    await peer.send(peer.follow())
    await do_all_now()
    await peer.send({"type": "Undo", "object": peer.follow() | {"actor": peer.name}})
    await do_all_now()
    assert await followers() == 0
    await open_house.published()
    await do_all_now()
    assert [one["type"] for one in peer.got] == ["Accept"]


async def test_who_unfollows_may_tell_its_actor_in_full(open_house, peer):
    await peer.send(peer.follow())
    mia = {"type": "Person", "id": peer.name}
    await peer.send({"type": "Undo", "actor": mia, "object": peer.follow() | {"actor": mia}})
    await do_all_now()
    assert await followers() == 0


async def test_who_unfollows_may_name_the_follow_by_its_address_alone(open_house, peer):
    await peer.send(peer.follow())
    await peer.send({"type": "Undo", "object": "https://social.example/likes/7"})
    await do_all_now()
    assert await followers() == 1, "something else is undone"

    await peer.send({"type": "Undo", "object": peer.follow()["id"]})
    await do_all_now()
    assert await followers() == 0


async def test_nobody_ends_anothers_follow_by_its_address(open_house, peer):
    await peer.send(peer.follow())
    tom = tom_lives_beside(peer)
    await peer.send({"type": "Undo", "actor": tom, "object": peer.follow()["id"]}, **BY_TOM)
    await do_all_now()
    assert await followers() == 1


async def test_a_follow_ends_where_the_server_says_that_nobody_is_there_any_more(open_house, peer):
    await peer.send(peer.follow())
    await do_all_now()
    other = "https://other.example/users/ali"
    await execute(
        """insert into fedi_follower (id, company, actor, inbox)
           select gen_random_uuid(), id, $1, $2 from company where slug = 'kranich'""",
        other,
        f"{other}/inbox",
    )
    peer.status = 410
    await open_house.published()
    await do_all_now()

    assert await fetch_column("select actor from fedi_follower") == [other]


async def test_a_follow_ends_after_a_month_in_which_nothing_got_through_and_not_before(open_house, peer):
    await peer.send(peer.follow())
    await do_all_now()
    peer.status = 503
    await open_house.published()
    await do_all_now()
    await deliver_what_waits()
    assert await followers() == 1, "a server may be down for days"

    await execute("update fedi_follower set failing_since = failing_since - interval '31 days'")
    await open_house.published()
    await do_all_now()
    assert await followers() == 1, "it is tried as often as any other before that"
    await deliver_what_waits()
    assert await followers() == 0


async def test_a_server_that_comes_back_is_as_before(open_house, peer):
    await peer.send(peer.follow())
    await do_all_now()
    peer.status = 503
    await open_house.published()
    await do_all_now()
    assert await fetch_value("select failing_since from fedi_follower") is not None

    peer.status = 202
    await deliver_what_waits()
    assert await fetch_value("select failing_since from fedi_follower") is None


async def test_who_follows_anew_is_waited_for_anew(open_house, peer):
    await peer.send(peer.follow())
    await do_all_now()
    await execute("update fedi_follower set failing_since = now() - interval '31 days'")

    await peer.send(peer.follow() | {"id": "https://social.example/f/anew"})
    await do_all_now()
    assert await fetch_value("select failing_since from fedi_follower") is None


async def deliver_what_waits() -> None:
    while await execute("update delivery set due_at = now() where state = 'waiting'"):
        await deliver_due(now)


async def test_to_stop_following_another_of_our_houses_changes_nothing_here(open_house, peer):
    await peer.send(peer.follow())
    other = peer.follow() | {"actor": peer.name, "object": "http://test/moor/actor"}
    await peer.send({"type": "Undo", "object": other})
    await do_all_now()
    assert await followers() == 1


async def test_who_follows_twice_is_there_once(open_house, peer):
    for number in (1, 1, 2):
        await peer.send(peer.follow() | {"id": f"https://social.example/f/{number}"})
        await do_all_now()
    assert await followers() == 1
    assert sorted(one["object"]["id"][-1] for one in peer.got) == ["1", "2"], "each wish is answered, once"


async def test_a_follower_that_moved_its_inbox_is_told_there(open_house, peer):
    await peer.send(peer.follow())
    await do_all_now()
    peer.live_here(inbox="https://social.example/new")
    await peer.send({"type": "Update", "object": peer.told()})
    await do_all_now()
    assert await fetch_value("select inbox from fedi_follower") == "https://social.example/new"

    await peer.send({"type": "Undo", "object": peer.follow()})
    await peer.send({"type": "Update", "object": peer.told()})
    await do_all_now()
    assert await followers() == 0, "nobody follows by it"


async def test_a_servers_shared_inbox_in_another_house_is_not_used(open_house, peer):
    peer.live_here(endpoints={"sharedInbox": "https://victim.example/inbox"})
    await peer.send(peer.follow())
    await do_all_now()
    assert await fetch_value("select inbox from fedi_follower") == f"{peer.name}/inbox"


async def test_a_new_key_counts_at_once_and_the_old_one_no_more(open_house, peer):
    key = {"id": f"{peer.name}#main-key", "owner": peer.name, "publicKeyPem": OTHER_KEYS[1]}
    peer.live_here(publicKey=key)
    await peer.send(peer.follow())
    await do_all_now()
    assert await followers() == 0
    await peer.send(peer.follow(), private=OTHER_KEYS[0])
    await do_all_now()
    assert await followers() == 1


async def test_a_reply_to_what_was_taken_back_is_heard_too(open_house, peer):
    slug = await open_house.published()
    why = WithdrawalForm(why="Es stimmte nicht.")
    await notes.withdraw_note(
        open_house.company.id, await open_house.note(slug), why, by=open_house.writer, now=now()
    )
    await peer.send(peer.reply(f"http://test/kranich/log/{slug}"))
    await do_all_now()
    assert len(await heard()) == 1


@pytest.mark.parametrize(
    "thing",
    [
        {"type": "Follow", "object": []},
        {"type": "Undo", "object": [{"type": "Follow"}]},
        {"type": "Create", "object": {"type": "Note", "inReplyTo": ["x"]}},
        {"type": "Create", "object": {"type": "Note", "inReplyTo": "http://test/kranich/log/\x00"}},
        {"type": "Create", "object": {"type": "Note", "inReplyTo": "http://test/kranich/actor/notes/\x00"}},
        {"type": "Create", "object": {"type": "Note", "inReplyTo": "http://test/kranich/log/\ud800"}},
        {
            "type": "Create",
            "object": {"type": "Note", "inReplyTo": "http://test/kranich/log/x", "content": 5},
        },
        {"type": "Update", "object": {"type": "Person", "id": 5}},
        {"type": "Delete", "object": None},
        {"type": "Announce", "object": "http://test/kranich/actor/notes/x"},
        {"type": {}},
        {"type": "Follow", "actor": "https://[bad", "object": "http://test/kranich/actor"},
    ],
)
async def test_no_odd_thing_breaks_a_job_or_changes_anything(open_house, peer, thing):
    assert await peer.send(thing) == 202
    await do_all_now()
    assert (await followers(), await heard(), peer.got) == (0, [], [])


async def test_a_reply_to_a_note_is_an_answer_like_any_other_and_names_nobody(open_house, peer):
    slug = await open_house.published()
    note = await open_house.note(slug)
    for to in (f"http://test/kranich/actor/notes/{note}", f"http://test/kranich/log/{slug}"):
        await peer.send(peer.reply(to, number=1))
    await peer.send(peer.reply(f"http://test/kranich/actor/notes/{note}", "<p>Und noch etwas.</p>", number=2))
    await do_all_now()

    assert len(await heard()) == 2, "the same twice is once"
    first = (await heard())[0]
    assert (first.quoting, first.state, first.question) == ("no", "counted", open_house.question.id)
    words = {
        one.words
        for one in await Answer.objects().where(Answer.response.is_in([r.id for r in await heard()]))
    }
    assert words == {"Blau und Lila auch.", "Und noch etwas."}
    for table in ("fedi_heard", "response", "answer"):
        assert "social.example" not in str(await fetch_value(f"select json_agg(t)::text from {table} t"))


async def test_other_words_for_a_reply_stand_in_its_place(open_house, peer):
    to = f"http://test/kranich/log/{await open_house.published()}"
    changed = {"type": "Update", "object": peer.reply(to, "<p>Nur Blau.</p>")["object"]}
    await peer.send(changed)
    await do_all_now()
    assert await heard() == [], "nobody changes what was never said"

    await peer.send(peer.reply(to))
    await peer.send(changed)
    await do_all_now()
    counted = [one.id for one in await heard() if one.state == "counted"]
    assert [one.words for one in await Answer.objects().where(Answer.response.is_in(counted))] == [
        "Nur Blau."
    ]
    assert await fetch_value("select count(*) from answer where words like '%Lila%'") == 0


async def test_actor_and_object_may_be_told_in_full_as_the_vocabularys_examples_do(open_house, peer):
    mia = {"type": "Person", "id": peer.name, "name": "Mia"}
    ours = {"type": "Organization", "id": "http://test/kranich/actor"}
    await peer.send(
        peer.follow() | {"summary": "Mia follows", "actor": mia, "object": ours, "type": ["Follow"]}
    )
    await do_all_now()
    assert await followers() == 1
    (accept,) = peer.got
    assert accept["object"]["actor"] == peer.name


OUR_NAME = {"type": "Mention", "href": "http://test/kranich/actor", "name": "@kranich@test"}
TOMS_NAME = {"type": "Mention", "href": "https://social.example/users/tom", "name": "@tom"}


async def test_whoever_names_us_speaks_to_us_and_a_talk_stays_with_its_note(open_house, peer):
    slug = await open_house.published()
    note, ours = await open_house.note(slug), [OUR_NAME]
    await peer.send(
        peer.reply(None, "<p>@kranich Wann kommt die Erweiterung?</p>", 1, tag=[TOMS_NAME, *ours])
    )
    await peer.send(peer.reply("https://social.example/users/tom/9", "<p>Frag @kranich</p>", 2, tag=OUR_NAME))
    await peer.send(peer.reply(f"http://test/kranich/log/{slug}", "<p>Schön.</p>", 3))
    await do_all_now()
    await peer.send(peer.reply(f"{peer.name}/3", "<p>Und die blauen?</p>", 4, tag=ours))
    await do_all_now()

    answers = await Answer.objects().where(Answer.response.is_in([one.id for one in await heard()]))
    about = {one.id: one.note for one in await heard()}
    assert {one.words: about[one.response] for one in answers} == {
        "Wann kommt die Erweiterung?": None,
        "Frag @kranich": None,
        "Schön.": note,
        "Und die blauen?": note,
    }
    await peer.send({"type": "Delete", "object": f"{peer.name}/1"})
    await do_all_now()
    assert len([one for one in await heard() if one.state == "counted"]) == 3


@pytest.mark.parametrize(
    "tag",
    [
        None,
        [],
        [TOMS_NAME],
        [OUR_NAME | {"type": "Hashtag"}],
        [OUR_NAME | {"href": "http://test/kranich/actor/"}],
        [OUR_NAME | {"href": "http://test/elbe/actor"}],
        [None, 5, "x", [OUR_NAME]],
        OUR_NAME | {"type": {}},
    ],
)
async def test_what_names_others_is_not_heard(open_house, peer, tag):
    await peer.send(peer.reply(None, tag=tag))
    await peer.send(peer.reply("https://social.example/users/tom/9", number=2, tag=tag))
    await do_all_now()
    assert await heard() == []


async def test_nobody_mentions_in_anothers_name(open_house, peer):
    tom = "https://social.example/users/tom"
    await peer.send(peer.reply(None, tag=[OUR_NAME], attributedTo=tom))
    await peer.send(peer.reply(None, tag=[OUR_NAME], id="https://elsewhere.example/1"))
    await do_all_now()
    assert await heard() == []


async def test_what_is_no_reply_to_us_is_left_alone(open_house, peer):
    for to in (
        "http://test/kranich/log/nichts",
        "https://social.example/users/tom/9",
        "http://test/kranich/log/",
    ):
        await peer.send(peer.reply(to))
    await peer.send({"type": "Like", "object": "http://test/kranich/actor"})
    await do_all_now()
    assert await heard() == []


@pytest.mark.parametrize("gone", ["post", "account"])
async def test_what_was_taken_back_before_it_came_is_not_heard(open_house, peer, gone):
    """Queues hold things up: the words may come after their author took them back."""
    to = f"http://test/kranich/log/{await open_house.published()}"
    await peer.send({"type": "Delete", "object": f"{peer.name}/1" if gone == "post" else peer.name})
    await do_all_now()

    await peer.send(peer.reply(to))
    await do_all_now()
    assert await heard() == []


async def test_what_was_taken_back_is_not_heard_when_it_comes_again(open_house, peer):
    to = f"http://test/kranich/log/{await open_house.published()}"
    await peer.send(peer.reply(to))
    await peer.send({"type": "Delete", "object": f"{peer.name}/1"})
    await peer.send(peer.reply(to))
    await do_all_now()

    assert [one.state for one in await heard()] == ["erased"]


async def test_nobody_silences_another_beforehand(open_house, peer):
    to = f"http://test/kranich/log/{await open_house.published()}"
    tom = tom_lives_beside(peer)
    await peer.send({"type": "Delete", "actor": tom, "object": f"{peer.name}/1"}, **BY_TOM)
    await do_all_now()

    await peer.send(peer.reply(to))
    await do_all_now()
    assert len(await heard()) == 1


async def test_what_was_taken_back_is_remembered_for_a_week(open_house, peer):
    await peer.send({"type": "Delete", "object": f"{peer.name}/1"})
    await do_all_now()
    await commands.let_go(now() + timedelta(days=6))
    assert await fetch_value("select count(*) from fedi_taken_back") == 1

    await execute('update fedi_taken_back set "on" = "on" - 8')
    _, purge = CLOCKED["fediverse.purge"]
    await purge()
    assert await fetch_value("select count(*) from fedi_taken_back") == 0


def tom_lives_beside(peer) -> str:
    tom = "https://social.example/users/tom"
    key = {"id": f"{tom}#main-key", "owner": tom, "publicKeyPem": OTHER_KEYS[1]}
    peer.house[tom] = (200, peer.told() | {"id": tom, "publicKey": key})
    return tom


BY_TOM = {"private": OTHER_KEYS[0], "key_id": "https://social.example/users/tom#main-key"}


async def test_who_deletes_a_post_or_an_account_takes_it_back_and_only_their_own(open_house, peer):
    slug = await open_house.published()
    to = f"http://test/kranich/log/{slug}"
    await peer.send(peer.follow())
    for number in (1, 2):
        await peer.send(peer.reply(to, f"<p>Wort {number}</p>", number=number))
    await do_all_now()
    tom = tom_lives_beside(peer)
    await peer.send({"type": "Delete", "actor": tom, "object": f"{peer.name}/1"}, **BY_TOM)
    await do_all_now()
    assert {one.state for one in await heard()} == {"counted"}, "what others said stays"

    await peer.send({"type": "Delete", "object": {"type": "Tombstone", "id": f"{peer.name}/1"}})
    await do_all_now()
    assert sorted(one.state for one in await heard()) == ["counted", "erased"]

    peer.house[peer.name] = (410, {})
    await peer.send({"type": "Delete", "object": peer.name})
    await do_all_now()
    assert {one.state for one in await heard()} == {"erased"}
    assert await followers() == 0
    assert await fetch_value("select count(*) from fedi_heard") == 0


async def test_who_repeats_a_note_and_deletes_it_blots_out_nothing(open_house, peer):
    slug = await open_house.published(did="Wir haben die Steine eingekerbt, damit alle sie fühlen.")
    before = await fetch_column("select words from note_field order by words")
    await peer.send(
        peer.reply(
            f"http://test/kranich/log/{slug}",
            "<p>Wir haben die Steine eingekerbt, damit alle sie fühlen.</p>",
        )
    )
    await do_all_now()
    assert len(await heard()) == 1

    await peer.send({"type": "Delete", "object": f"{peer.name}/1"})
    await do_all_now()

    assert [one.state for one in await heard()] == ["erased"]
    assert await fetch_column("select words from note_field order by words") == before


@pytest.mark.parametrize(
    "house",
    [
        {"id": "https://social.example/users/tom"},
        {"inbox": "https://victim.example/inbox"},
        {"inbox": "http://169.254.169.254/latest"},
        {"inbox": 7},
        {"publicKey": {"id": "https://social.example/users/tom#main-key", "publicKeyPem": KEYS[1]}},
        {
            "publicKey": {
                "id": "https://social.example/users/mia#main-key",
                "owner": "x",
                "publicKeyPem": KEYS[1],
            }
        },
        {"publicKey": {"id": "https://social.example/users/mia#main-key", "publicKeyPem": OTHER_KEYS[1]}},
        {"publicKey": "x"},
    ],
)
async def test_a_house_that_says_something_else_is_not_believed(open_house, peer, house):
    peer.live_here(**house)
    assert await peer.send(peer.follow()) == 202
    await do_all_now()
    assert await followers() == 0
    assert peer.got == []


async def test_nobody_speaks_for_another(open_house, peer):
    mallory = "https://evil.example/users/mallory"
    peer.house[mallory] = (200, peer.told() | {"id": mallory, "publicKey": {
        "id": f"{mallory}#main-key", "owner": mallory, "publicKeyPem": OTHER_KEYS[1]}})  # fmt: skip
    theirs = {"private": OTHER_KEYS[0], "key_id": f"{mallory}#main-key"}
    slug = await open_house.published()
    to = f"http://test/kranich/log/{slug}"
    lies = [
        (peer.follow(), theirs),
        (peer.reply(to) | {"actor": mallory}, theirs),
        (peer.follow() | {"object": "http://test/moor/actor"}, {}),
        (peer.follow() | {"id": "https://evil.example/f"}, {}),
        ({"type": "Create", "object": peer.reply(to)["object"] | {"attributedTo": mallory}}, {}),
        ({"type": "Create", "object": peer.reply(to)["object"] | {"id": f"{mallory}/1"}}, {}),
    ]
    for thing, how in lies:
        assert await peer.send(thing, **how) == 202
    await do_all_now()
    assert (await followers(), await heard()) == (0, [])


async def test_what_is_not_signed_as_it_came_is_refused_at_the_door(fan, open_house, peer):
    assert await peer.send(peer.follow(), digest="SHA-256=AAAA") == 401
    assert await peer.send(peer.follow(), date="Sun, 05 Jan 2014 21:31:40 GMT") == 401
    assert await peer.send(peer.follow(), signature="") == 401
    assert (await fan.post("/kranich/actor/inbox", content=b"{}")).status_code == 401
    assert (await fan.post("/kranich/actor/inbox", content=b"x" * 100_001)).status_code in (413, 422)
    assert await peer.send({"actor": 7}) == 202
    await do_all_now()
    assert await followers() == 0


@pytest.mark.parametrize("limit", ["MOST_OF_NETWORK", "MOST_OF_COMPANY"])
async def test_who_sends_without_end_is_stopped_at_the_door(open_house, peer, monkeypatch, limit):
    """Each thing that is taken lets us ask at somebody's house: nobody uses us to flood it."""
    monkeypatch.setattr(public, limit, 2)
    said = [await peer.send(peer.follow()) for _ in range(3)]
    assert said == [202, 202, 429]


async def test_a_slow_house_is_asked_again_later(open_house, peer):
    told = peer.house.pop(peer.name)
    await peer.send(peer.follow())
    assert await do_all_now() == 4, "three more times, with longer and longer rests"
    assert await followers() == 0
    peer.house[peer.name] = told
    await peer.send(peer.follow())
    await do_all_now()
    assert await followers() == 1


async def test_two_houses_of_ours_understand_each_other(app, fan, open_house, peer, monkeypatch):
    """What one house of Hearback signs, another one's inbox reads, asks back for the key, and takes."""
    done = []

    async def noted(*given, **named):
        done.append(await take_in(*given, **named))
        return done[-1]

    monkeypatch.setattr(jobs, "take_in", noted)
    other = await made.a_company("moor", name="Moor")
    async with browser_of(app) as browser:
        theirs = await made.signed_in(browser, other, role="admin")
        await theirs.post("/settings/fediverse", data={"active": "true"})
    await fan.get("/moor/actor")
    await fetch_value(
        """insert into fedi_follower (id, company, actor, inbox)
           select gen_random_uuid(), id, 'http://test/moor/actor', 'http://test/moor/actor/inbox' from company
           where slug = 'kranich' returning true"""
    )
    await open_house.published()
    await do_all_now()

    state, status = await fetch_value(
        "select array[state, status::text] from delivery where way = 'fediverse' and kind = 'note.published'"
    )
    assert (state, status) == ("sent", "202")
    assert done == ["nothing"], "believed, and nothing was asked for"


async def test_only_admins_of_the_house_have_the_switch(app, company, desk):
    async with browser_of(app) as browser:
        comms = await made.signed_in(browser, company, role="comms")
        assert (await comms.get("/settings/fediverse")).status_code == 403
        assert (await comms.post("/settings/fediverse", data={"active": "true"})).status_code == 403
    other = await made.a_company("moor")
    question = await made.a_question(other, by=await made.a_member(other))
    page = await desk.post("/settings/fediverse", data={"active": "true", "question": str(question.id)})
    assert page.status_code == 422
    assert await fetch_value("select count(*) from fedi_account") == 0
