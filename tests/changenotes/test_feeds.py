"""Every feed is what its standard says, whatever somebody wrote into a note: RFC 4287, RFC 3339 and JSON Feed 1.1."""

import json
import re
from datetime import datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest

from hearback.changenotes import commands
from hearback.changenotes.forms import WithdrawalForm
from hearback.changenotes.tables import NoteField
from tests import made
from tests.changenotes.ready import Ready

ATOM = "{http://www.w3.org/2005/Atom}"
# RFC 4287, 4.1.1 and 4.1.2: how often each may stand there; what is not named here may stand nowhere.
IN_FEED = {"id": (1, 1), "title": (1, 1), "updated": (1, 1), "author": (0, 99), "link": (0, 99), "generator": (0, 1),
           "subtitle": (0, 1), "rights": (0, 1), "category": (0, 99), "entry": (0, 999)}  # fmt: skip
IN_ENTRY = {"id": (1, 1), "title": (1, 1), "updated": (1, 1), "published": (0, 1), "author": (0, 99), "link": (0, 99),
            "category": (0, 99), "content": (0, 1), "summary": (0, 1), "rights": (0, 1)}  # fmt: skip
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def why_not_atom(text: str) -> list[str]:
    """Every reason why this is no Atom feed."""
    feed = ElementTree.fromstring(text)
    entries = feed.findall(f"{ATOM}entry")
    wrong = [] if feed.tag == f"{ATOM}feed" else ["root"]
    wrong += _counted(feed, IN_FEED)
    for entry in entries:
        wrong += _counted(entry, IN_ENTRY)
        alternates = [link for link in entry.findall(f"{ATOM}link") if link.get("rel") == "alternate"]
        if entry.find(f"{ATOM}content") is None and not alternates:
            wrong.append("neither content nor a link")
        if entry.find(f"{ATOM}author") is None and feed.find(f"{ATOM}author") is None:
            wrong.append("nobody wrote it")
    for one in [feed, *entries]:
        wrong += [f"moment {at.text}" for name in ("updated", "published") for at in one.findall(f"{ATOM}{name}")
                  if not RFC_3339.fullmatch(at.text or "")]  # fmt: skip
        wrong += [f"address {link.get('href')}" for link in one.findall(f"{ATOM}link")
                  if not urlsplit(link.get("href") or "").scheme]  # fmt: skip
        wrong += ["author without a name" for author in one.findall(f"{ATOM}author")
                  if not author.findtext(f"{ATOM}name")]  # fmt: skip
        if not urlsplit(one.findtext(f"{ATOM}id") or "").scheme:
            wrong.append("id is no IRI")
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    return wrong + (["an id twice"] if len(ids) != len(set(ids)) else [])


def _counted(of: ElementTree.Element, rules: dict[str, tuple[int, int]]) -> list[str]:
    names = [child.tag.removeprefix(ATOM) for child in of if child.tag.startswith(ATOM)]
    wrong = [f"{name} has no place" for name in names if name not in rules]
    return wrong + [f"{name} × {names.count(name)}" for name, (least, most) in rules.items()
                    if not least <= names.count(name) <= most]  # fmt: skip


def why_not_json_feed(text: str) -> list[str]:
    feed = json.loads(text)
    wrong = [] if feed.get("version") == "https://jsonfeed.org/version/1.1" else ["version"]
    wrong += [name for name in ("title", "home_page_url", "feed_url") if not isinstance(feed.get(name), str)]
    known = {"version", "title", "home_page_url", "feed_url", "description", "user_comment", "next_url", "icon",
             "favicon", "authors", "language", "expired", "hubs", "items"}  # fmt: skip
    wrong += [f"{name} is not known" for name in feed if name not in known and not name.startswith("_")]
    for item in feed["items"]:
        if not isinstance(item.get("id"), str) or not item["id"]:
            wrong.append("item without id")
        if not isinstance(item.get("content_html") or item.get("content_text"), str):
            wrong.append("item says nothing")
        for name in ("date_published", "date_modified"):
            if not RFC_3339.fullmatch(item[name]) or datetime.fromisoformat(item[name]).tzinfo is None:
                wrong.append(f"{name} {item[name]}")
        wrong += ["author without a name" for author in item["authors"] if not author.get("name")]
    return wrong


@pytest.fixture
async def told(open_house: Ready) -> Ready:
    """Notes of each kind, one withdrawn, one with signs that no XML may hold and what looks like markup."""
    for kind in ("changed", "not_changed", "holding", "mistake"):
        await open_house.published(kind)
    gone = await open_house.note(await open_house.published("holding"))
    why = WithdrawalForm(why="Stimmt <nicht> & ]]> 'so'.")
    await commands.withdraw_note(open_house.company.id, gone, why, by=open_house.writer, now=made.NOW)
    odd = "A\x0bB\x1f <b>&amp;</b> ]]> \u202e\ufffe 😀 <script>x</script>"
    await made.a_public_note(open_house.company, open_house.theme, by=open_house.writer, title=odd, did=odd)
    assert await NoteField.exists().where(NoteField.words == odd)
    return open_house


async def test_the_feeds_of_house_kind_theme_question_and_words_are_valid(fan, told):
    queries = [
        "kind=mistake",
        f"theme={told.theme.id}",
        f"question={told.question.slug}",
        "words=%3Cb%3E%26",
        "lang=en",
    ]
    feeds = [
        "log.{}",
        "log.{}?lang=en",
        "log.{}?kind=mistake",
        *(f"search.{{}}?{query}" for query in queries),
    ]
    for feed in feeds:
        atom = await fan.get(f"/kranich/{feed.format('atom')}")
        assert not NOT_IN_XML.search(atom.text), feed
        assert why_not_atom(atom.text) == [], feed
        assert why_not_json_feed((await fan.get(f"/kranich/{feed.format('json')}")).text) == [], feed
        assert "<script>x" not in atom.text


def test_what_is_no_feed_is_found_out():
    assert why_not_atom(
        '<feed xmlns="http://www.w3.org/2005/Atom"><id>x</id><updated>now</updated></feed>'
    ) == [
        "title × 0",
        "moment now",
        "id is no IRI",
    ]
    assert why_not_json_feed('{"version": "1", "items": [], "x": 1}')[:2] == ["version", "title"]
