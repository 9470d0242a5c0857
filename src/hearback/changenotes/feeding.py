"""The log, or the part of it that somebody looks for, as Atom (RFC 4287) and as JSON Feed 1.1 (jsonfeed.org): one feed
a language. A note that was translated is told in the feed's language, any other in its own, and each says which."""

import re
from collections.abc import Mapping
from datetime import datetime

import msgspec
from markupsafe import Markup
from msgspec import Struct

from hearback.changenotes.queries import LogEntry
from hearback.changenotes.queries.feeding import said_besides
from hearback.changenotes.queries.logged import Logged, Trace, traces
from hearback.changenotes.rules import TOLD_AT_ONCE, NoteKind, NoteState, changed_last
from hearback.people.queries import Company
from hearback.settings import settings
from hearback.web.markdown import markdown
from hearback.web.pages import lines, render
from hearback.words.speaking import Words, words_for

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

    def address(self, company: Company, lang: str, ending: str = "") -> str:
        query = [self.query] if self.query else []
        query += [] if lang == company.languages[0] else [f"lang={lang}"]
        address = f"{settings().base_url}/{company.slug}/{self.page}{ending}"
        return f"{address}?{'&'.join(query)}" if query else address

    def title(self, company: Company, words: Words) -> str:
        return f"{company.name}: {words.say('log.title')}{f' – {self.about}' if self.about else ''}"


class Item(Struct, frozen=True):
    """An entry as this feed's reader gets it. url, elsewhere: its page in the feed's language, and in the others in
    which it was said; changed_at: also when its translation came, or words were taken out of it."""

    entry: LogEntry
    language: str
    title: str
    html: Markup
    label: str
    signer: str
    changed_at: datetime
    url: str
    elsewhere: tuple[tuple[str, str], ...]
    place: Logged | None


async def atom_feed_of(
    told: Told, company: Company, entries: list[LogEntry], words: Words, *, since: datetime
) -> bytes:
    """since: when it was new as long as it is empty."""
    items = await _items(company, entries, words)
    text = render(
        "changenotes/log.atom",
        words,
        company=company,
        items=items,
        updated=max((item.changed_at for item in items), default=since),
        title=told.title(company, words),
        itself=told.address(company, words.lang, ".atom"),
        web_page=told.address(company, words.lang),
        elsewhere=[
            (lang, told.address(company, lang, ".atom")) for lang in company.languages if lang != words.lang
        ],
    )
    return NOT_IN_XML.sub("", text).encode()


async def json_feed_of(told: Told, company: Company, entries: list[LogEntry], words: Words) -> bytes:
    """A withdrawn note stays, and says why."""
    return msgspec.json.encode(
        {
            "version": VERSION,
            "title": told.title(company, words),
            "home_page_url": told.address(company, words.lang),
            "feed_url": told.address(company, words.lang, ".json"),
            "language": words.lang,
            "authors": [{"name": company.name, "url": _page(company, words.lang)}],
            "items": [_json_item(item) for item in await _items(company, entries, words)],
        }
    )


def _json_item(item: Item) -> dict[str, object]:
    return {
        "id": f"urn:uuid:{item.entry.id}",
        "url": item.url,
        "title": item.title,
        "content_html": str(item.html),
        "date_published": item.entry.published_at,
        "date_modified": item.changed_at,
        "authors": [{"name": item.signer}],
        "tags": [item.label],
        "language": item.language,
    } | ({"_ledger": {"entry": item.place.number, "checkpoint": item.place.line}} if item.place else {})


async def _items(company: Company, entries: list[LogEntry], words: Words) -> list[Item]:
    ids = [entry.id for entry in entries]
    trace, more = await traces(company.id, ids), await said_besides(company.id, ids)
    return [
        _item(
            company,
            entry,
            words.lang,
            trace[entry.id],
            more.get((entry.id, entry.told(words.lang).language), {}),
        )
        for entry in entries
    ]


def _item(company: Company, entry: LogEntry, lang: str, trace: Trace, more: Mapping[str, str]) -> Item:
    """What stands around the note's words is said in their language, so that an entry speaks one. more: what it says
    besides, by field."""
    told, withdrawn = entry.told(lang), entry.state == NoteState.WITHDRAWN
    words = words_for(told.language, company.address, company.timezone)
    spoken = {entry.language, *(one.language for one in entry.translations)}
    page = f"/log/{entry.slug}"
    return Item(
        entry=entry,
        language=told.language,
        title=words.say("note.withdrawn-title", title=told.title) if withdrawn else told.title,
        html=(
            lines(entry.withdrawn_because)
            if withdrawn
            else _content(entry, told.asked, told.answer, more, words)
            + Markup('<p><a href="{}">{}</a></p>').format(
                _page(company, lang, page), words.say("mail.read-note")
            )
        )
        + _in_ledger(trace.place, words),
        label=words.say(f"kind.{entry.kind}"),
        signer=f"{entry.signer}, {entry.signer_title}" if entry.signer_title else entry.signer,
        changed_at=changed_last(entry.changed_at, told.at, trace.erased_at, erasures=trace.erasures),
        url=_page(company, lang, page),
        elsewhere=tuple(
            (other, _page(company, other, page))
            for other in company.languages
            if other in spoken and other != lang
        ),
        place=trace.place,
    )


def _page(company: Company, lang: str, path: str = "") -> str:
    chosen = "" if lang == company.languages[0] else f"?lang={lang}"
    return f"{settings().base_url}/{company.slug}{path}{chosen}"


def _in_ledger(place: Logged | None, words: Words) -> Markup:
    """Whoever keeps what a feed brought keeps a signature that shows later whether anything was rewritten."""
    if place is None:
        return Markup("")
    stands = words.say("ledger.note-stands", n=place.number + 1)
    return Markup("<p>{} {}<br><code>{}</code></p>").format(stands, words.say("ledger.keep-line"), place.line)


def _content(entry: LogEntry, asked: str, answer: str, more: Mapping[str, str], words: Words) -> Markup:
    """A mistake is not told without its apology, and no note without its question."""
    heading = Markup("<h3>{}</h3>")
    answers = "log.answer.kept" if entry.form == "kept" else f"log.answer.{entry.kind}"
    again = Markup("<p><strong>{}</strong></p>").format(words.say("note.nth-loud", nth=entry.nth))
    before = again if entry.nth > 1 else Markup("")
    before += heading.format(words.say("note.h.asked")) + markdown(asked) if asked else Markup("")
    besides = (name for name in TOLD_AT_ONCE[NoteKind(entry.kind)] if name in more)
    return (
        before
        + heading.format(words.say(answers))
        + markdown(answer)
        + Markup("").join(
            heading.format(words.say(f"note.h.{name}")) + markdown(more[name]) for name in besides
        )
    )
