"""What Mastodon's documents say that it sends, asks for and takes (docs.joinmastodon.org/spec: activitypub, security,
webfinger), with payloads as its serializers write them; and what ActivityPub (W3C, 2018) and RFC 7033 demand of us."""

import base64
import hashlib
import json
import re
from datetime import timedelta
from email.utils import format_datetime, parsedate_to_datetime
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from hearback.answering.tables import Response
from hearback.changenotes import commands as notes
from hearback.changenotes.forms import CorrectionForm, WithdrawalForm
from hearback.changenotes.rules import NoteKind
from hearback.clock import now
from hearback.database.engine import fetch_value
from hearback.fediverse.rules import LINKED_DATA
from hearback.jobs import do_all_now
from tests import made
from tests.changenotes.ready import WORDS
from tests.fediverse.conftest import KEYS, Peer

MIA = "https://social.example/users/mia"
OURS = "http://test/kranich/actor"
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
CONTEXT = [
    "https://www.w3.org/ns/activitystreams",
    {
        "ostatus": "http://ostatus.org#",
        "atomUri": "ostatus:atomUri",
        "inReplyToAtomUri": "ostatus:inReplyToAtomUri",
        "conversation": "ostatus:conversation",
        "sensitive": "as:sensitive",
        "toot": "http://joinmastodon.org/ns#",
        "votersCount": "toot:votersCount",
    },
]
# As Mastodon tells an actor: more than anybody needs, and the inbox of the whole server beside it.
ACTOR = {
    "@context": ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1", CONTEXT[1]],
    "following": f"{MIA}/following",
    "followers": f"{MIA}/followers",
    "outbox": f"{MIA}/outbox",
    "featured": f"{MIA}/collections/featured",
    "preferredUsername": "mia",
    "name": "Mia",
    "summary": "<p>Ich spiele.</p>",
    "url": "https://social.example/@mia",
    "manuallyApprovesFollowers": False,
    "discoverable": None,
    "published": "2022-11-04T00:00:00Z",
    "tag": [],
    "attachment": [{"type": "PropertyValue", "name": "Verein", "value": "<a href='https://a.example'>x</a>"}],
    "endpoints": {"sharedInbox": "https://social.example/inbox"},
}


def create(to: str) -> dict:
    """A public reply, in which Mastodon puts the name of whoever is answered before the words."""
    content = (
        '<p><span class="h-card" translate="no"><a href="http://test/kranich" class="u-url mention">@<span>kranich'
        "</span></a></span> Die Kerben sind gut &amp; leise.<br />Auch für blaue Steine?</p>"
        '<p><a href="http://test/x" target="_blank" rel="nofollow noopener"><span class="invisible">http://</span>'
        "<span>test/x</span></a></p>"
    )
    note = {
        "id": f"{MIA}/statuses/109",
        "type": "Note",
        "summary": None,
        "inReplyTo": to,
        "published": "2026-11-22T10:00:00Z",
        "url": "https://social.example/@mia/109",
        "attributedTo": MIA,
        "to": [PUBLIC],
        "cc": [f"{MIA}/followers", OURS],
        "sensitive": False,
        "atomUri": f"{MIA}/statuses/109",
        "inReplyToAtomUri": to,
        "conversation": "tag:social.example,2026-11-22:objectId=1:objectType=Conversation",
        "content": content,
        "contentMap": {"de": content},
        "attachment": [],
        "tag": [{"type": "Mention", "href": OURS, "name": "@kranich@test"}],
        "replies": {"id": f"{MIA}/statuses/109/replies", "type": "Collection"},
    }
    return {
        "@context": CONTEXT,
        "id": f"{MIA}/statuses/109/activity",
        "type": "Create",
        "actor": MIA,
        "published": "2026-11-22T10:00:00Z",
        "to": [PUBLIC],
        "cc": [f"{MIA}/followers", OURS],
        "object": note,
    }


async def as_mastodon(
    peer: Peer, thing: dict, *, ago: timedelta = timedelta(0), digest: str = "SHA-256"
) -> int:
    """Posts and signs by hand, in the order in which Mastodon names the headers."""
    body = json.dumps(thing).encode()
    headers = {
        "host": "test",
        "date": format_datetime(now() - ago, usegmt=True),
        "digest": f"{digest}={base64.b64encode(hashlib.sha256(body).digest()).decode()}",
        "content-type": "application/activity+json",
    }
    names = ["host", "date", "digest", "content-type", "(request-target)"]
    target = {"(request-target)": "post /kranich/actor/inbox"}
    text = "\n".join(f"{name}: {(headers | target)[name]}" for name in names)
    key = load_pem_private_key(KEYS[0].encode(), password=None)
    signed = base64.b64encode(key.sign(text.encode(), PKCS1v15(), hashes.SHA256())).decode()
    headers["signature"] = (
        f'keyId="{MIA}#main-key",algorithm="rsa-sha256",headers="{" ".join(names)}",signature="{signed}"'
    )
    return (await peer.fan.post("/kranich/actor/inbox", content=body, headers=headers)).status_code


FOLLOW = {"@context": CONTEXT[0], "id": "https://social.example/8fc1-42", "type": "Follow", "actor": MIA,
          "object": OURS}  # fmt: skip
UNDO = {"@context": CONTEXT[0], "id": f"{MIA}#follows/1/undo", "type": "Undo", "actor": MIA,
        "object": {"id": "https://social.example/8fc1-42", "type": "Follow", "actor": MIA, "object": OURS}}  # fmt: skip
DELETE_NOTE = {"@context": CONTEXT, "id": f"{MIA}/statuses/109#delete", "type": "Delete", "actor": MIA, "to": [PUBLIC],
               "object": {"id": f"{MIA}/statuses/109", "type": "Tombstone",
                          "atomUri": f"{MIA}/statuses/109"}}  # fmt: skip
DELETE_ACTOR = {"@context": CONTEXT[0], "id": f"{MIA}#delete", "type": "Delete", "actor": MIA, "to": [PUBLIC],
                "object": MIA, "signature": {"type": "RsaSignature2017", "creator": f"{MIA}#main-key",
                                             "created": "2026-11-22T10:00:00Z", "signatureValue": "eA=="}}  # fmt: skip


async def followers() -> list[str]:
    return await fetch_value("select coalesce(array_agg(inbox), '{}') from fedi_follower")


async def heard() -> list[Response]:
    return await Response.objects().where(Response.channel == "fediverse")


async def test_mastodon_follows_by_the_inbox_of_its_whole_server_and_takes_it_back(open_house, peer):
    peer.live_here(**ACTOR)
    assert await as_mastodon(peer, FOLLOW) == 202
    await do_all_now()
    assert await followers() == ["https://social.example/inbox"]
    (accept,) = peer.got
    assert (accept["type"], accept["actor"]) == ("Accept", OURS)
    assert accept["object"] == {name: FOLLOW[name] for name in ("id", "type", "actor", "object")}

    assert await as_mastodon(peer, UNDO) == 202
    await do_all_now()
    assert await followers() == []


async def test_who_blocks_us_gets_nothing_more(open_house, peer):
    """Mastodon sends a Block and no Undo of the Follow with it."""
    block = {"@context": CONTEXT[0], "id": f"{MIA}#blocks/1", "type": "Block", "actor": MIA, "object": OURS}
    await as_mastodon(peer, FOLLOW)
    await as_mastodon(peer, block | {"object": "http://test/moor/actor"})
    await do_all_now()
    assert len(await followers()) == 1, "another account is none of ours"
    await as_mastodon(peer, block)
    await do_all_now()
    assert await followers() == []


async def test_our_actor_is_one_that_mastodon_keeps(fan, open_house):
    """What its FetchRemoteActorService and ProcessAccountService ask for, one after the other."""
    page = await fan.get("/kranich/actor", headers={"accept": LINKED_DATA})
    assert page.headers["content-type"].partition(";")[0] == "application/activity+json"
    told = page.json()
    assert CONTEXT[0] in told["@context"]
    assert told["id"] == OURS, "what it asked for"
    assert told["type"] in {"Application", "Group", "Organization", "Person", "Service"}
    assert re.fullmatch(r"[a-z0-9_]+([.-]+[a-z0-9_]+)*", told["preferredUsername"]), "a name of its own form"
    assert told["inbox"] and told["publicKey"]["publicKeyPem"] and told["publicKey"]["owner"] == OURS
    hosts = {urlsplit(told[name]).netloc for name in ("id", "url", "inbox", "outbox", "followers")}
    assert hosts == {"test"}, "an address elsewhere it would leave out"

    name = f"acct:{told['preferredUsername']}@{urlsplit(OURS).netloc}"
    finger = (await fan.get("/.well-known/webfinger", params={"resource": name})).json()
    assert finger["subject"] == name
    (itself,) = [link for link in finger["links"] if link["rel"] == "self"]
    assert itself["type"] in {"application/activity+json", LINKED_DATA}
    assert itself["href"] == OURS, "it loops back"


async def test_its_reply_stands_in_the_inbox_with_the_note_named(open_house, peer, desk):
    peer.live_here(**ACTOR)
    slug = await open_house.published()
    note = await open_house.note(slug)
    assert await as_mastodon(peer, create(f"{OURS}/notes/{note}")) == 202
    await do_all_now()

    (told,) = await heard()
    assert told.note == note
    page = (await desk.get(f"/inbox/{told.id}")).text
    assert f'href="/kranich/log/{slug}">Antwort auf einen Eintrag im Log' in page
    assert "Die Kerben sind gut &amp; leise." in page
    assert "Auch für blaue Steine?" in page
    assert "@kranich" not in page.partition("Die Kerben")[0][-80:], (
        "the name before the words is none of them"
    )

    edited = create(f"{OURS}/notes/{note}")
    changed = edited["object"] | {"content": "<p>Nur Blau.</p>", "updated": "2026-11-22T11:00:00Z"}
    assert await as_mastodon(peer, edited | {"type": "Update", "object": changed}) == 202
    await do_all_now()
    assert {one.note for one in await heard() if one.state == "counted"} == {note}

    assert await as_mastodon(peer, DELETE_NOTE) == 202
    await do_all_now()
    assert {one.state for one in await heard()} == {"erased"}


async def test_an_account_that_is_gone_takes_everything_along(open_house, peer):
    peer.live_here(**ACTOR)
    slug = await open_house.published()
    for thing in (FOLLOW, create(f"http://test/kranich/log/{slug}")):
        await as_mastodon(peer, thing)
    await do_all_now()
    assert len(await heard()) == len(await followers()) == 1

    peer.house[MIA] = (410, {})
    assert await as_mastodon(peer, DELETE_ACTOR) == 202
    await do_all_now()
    assert {one.state for one in await heard()} == {"erased"}
    assert await followers() == []


async def test_what_lay_in_a_queue_for_hours_still_comes_and_a_digest_may_be_written_small(open_house, peer):
    peer.live_here(**ACTOR)
    assert await as_mastodon(peer, FOLLOW, ago=timedelta(hours=13)) == 401
    assert await as_mastodon(peer, FOLLOW, ago=timedelta(hours=-2)) == 401
    assert await as_mastodon(peer, FOLLOW, ago=timedelta(hours=11), digest="sha-256") == 202
    assert await as_mastodon(peer, FOLLOW, digest="sha-512") == 401
    await do_all_now()
    assert len(await followers()) == 1


async def test_we_ask_and_deliver_as_the_standard_demands(open_house, peer, monkeypatch):
    seen, call = [], Peer.call

    async def noted(self, method, address, headers, *more, **named):
        seen.append((method, headers))
        return await call(self, method, address, headers, *more, **named)

    monkeypatch.setattr(
        "hearback.webhooks.reaching.call", lambda *given, **named: noted(peer, *given, **named)
    )
    await as_mastodon(peer, FOLLOW)
    await open_house.published()
    await do_all_now()

    asked = next(headers for method, headers in seen if method == "GET")
    assert LINKED_DATA in asked["accept"], "ActivityPub, 3.2"
    assert_mastodon_takes_the_signature(asked, {"(request-target)", "host", "date"})
    sent = [headers for method, headers in seen if method == "POST"]
    assert len(sent) == 2
    assert {headers["content-type"] for headers in sent} == {LINKED_DATA}, "ActivityPub, 7"
    for headers in sent:
        assert_mastodon_takes_the_signature(headers, {"(request-target)", "host", "date", "digest"})
        assert headers["digest"].startswith("SHA-256=")


def assert_mastodon_takes_the_signature(headers: dict[str, str], least: set[str]) -> None:
    """By what its SignedRequest asks of the older draft, which it goes on reading."""
    told = dict(re.findall(r'(\w+)="([^"]*)"', headers["signature"]))
    assert told["keyId"] == f"{OURS}#main-key" and told["signature"]
    assert told["algorithm"] in {"rsa-sha256", "hs2019"}
    assert set(told["headers"].split()) >= least
    assert parsedate_to_datetime(headers["date"]).tzinfo is not None and headers["date"].endswith(" GMT")
    assert "signature-input" not in headers, "else it reads it by RFC 9421"


async def test_a_correction_updates_a_post_and_a_withdrawal_never_hides_it(open_house, peer):
    await as_mastodon(peer, FOLLOW)
    slug = await open_house.published()
    note = await open_house.note(slug)
    correction = CorrectionForm(
        number=1, why="Es sind fünf.", **WORDS[NoteKind.CHANGED] | {"did": "Fünf Bilder."}
    )
    await notes.correct_note(open_house.company, note, correction, by=open_house.writer, now=now())
    why = WithdrawalForm(why="Es stimmte nicht.")
    await notes.withdraw_note(open_house.company.id, note, why, by=open_house.writer, now=now())
    await do_all_now()

    _, create_, corrected, withdrawn = peer.got
    assert [one["type"] for one in peer.got[1:]] == ["Create", "Update", "Update"], (
        "no Delete: what we said stays"
    )
    assert len({one["object"]["id"] for one in (create_, corrected, withdrawn)}) == 1
    assert len({one["id"] for one in peer.got}) == 4
    assert "updated" in withdrawn["object"], "Mastodon takes an edit only with its moment"
    assert "Es stimmte nicht." in withdrawn["object"]["content"]


async def test_webfinger_answers_as_rfc_7033_demands(fan, open_house):
    finger = "/.well-known/webfinger"
    for bad in ({}, {"resource": ""}, {"resource": "kranich"}, {"resource": "@kranich@test"}):
        assert (await fan.get(finger, params=bad)).status_code == 400, "4.2: absent or malformed"
    for resource in ("acct:kranich@test", "ACCT:Kranich@TEST", OURS, "http://test/kranich"):
        page = await fan.get(finger, params={"resource": resource})
        assert page.json()["subject"] == "acct:kranich@test"
        assert page.headers["access-control-allow-origin"] == "*", "5"
        assert page.headers["content-type"].startswith("application/jrd+json"), "10.2"
    for foreign in (
        "acct:moor@test",
        "acct:kranich@other.example",
        "https://other.example/kranich",
        "mailto:a@test",
    ):
        assert (await fan.get(finger, params={"resource": foreign})).status_code == 404
    some = await fan.get(finger, params={"resource": OURS, "rel": ["self", "avatar"]})
    assert [link["rel"] for link in some.json()["links"]] == ["self"], "4.3"
    none = await fan.get(finger, params={"resource": OURS, "rel": "avatar"})
    assert (none.status_code, none.json()["links"]) == (200, [])


async def test_our_actor_defines_every_word_that_it_uses(fan, open_house):
    told = (await fan.get("/kranich/actor")).json()
    standard = {"@context", "id", "type", "name", "summary", "url", "inbox", "outbox", "followers",
                "preferredUsername", "publicKey"}  # fmt: skip
    assert set(told) - standard == set(told["@context"][2]) - {"toot"}


async def test_whoever_pastes_a_pages_address_is_led_to_the_account_and_the_note(
    fan, company, desk, open_house
):
    slug = await open_house.published()
    note = await open_house.note(slug)
    link = '<link rel="alternate" type="application/activity+json" href="{}">'
    assert link.format(OURS) in (await fan.get("/kranich")).text
    assert link.format(f"{OURS}/notes/{note}") in (await fan.get(f"/kranich/log/{slug}")).text
    assert "@kranich@test" in (await fan.get("/kranich/follow")).text


async def test_without_an_account_no_page_leads_there(fan, company):
    by = await made.a_member(company)
    note = await made.a_public_note(company, await made.a_theme(company), by=by)
    for path in ("", f"/log/{note.slug}", "/follow"):
        page = (await fan.get(f"/kranich{path}")).text
        assert "activity+json" not in page and "@kranich@test" not in page
