"""The log, or the part of it that somebody looks for, as Atom (RFC 4287) and as JSON Feed 1.1 (jsonfeed.org)."""

import re
from datetime import datetime

import msgspec
from markupsafe import Markup
from msgspec import Struct

from hearback.changenotes.queries import LogEntry
from hearback.changenotes.queries.logged import Logged, logged
from hearback.changenotes.rules import NoteState
from hearback.people.queries import Company
from hearback.settings import settings
from hearback.web.markdown import markdown
from hearback.web.pages import lines, render
from hearback.words.speaking import Words

ATOM = "application/atom+xml; charset=utf-8"
JSON_FEED = "application/feed+json; charset=utf-8"
VERSION = "https://jsonfeed.org/version/1.1"
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Told(Struct, frozen=True):
    """Of what a feed tells. page: its address below the company's, of which the feeds have the same one with `.atom`
    and `.json`; query: what is looked for there; about: in words, empty for the whole log."""

    page: str
    query: str = ""
    about: str = ""

    def address(self, company: Company, words: Words, ending: str = "") -> str:
        query = [self.query] if self.query else []
        query += [] if words.lang == company.languages[0] else [f"lang={words.lang}"]
        address = f"{settings().base_url}/{company.slug}/{self.page}{ending}"
        return f"{address}?{'&'.join(query)}" if query else address

    def title(self, company: Company, words: Words) -> str:
        return f"{company.name}: {words.say('log.title')}{f' – {self.about}' if self.about else ''}"


WHOLE_LOG = Told("log")


async def atom_feed_of(
    told: Told, company: Company, entries: list[LogEntry], words: Words, *, since: datetime
) -> bytes:
    """since: when it was new as long as it is empty."""
    text = render(
        "changenotes/log.atom",
        words,
        company=company,
        entries=entries,
        places=await logged(company.id, [entry.id for entry in entries]),
        updated=max((entry.changed_at for entry in entries), default=since),
        base_url=settings().base_url,
        # The whole log has had this one from the beginning, in every language.
        id=f"{settings().base_url}/{company.slug}/log.atom"
        if told == WHOLE_LOG
        else told.address(company, words, ".atom"),
        title=told.title(company, words),
        itself=told.address(company, words, ".atom"),
        web_page=told.address(company, words),
        in_ledger=lambda place: _in_ledger(place, words),
    )
    return NOT_IN_XML.sub("", text).encode()


async def json_feed_of(told: Told, company: Company, entries: list[LogEntry], words: Words) -> bytes:
    """A withdrawn note stays, and says why."""
    base = f"{settings().base_url}/{company.slug}"
    lang = "" if words.lang == company.languages[0] else f"?lang={words.lang}"
    places = await logged(company.id, [entry.id for entry in entries])
    return msgspec.json.encode(
        {
            "version": VERSION,
            "title": told.title(company, words),
            "home_page_url": told.address(company, words),
            "feed_url": told.address(company, words, ".json"),
            "language": words.lang,
            "authors": [{"name": company.name, "url": f"{base}{lang}"}],
            "items": [
                _item(entry, words, f"{base}/log/{entry.slug}{lang}", places.get(entry.id))
                for entry in entries
            ],
        }
    )


def _item(entry: LogEntry, words: Words, url: str, place: Logged | None) -> dict[str, object]:
    withdrawn = entry.state == NoteState.WITHDRAWN
    title = words.say("note.withdrawn-title", title=entry.title) if withdrawn else entry.title
    signer = f"{entry.signer}, {entry.signer_title}" if entry.signer_title else entry.signer
    return {
        "id": f"urn:uuid:{entry.id}",
        "url": url,
        "title": title,
        "content_html": str(
            (lines(entry.withdrawn_because) if withdrawn else _content(entry, words))
            + _in_ledger(place, words)
        ),
        "date_published": entry.published_at,
        "date_modified": entry.changed_at,
        "authors": [{"name": signer}],
        "tags": [words.say(f"kind.{entry.kind}")],
        "language": entry.language,
    } | ({"_ledger": {"entry": place.number, "checkpoint": place.line}} if place else {})


def _in_ledger(place: Logged | None, words: Words) -> Markup:
    """Whoever keeps what a feed brought keeps a signature that shows later whether anything was rewritten."""
    if place is None:
        return Markup("")
    stands = words.say("ledger.note-stands", n=place.number + 1)
    return Markup("<p>{} {}<br><code>{}</code></p>").format(stands, words.say("ledger.keep-line"), place.line)


def _content(entry: LogEntry, words: Words) -> Markup:
    heading = Markup("<h3>{}</h3>")
    asked = heading.format(words.say("note.h.asked")) + markdown(entry.asked) if entry.asked else Markup("")
    return asked + heading.format(words.say(f"log.answer.{entry.kind}")) + markdown(entry.answer)
