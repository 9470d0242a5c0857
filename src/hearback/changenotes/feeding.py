"""The log as JSON Feed 1.1 (jsonfeed.org), for whoever reads without a browser."""

import msgspec
from markupsafe import Markup

from hearback.changenotes.queries import LogEntry
from hearback.changenotes.rules import NoteState
from hearback.people.queries import Company
from hearback.web.markdown import markdown
from hearback.web.pages import lines
from hearback.words.speaking import Words

VERSION = "https://jsonfeed.org/version/1.1"


def json_feed_of(company: Company, entries: list[LogEntry], words: Words, base: str) -> bytes:
    """base: the company's public address. A withdrawn note stays, and says why."""
    lang = "" if words.lang == company.languages[0] else f"?lang={words.lang}"
    return msgspec.json.encode(
        {
            "version": VERSION,
            "title": f"{company.name}: {words.say('log.title')}",
            "home_page_url": f"{base}/log{lang}",
            "feed_url": f"{base}/log.json{lang}",
            "language": words.lang,
            "authors": [{"name": company.name, "url": f"{base}{lang}"}],
            "items": [_item(entry, words, f"{base}/log/{entry.slug}{lang}") for entry in entries],
        }
    )


def _item(entry: LogEntry, words: Words, url: str) -> dict[str, object]:
    withdrawn = entry.state == NoteState.WITHDRAWN
    title = words.say("note.withdrawn-title", title=entry.title) if withdrawn else entry.title
    signer = f"{entry.signer}, {entry.signer_title}" if entry.signer_title else entry.signer
    return {
        "id": f"urn:uuid:{entry.id}",
        "url": url,
        "title": title,
        "content_html": str(lines(entry.withdrawn_because) if withdrawn else _content(entry, words)),
        "date_published": entry.published_at,
        "date_modified": entry.changed_at,
        "authors": [{"name": signer}],
        "tags": [words.say(f"kind.{entry.kind}")],
        "language": entry.language,
    }


def _content(entry: LogEntry, words: Words) -> Markup:
    heading = Markup("<h3>{}</h3>")
    asked = heading.format(words.say("note.h.asked")) + markdown(entry.asked) if entry.asked else Markup("")
    return asked + heading.format(words.say(f"log.answer.{entry.kind}")) + markdown(entry.answer)
