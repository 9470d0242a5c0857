"""What comes in from the fediverse, read strictly. No database, no web."""

import re
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
ACTIVITY_JSON = "application/activity+json; charset=utf-8"
# ActivityPub, 3.2 and 7: whoever asks or delivers says this one; the shorter name is for servers that know no other.
LINKED_DATA = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
ASKS_FOR = f"{LINKED_DATA}, application/activity+json;q=0.9"
# The last entry: what the first two do not define, as Mastodon's documents have it.
CONTEXT = [
    "https://www.w3.org/ns/activitystreams",
    "https://w3id.org/security/v1",
    {
        "manuallyApprovesFollowers": "as:manuallyApprovesFollowers",
        "toot": "http://joinmastodon.org/ns#",
        "discoverable": "toot:discoverable",
    },
]
LARGEST = 100_000  # bytes of one activity
LONGEST_ID = 500
LONGEST_WORDS = 4000  # as of any answer
MENTION = re.compile(r"^(@[\w.-]+(@[\w.-]+)?\s+)+")
UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


class Lying(Exception):
    """What somebody sent cannot be so; args: why, for the log."""


def origin(address: str) -> str:
    """Scheme, host and port. Raises Lying for what is no address."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise Lying("address") from error
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.username or parts.password:
        raise Lying("address")
    return f"{parts.scheme}://{parts.hostname.lower()}:{port or {'https': 443, 'http': 80}[parts.scheme]}"


def id_of(thing: Any) -> str:
    """Of what stands there as an address or as an object. Raises Lying."""
    found = thing.get("id") if isinstance(thing, dict) else thing
    if not isinstance(found, str) or not 0 < len(found) <= LONGEST_ID or not found.isprintable():
        raise Lying("id")
    return found


def text(thing: dict[str, Any], name: str) -> str:
    """Empty where there is none."""
    found = thing.get(name)
    return found if isinstance(found, str) else ""


def types(thing: Any) -> set[str]:
    found = thing.get("type") if isinstance(thing, dict) else None
    listed = found if isinstance(found, list) else [found]
    return {one for one in listed if isinstance(one, str)}


def names(note: dict[str, Any], address: str) -> bool:
    """Whether it is said to this account too, by a mention."""
    told = note.get("tag")
    return any(
        isinstance(tag, dict) and "Mention" in types(tag) and tag.get("href") == address
        for tag in (told if isinstance(told, list) else [told])
    )


def said_in(note: dict[str, Any]) -> str:
    """The words of somebody's note, without marks and without the names that it begins with."""
    reader = _TextOnly()
    reader.feed(text(note, "content")[:LARGEST])
    reader.close()
    told = UNSEEN.sub("", "".join(reader.found)).strip()
    told = re.sub(r"\n{3,}", "\n\n", "\n".join(line.strip() for line in told.split("\n")))
    return MENTION.sub("", told).strip()[:LONGEST_WORDS]


def language_of(note: dict[str, Any]) -> str:
    """Two letters, or empty where it does not say."""
    told = note.get("contentMap")
    first = next(iter(told), "") if isinstance(told, dict) else ""
    return first[:2].lower() if re.match(r"[A-Za-z]{2}(-|$)", str(first)) else ""


class _TextOnly(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, _attrs: object) -> None:
        self._hidden += tag in ("script", "style")
        if tag in ("br", "p", "div", "li"):
            self.found.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("script", "style") and self._hidden > 0
        if tag == "p":
            self.found.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.found.append(re.sub(r"\s+", " ", data))
