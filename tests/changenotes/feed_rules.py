"""What the standards demand of a feed, rule by rule: RFC 4287 (every "must" that its schema and its text have of
whoever publishes) and JSON Feed 1.1 (jsonfeed.org/version/1.1). Each rule gives its reason against, with its section.

No schema is run, because no reader of RELAX NG is among this project's packages: what may stand where, how often, with
which attributes, is written down here as tables.
"""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

from msgspec import Struct

ATOM = "{http://www.w3.org/2005/Atom}"
XHTML_DIV = "{http://www.w3.org/1999/xhtml}div"
XML = "{http://www.w3.org/XML/1998/namespace}"
RFC_3339 = re.compile(
    r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?(Z|[+-]\d\d:\d\d)"
)
LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+(; ?[\w-]+=[\w-]+)*")
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
VOID = {"br", "hr", "img"}
MANY = 9999


class May(Struct, frozen=True):
    """holds: element → how often, least and most; attributes: those without a namespace."""

    holds: dict[str, tuple[int, int]] = {}
    attributes: frozenset[str] = frozenset()


ONCE, AT_MOST_ONCE, ANY = (1, 1), (0, 1), (0, MANY)
PERSON = May({"name": ONCE, "uri": AT_MOST_ONCE, "email": AT_MOST_ONCE})
TEXT = May(attributes=frozenset({"type"}))
PLAIN = May()
# RFC 4287: 4.1.1, 4.1.2, 4.2.11, 3.2, 4.2.x
IN = {
    "feed": May({"author": ANY, "category": ANY, "contributor": ANY, "generator": AT_MOST_ONCE, "icon": AT_MOST_ONCE,
                 "id": ONCE, "link": ANY, "logo": AT_MOST_ONCE, "rights": AT_MOST_ONCE, "subtitle": AT_MOST_ONCE,
                 "title": ONCE, "updated": ONCE, "entry": ANY}),
    "entry": May({"author": ANY, "category": ANY, "content": AT_MOST_ONCE, "contributor": ANY, "id": ONCE, "link": ANY,
                  "published": AT_MOST_ONCE, "rights": AT_MOST_ONCE, "source": AT_MOST_ONCE, "summary": AT_MOST_ONCE,
                  "title": ONCE, "updated": ONCE}),
    "author": PERSON, "contributor": PERSON,
    "title": TEXT, "subtitle": TEXT, "rights": TEXT, "summary": TEXT,
    "content": May(attributes=frozenset({"type", "src"})),
    "category": May(attributes=frozenset({"term", "scheme", "label"})),
    "generator": May(attributes=frozenset({"uri", "version"})),
    "link": May(attributes=frozenset({"href", "rel", "type", "hreflang", "title", "length"})),
    **dict.fromkeys(("id", "icon", "logo", "updated", "published", "name", "uri", "email"), PLAIN),
}  # fmt: skip
NOT_EMPTY = ("id", "updated", "published", "name", "uri", "email", "icon", "logo")
ADDRESSES = ("id", "uri", "icon", "logo")


def why_not_atom(text: str) -> list[str]:
    """Every reason why this is no Atom feed. Raises ParseError for what is no XML."""
    feed = ElementTree.fromstring(text)
    if feed.tag != f"{ATOM}feed":
        return ["2: root"]
    wrong = ["XML 2.2: sign"] if NOT_IN_XML.search(text) else []
    for element in _ours(feed):
        wrong += _element(element)
    entries = feed.findall(f"{ATOM}entry")
    names = [_name(child) for child in feed if child.tag.startswith(ATOM)]
    if "entry" in names and set(names[names.index("entry") :]) != {"entry"}:
        wrong.append("4.1.1: something after the entries")
    if feed.find(f"{ATOM}author") is None and any(one.find(f"{ATOM}author") is None for one in entries):
        wrong.append("4.1.1: nobody wrote it")
    if not [link for link in feed.findall(f"{ATOM}link") if link.get("rel") == "self"]:
        wrong.append("4.1.1: no link to itself")
    for one in [feed, *entries]:
        wrong += _alternates(one)
    for entry in entries:
        wrong += _entry(entry)
    told = [(entry.findtext(f"{ATOM}id"), entry.findtext(f"{ATOM}updated")) for entry in entries]
    return wrong + (["4.1.1: an entry twice"] if len(told) != len(set(told)) else [])


def _ours(element: ElementTree.Element) -> Iterator[ElementTree.Element]:
    yield element
    for child in element:
        if child.tag.startswith(ATOM):
            yield from _ours(child)


def _element(element: ElementTree.Element) -> list[str]:
    name, text = _name(element), element.text or ""
    if name not in IN:
        return [f"1.2: {name} is unknown"]
    may, names = IN[name], [_name(child) for child in element if child.tag.startswith(ATOM)]
    wrong = [f"{name}: {inner} has no place" for inner in names if inner not in may.holds]
    wrong += [f"{name}: {inner} × {names.count(inner)}" for inner, (least, most) in may.holds.items()
              if not least <= names.count(inner) <= most]  # fmt: skip
    wrong += [f"2: {name} has {attribute}" for attribute in element.attrib
              if not attribute.startswith("{") and attribute not in may.attributes]  # fmt: skip
    language = element.get(f"{XML}lang")
    if language is not None and not LANGUAGE.fullmatch(language):
        wrong.append(f"2: language {language}")
    if name in NOT_EMPTY and (not text or text != text.strip()):
        wrong.append(f"{name}: empty, or blanks around it")
    if name in ADDRESSES and not _iri(text):
        wrong.append(f"{name}: no IRI: {text}")
    if name in ("updated", "published") and not _moment(text):
        wrong.append(f"3.3: moment {text}")
    if name == "email" and not re.fullmatch(r".+@.+", text):
        wrong.append("3.2.3: email")
    if name == "category" and not element.get("term"):
        wrong.append("4.2.2.1: category without a term")
    if may is TEXT or name == "content":
        wrong += _text(element)
    return wrong + (_link(element) if name == "link" else [])


def _text(element: ElementTree.Element) -> list[str]:
    """3.1, 4.1.3: what is said, and as what."""
    name, kind, inner = _name(element), element.get("type", "text"), list(element)
    if name == "content" and element.get("src") is not None:
        return (
            [] if not inner and not (element.text or "").strip() else ["4.1.3.2: content with src says more"]
        )
    if kind in ("text", "html"):
        wrong = [f"3.1.1: {name} holds elements"] if inner else []
        return wrong + (_html(name, element.text or "") if kind == "html" else [])
    if kind == "xhtml":
        return [] if [one.tag for one in inner] == [XHTML_DIV] else [f"3.1.1.3: {name} is no div"]
    return [] if name == "content" and MEDIA_TYPE.fullmatch(kind) else [f"3.1.1: {name} type {kind}"]


def _html(name: str, text: str) -> list[str]:
    """3.1.1.2: what could stand in a div, so every element that begins ends in order."""
    reader = _Nesting()
    reader.feed(text)
    reader.close()
    return [f"3.1.1.2: {name} {reader.wrong or reader.open}"] if reader.wrong or reader.open else []


class _Nesting(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, _attrs: object) -> None:
        if tag in ("html", "head", "body", "script", "style"):
            self.wrong.append(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


def _link(link: ElementTree.Element) -> list[str]:
    """4.2.7"""
    rel, kind, language = (link.get(name) for name in ("rel", "type", "hreflang"))
    wrong = [] if _iri(link.get("href") or "") else [f"4.2.7.1: address {link.get('href')}"]
    if rel is not None and not (re.fullmatch(r"[A-Za-z0-9._~!$&'()*+,;=@-]+", rel) or _iri(rel)):
        wrong.append(f"4.2.7.2: rel {rel}")
    if kind is not None and not MEDIA_TYPE.fullmatch(kind):
        wrong.append(f"4.2.7.3: type {kind}")
    if language is not None and not LANGUAGE.fullmatch(language):
        wrong.append(f"4.2.7.4: hreflang {language}")
    return wrong


def _alternates(of: ElementTree.Element) -> list[str]:
    """4.1.1, 4.1.2: one of each type and language."""
    told = [(link.get("type"), link.get("hreflang")) for link in of.findall(f"{ATOM}link")
            if link.get("rel", "alternate") == "alternate"]  # fmt: skip
    return [] if len(told) == len(set(told)) else [f"4.1: {_name(of)} has two alternates alike"]


def _entry(entry: ElementTree.Element) -> list[str]:
    content = entry.find(f"{ATOM}content")
    alternates = [
        link for link in entry.findall(f"{ATOM}link") if link.get("rel", "alternate") == "alternate"
    ]
    wrong = [] if content is not None or alternates else ["4.1.2: neither content nor a link"]
    if content is not None and content.get("src") and entry.find(f"{ATOM}summary") is None:
        wrong.append("4.1.2: content elsewhere, and no summary")
    return wrong


def _name(element: ElementTree.Element) -> str:
    return element.tag.removeprefix(ATOM)


def _iri(text: str) -> bool:
    parts = urlsplit(text)
    return bool(parts.scheme and (parts.netloc or parts.path)) and not re.search(r'[\s<>"{}|\\^`]', text)


def _moment(text: str) -> bool:
    return bool(RFC_3339.fullmatch(text)) and datetime.fromisoformat(text).tzinfo is not None


# JSON Feed 1.1, "Top-level" and "Items": name → what it is
FEED: dict[str, type] = {"version": str, "title": str, "home_page_url": str, "feed_url": str, "description": str,
        "user_comment": str, "next_url": str, "icon": str, "favicon": str, "authors": list, "language": str,
        "expired": bool, "hubs": list, "items": list}  # fmt: skip
ITEM: dict[str, type] = {"id": str, "url": str, "external_url": str, "title": str, "content_html": str,
        "content_text": str, "summary": str, "image": str, "banner_image": str, "date_published": str,
        "date_modified": str, "authors": list, "tags": list, "language": str, "attachments": list}  # fmt: skip
AUTHOR: dict[str, type] = {"name": str, "url": str, "avatar": str}
ADDRESSED = ("home_page_url", "feed_url", "next_url", "icon", "favicon", "url", "external_url", "image",
             "banner_image", "avatar")  # fmt: skip


def why_not_json_feed(text: str) -> list[str]:
    """Every reason why this is no JSON Feed 1.1. Raises ValueError for what is no JSON."""
    feed = json.loads(text)
    wrong = _thing("feed", feed, FEED)
    wrong += [f"feed without {name}" for name in ("version", "title", "items") if name not in feed]
    if feed.get("version") != "https://jsonfeed.org/version/1.1":
        wrong.append("version")
    if "next_url" in feed and feed["next_url"] == feed.get("feed_url"):
        wrong.append("next_url leads to itself")
    for item in feed.get("items") or []:
        wrong += _item(item)
    ids = [item.get("id") for item in feed.get("items") or []]
    return wrong + (["an id twice"] if len(ids) != len(set(ids)) else [])


def _item(item: dict[str, Any]) -> list[str]:
    wrong = _thing("item", item, ITEM)
    if not item.get("id"):
        wrong.append("item without id")
    if not ({"content_html", "content_text"} & set(item)):
        wrong.append("item says nothing")
    wrong += [f"{name} {item[name]}" for name in ("date_published", "date_modified")
              if name in item and not _moment(str(item[name]))]  # fmt: skip
    if not all(isinstance(tag, str) and tag for tag in item.get("tags", [])):
        wrong.append("tags")
    return wrong + _html("content_html", str(item.get("content_html", "")))


def _thing(what: str, thing: dict[str, Any], known: dict[str, type]) -> list[str]:
    """A name of our own begins with _ and a letter, and holds an object."""
    wrong = []
    for name, value in thing.items():
        if name.startswith("_"):
            ours = re.fullmatch(r"_[A-Za-z][^.]*", name) and isinstance(value, dict)
            wrong += [] if ours else [f"{what}: {name} is no extension"]
        elif name not in known or not isinstance(value, known[name]):
            wrong.append(f"{what}: {name}")
        elif name in ADDRESSED and not _iri(value):
            wrong.append(f"{what}: {name} {value}")
        elif name == "language" and not LANGUAGE.fullmatch(value):
            wrong.append(f"{what}: language {value}")
    for author in thing.get("authors") or []:
        wrong += _thing("author", author, AUTHOR) + (
            [] if set(author) & set(AUTHOR) else ["an author without a name"]
        )
    return wrong
