"""The log as somebody looks for it: by kind, theme, question, year, language and words, each view with its own feeds;
and all that we were wrong about, as a page of its own."""

import hashlib
from datetime import datetime
from uuid import UUID

from litestar import Response, get
from litestar.enums import MediaType
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.types import ASGIApp
from msgspec import Struct
from msgspec.structs import replace

from hearback.changenotes import queries
from hearback.changenotes.feeding import ATOM, JSON_FEED, Told, atom_feed_of, json_feed_of
from hearback.changenotes.lists import entries_shown, list_page
from hearback.changenotes.public import (
    KINDS,
    PAGE,
    Made,
    around_at,
    before_mark,
    company_at,
    mark_at,
    mark_of,
)
from hearback.changenotes.queries import Choices, LogPage
from hearback.changenotes.queries.seeking import found
from hearback.changenotes.rules import NoteKind
from hearback.changenotes.seeking import all_words, hits, seek
from hearback.changenotes.wanted import LONGEST_WORDS, Wanted, read_wanted
from hearback.clock import day_in, midnight_after, now
from hearback.people.queries import Company
from hearback.refusals import NotFound
from hearback.web.pages import render, words_of
from hearback.web.remembering import Memory, remembered
from hearback.words.speaking import Words

CHOICES: Memory[Choices] = Memory()
MOST_SKIPPED = 10_000
VIEWS: Memory[bytes] = Memory(most=300)
# A search is nobody's page to be found by a search.
HEADERS = {"Cache-Control": "private, no-cache", "X-Robots-Tag": "noindex"}


@get("/{company_slug:str}/search")
async def search(request: HTMXRequest, company_slug: FromPath[str]) -> Response[bytes]:
    """Twenty entries, newest first, or where words are looked for, those first that say them most; what is wanted
    stands in the address."""
    company = await company_at(request, company_slug)
    wanted, choices = await _wanted(request, company)
    words, mark = words_of(request, company), request.query_params.get("before", "")
    skip = _skip(request.query_params.get("skip", ""))

    async def make() -> Made:
        at = now()
        around = Around(company, wanted, choices, words, request.scope["path"])
        text = await (_hits(around, skip, at) if wanted.words else _entries(around, mark, at))
        return text.encode(), str(company.id), midnight_after(company.timezone, at)

    text, _ = await VIEWS.get_or_make(f"{company.id} {words.lang} {wanted.query} {mark} {skip}", make)
    return Response(text, media_type=MediaType.HTML, headers=HEADERS)


class Around(Struct, frozen=True):
    company: Company
    wanted: Wanted
    choices: Choices
    words: Words
    path: str

    def page(self, **found: object) -> str:
        return render(
            "changenotes/search.html",
            self.words,
            company=self.company,
            request_path=self.path,
            wanted=self.wanted,
            choices=self.choices,
            kinds=KINDS,
            longest=LONGEST_WORDS,
            **found,
        )


async def _entries(around: Around, mark: str, at: datetime) -> str:
    company = around.company
    page = await _found(company, around.wanted, at, before=mark)
    entries = page.entries[:PAGE]
    older = mark_of(queries.ENTRY.decode(entries[-1])) if len(page.entries) > PAGE else ""
    today = day_in(company.timezone, at)
    return around.page(
        count=len(entries),
        listed=entries_shown(company, entries, words=around.words, today=today),
        hits=(),
        near=False,
        older=f"before={older}" if older else "",
    )


async def _hits(around: Around, skip: int, at: datetime) -> str:
    company = around.company
    found = await seek(company, around.wanted, skip=skip, limit=PAGE + 1)
    more, found = len(found.ids) > PAGE, replace(found, ids=found.ids[:PAGE])
    page = await queries.log_page(company, now=at, limit=PAGE, only=found.ids)
    entries = [queries.ENTRY.decode(entry) for entry in page.entries]
    return around.page(
        count=len(entries),
        listed="",
        hits=await hits(company, found, entries, around.words.lang),
        near=found.near,
        older=f"skip={skip + PAGE}" if more else "",
    )


@get("/{company_slug:str}/search.atom")
async def search_atom(request: HTMXRequest, company_slug: FromPath[str]) -> Response[bytes]:
    return await _feed(request, company_slug, ATOM)


@get("/{company_slug:str}/search.json")
async def search_json(request: HTMXRequest, company_slug: FromPath[str]) -> Response[bytes]:
    return await _feed(request, company_slug, JSON_FEED)


@get("/{company_slug:str}/mistakes")
async def mistakes(request: HTMXRequest, company_slug: FromPath[str]) -> ASGIApp:
    """Where we were wrong: as large as the log, and told the same way."""

    async def make() -> Made:
        company, at = await company_at(request, company_slug), now()
        around, until = await around_at(company, at)
        before = before_mark(request.query_params.get("before", ""))
        page = await queries.log_page(company, now=at, kind=NoteKind.MISTAKE, before=before, limit=PAGE + 1)
        entries = page.entries[:PAGE]
        text = list_page(
            "mistakes.html",
            company,
            entries,
            around,
            words=words_of(request, company),
            path=request.scope["path"],
            today=day_in(company.timezone, at),
            begins=mark_at(before),
            older=mark_of(queries.ENTRY.decode(entries[-1])) if len(page.entries) > PAGE else None,
        )
        return text, str(company.id), until

    return await remembered(request, make)


async def _wanted(request: HTMXRequest, company: Company) -> tuple[Wanted, Choices]:
    """Raises NotFound for what nobody can choose."""

    async def make() -> tuple[Choices, str, datetime]:
        return await queries.choices(company), str(company.id), midnight_after(company.timezone, now())

    wanted = read_wanted(request.query_params)
    choices, _ = await CHOICES.get_or_make(str(company.id), make)
    choices = await choices.widened(company, wanted)
    choices.check(wanted)
    return wanted, choices


async def _found(company: Company, wanted: Wanted, at: datetime, *, before: str = "") -> LogPage:
    """Newest first: also what holds words, for a feed."""
    each = await all_words(company, wanted) if wanted.words else []
    mark, ids = before_mark(before), list[UUID]()
    if each is not None:
        ids = await found(company, wanted, each=each, before=mark, limit=PAGE + 1)
    return await queries.log_page(company, now=at, limit=PAGE + 1, only=ids)


def _skip(typed: str) -> int:
    """Raises NotFound for what no link of ours says."""
    if not typed:
        return 0
    if not (
        typed.isascii()
        and typed.isdigit()
        and len(typed) <= len(str(MOST_SKIPPED))
        and int(typed) <= MOST_SKIPPED
    ):
        raise NotFound
    return int(typed)


async def _feed(request: HTMXRequest, company_slug: str, media_type: str) -> Response[bytes]:
    """Made once a change, however often a reader asks; one that says what it has gets nothing again."""
    company = await company_at(request, company_slug)
    wanted, choices = await _wanted(request, company)
    words = words_of(request, company)

    async def make() -> Made:
        at = now()
        page = await _found(company, wanted, at)
        entries = [queries.ENTRY.decode(entry) for entry in page.entries[:PAGE]]
        told = Told("search", wanted.query, _about(wanted, choices, words))
        if media_type == ATOM:
            feed = await atom_feed_of(told, company, entries, words, since=at)
        else:
            feed = await json_feed_of(told, company, entries, words)
        return feed, str(company.id), midnight_after(company.timezone, at)

    feed, _ = await VIEWS.get_or_make(f"{company.id} {words.lang} {wanted.query} {media_type}", make)
    headers = HEADERS | {"ETag": f'"{hashlib.sha256(feed).hexdigest()[:20]}"'}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(b"", status_code=304, headers=headers)
    return Response(feed, media_type=media_type, headers=headers)


def _about(wanted: Wanted, choices: Choices, words: Words) -> str:
    said = [
        words.say(f"log.kind.{wanted.kind}") if wanted.kind else "",
        *(theme.name for theme in choices.themes if theme.id == wanted.theme),
        *(question.title for question in choices.questions if question.slug == wanted.question),
        str(wanted.year or ""),
        words.say(f"seek.language.{wanted.note_language}") if wanted.note_language else "",
        f"„{wanted.words}“" if wanted.words else "",
    ]
    return ", ".join(part for part in said if part)


HANDLERS = [search, search_atom, search_json, mistakes]
