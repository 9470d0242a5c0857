"""What a company says in public: its page, the log, one entry with its history, and the feed."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.types import ASGIApp

from hearback.changenotes import queries
from hearback.changenotes.feeding import ATOM, JSON_FEED, Told, atom_feed_of, json_feed_of
from hearback.changenotes.lists import list_page
from hearback.changenotes.queries import Entry, LogEntry, RevisionRead
from hearback.changenotes.queries.account import has_account
from hearback.changenotes.rules import CHOICES, DAYS, FIELDS, NoteKind, word_diff
from hearback.changenotes.standing import standing
from hearback.changenotes.translating import is_late
from hearback.clock import day_in, midnight_after, now
from hearback.people.accent import accent
from hearback.people.queries import Company, company_by_slug, portrait
from hearback.refusals import NotFound
from hearback.web.framing import let_load
from hearback.web.pages import render, words_of
from hearback.web.picture import MOST_KEPT, Picture, Shown, picture, picture_reply
from hearback.web.remembering import Memory, remembered
from hearback.words.speaking import LANGUAGES

PAGE = 20
NEWEST = 5
NEWEST_MISTAKES = 3
COMPANIES: Memory[Company] = Memory()
AROUND: Memory[bytes] = Memory()
PICTURES: Memory[Picture] = Memory(most=MOST_KEPT)
Made = tuple[bytes, str, datetime]
Diff = Sequence[tuple[str, str | date]]
# A day, and a choice among some words of ours, is another as a whole.
WHOLE = DAYS | CHOICES


@get("/{company_slug:str}")
async def company_page(request: HTMXRequest, company_slug: FromPath[str]) -> ASGIApp:
    """What we ask now, what we promised, what came of it, and where we were wrong."""

    async def make() -> Made:
        company, at = await company_at(request, company_slug), now()
        around, until = await around_at(company, at)
        page = await queries.log_page(company, now=at, limit=NEWEST, mistakes=NEWEST_MISTAKES)
        text = list_page(
            "company.html",
            company,
            page.entries,
            around,
            words=words_of(request, company),
            path=request.scope["path"],
            today=day_in(company.timezone, at),
            mistakes=tuple(queries.ENTRY.decode(entry) for entry in page.mistakes),
        )
        return text, str(company.id), until

    return await remembered(request, make)


@get("/{company_slug:str}/log")
async def log(request: HTMXRequest, company_slug: FromPath[str]) -> ASGIApp:
    """Twenty entries, newest first; `?kind=` shows one kind, `?before=` older ones."""

    async def make() -> Made:
        company, at = await company_at(request, company_slug), now()
        kind = _kind(request.query_params.get("kind", ""))
        before = before_mark(request.query_params.get("before", ""))
        around, until = await around_at(company, at)
        page = await queries.log_page(company, now=at, kind=kind, before=before, limit=PAGE + 1)
        entries = page.entries[:PAGE]
        older = mark_of(queries.ENTRY.decode(entries[-1])) if len(page.entries) > PAGE else None
        text = list_page(
            "log.html",
            company,
            entries,
            around,
            words=words_of(request, company),
            path=request.scope["path"],
            today=day_in(company.timezone, at),
            count=len(entries),
            kinds=KINDS,
            chosen=kind,
            begins=mark_at(before),
            older=older,
        )
        return text, str(company.id), until

    return await remembered(request, make)


@get("/{company_slug:str}/log.atom")
async def feed(request: HTMXRequest, company_slug: FromPath[str]) -> ASGIApp:
    """The log's newest entries, or those of one `?kind=`, in the language that `?lang=` chooses."""
    return await _feed(request, company_slug, ATOM)


@get("/{company_slug:str}/log.json")
async def json_feed(request: HTMXRequest, company_slug: FromPath[str]) -> ASGIApp:
    """What the Atom feed says, as JSON Feed 1.1."""
    return await _feed(request, company_slug, JSON_FEED)


async def _feed(request: HTMXRequest, company_slug: str, media_type: str) -> ASGIApp:
    async def make() -> Made:
        company, at = await company_at(request, company_slug), now()
        kind, words = _kind(request.query_params.get("kind", "")), words_of(request, company)
        around, until = await around_at(company, at)
        page = await queries.log_page(company, now=at, kind=kind, limit=PAGE)
        entries = [queries.ENTRY.decode(entry) for entry in page.entries]
        told = Told("log", f"kind={kind}", words.say(f"log.kind.{kind}")) if kind else Told("log")
        if media_type == ATOM:
            first_day = queries.AROUND.decode(around).first_day
            text = await atom_feed_of(told, company, entries, words, since=first_day or at)
        else:
            text = await json_feed_of(told, company, entries, words)
        return text, str(company.id), until

    return await remembered(request, make, media_type=media_type)


@get("/{company_slug:str}/log/{note_slug:str}")
async def entry(request: HTMXRequest, company_slug: FromPath[str], note_slug: FromPath[str]) -> ASGIApp:
    return await _entry(request, company_slug, note_slug, "entry")


@get("/{company_slug:str}/log/{note_slug:str}/history")
async def history(request: HTMXRequest, company_slug: FromPath[str], note_slug: FromPath[str]) -> ASGIApp:
    """Every version in full, and word by word what changed."""
    return await _entry(request, company_slug, note_slug, "history")


@get("/{company_slug:str}/log/{note_slug:str}/picture.png")
async def note_picture(
    request: HTMXRequest, company_slug: FromPath[str], note_slug: FromPath[str]
) -> Response[bytes]:
    """In its own language. Raises NotFound for one that was withdrawn: its title alone would go on saying it."""

    async def make() -> tuple[Picture, str, None]:
        company = await company_at(request, company_slug)
        note = await queries.entry(company.id, note_slug, fewest_voices=company.fewest_voices)
        title = _texts(note.versions[-1]).get("title")
        if note.withdrawal or not title:
            raise NotFound
        shown = Shown(
            said=title,
            by=note.signer,
            role=note.signer_title,
            house=company.name,
            accent=accent(company.colour).light,
            face=await portrait(company.slug, note.signer_face) if note.signer_face else None,
        )
        return await picture(shown), str(company.id), None

    found, _ = await PICTURES.get_or_make(f"{company_slug}/{note_slug}", make)
    let_load(request)
    return picture_reply(found, request.headers.get("if-none-match"))


@get("/{company_slug:str}/picture.png")
async def house_picture(request: HTMXRequest, company_slug: FromPath[str]) -> Response[bytes]:
    """For every page of a house that has none of its own: what is found here, and who stands for it."""
    lang = request.query_params.get("lang", "")

    async def make() -> tuple[Picture, str, None]:
        company = await company_at(request, company_slug)
        around, _ = await around_at(company, now())
        leader = queries.AROUND.decode(around).leader
        shown = Shown(
            said=words_of(request, company).say("share.company", name=company.name),
            by=leader.name if leader else "",
            role=leader.role_title if leader else "",
            house=company.name,
            accent=accent(company.colour).light,
            face=await portrait(company.slug, leader.face) if leader and leader.face else None,
        )
        return await picture(shown), str(company.id), None

    # No note has an empty name.
    found, _ = await PICTURES.get_or_make(f"{company_slug}//{lang if lang in LANGUAGES else ''}", make)
    let_load(request)
    return picture_reply(found, request.headers.get("if-none-match"))


async def _entry(request: HTMXRequest, company_slug: str, note_slug: str, page: str) -> ASGIApp:
    async def make() -> Made:
        company, at = await company_at(request, company_slug), now()
        note = await queries.entry(company.id, note_slug, fewest_voices=company.fewest_voices)
        newest = note.versions[-1]
        lang = words_of(request, company).lang
        told = await queries.translations(company.id, note.id)
        translation = next((one for one in told if one.language == lang and not note.withdrawal), None)
        text = _rendered(
            request,
            company,
            f"{page}.html",
            at,
            note=note,
            standing=await standing(company.id, note),
            account=await has_account(company.id),
            texts=_texts(newest) | (translation.texts if translation else {}),
            original=_texts(newest),
            days=_days(newest),
            changes=changes(note),
            whole=WHOLE,
            fields=FIELDS[NoteKind(note.kind)],
            translation=translation,
            late=translation
            and is_late(
                day_in(company.timezone, note.published_at), day_in(company.timezone, translation.at)
            ),
        )
        return text.encode(), str(company.id), midnight_after(company.timezone, at)

    return await remembered(request, make)


def changes(note: Entry) -> list[tuple[RevisionRead, list[tuple[str, Diff]]]]:
    """The revisions, newest first, each with the fields that differ from the one before and how."""
    told = []
    before: RevisionRead | None = None
    for revision in note.revisions:
        fields: list[tuple[str, Diff]] = []
        if before is not None and revision.kind == "corrected":
            old, new = _texts(before) | _days(before), _texts(revision) | _days(revision)
            fields = [
                (name, _differ(name, old.get(name) or "", new.get(name) or ""))
                for name in FIELDS[NoteKind(note.kind)]
                if old.get(name) != new.get(name)
            ]
        told.append((revision, fields))
        if revision.kind != "withdrawn":
            before = revision
    return told[::-1]


def _differ(name: str, old: str | date, new: str | date) -> Diff:
    if name in WHOLE:
        return [(what, said) for what, said in (("del", old), ("ins", new)) if said]
    return word_diff(str(old), str(new))


async def company_at(request: HTMXRequest, slug: str) -> Company:
    async def make() -> tuple[Company, str, None]:
        company = await company_by_slug(slug)
        return company, str(company.id), None

    company, _ = await COMPANIES.get_or_make(slug, make)
    request.state.company = company
    return company


async def around_at(company: Company, at: datetime) -> tuple[bytes, datetime]:
    """What stands around the entries, and the moment from which it would be wrong.

    The same on every page of the company's log, in each language and for each filter, so it is asked for once a change.
    """

    async def make() -> Made:
        around = await queries.around(company, now=at)
        midnight = midnight_after(company.timezone, at)
        return around, str(company.id), min(midnight, queries.AROUND.decode(around).next_turn or midnight)

    around, until = await AROUND.get_or_make(str(company.id), make)
    return around, datetime.fromtimestamp(until, UTC)


def _rendered(request: HTMXRequest, company: Company, template: str, at: datetime, **context: object) -> str:
    words = words_of(request, company)
    return render(
        f"changenotes/{template}",
        words,
        company=company,
        request_path=request.scope["path"],
        today=day_in(company.timezone, at),
        **context,
    )


def _texts(revision: RevisionRead) -> dict[str, str | None]:
    return {field.name: field.words for field in revision.fields}


def _days(revision: RevisionRead) -> dict[str, date]:
    return {field.name: field.until for field in revision.fields if field.until}


def _kind(asked: str) -> str | None:
    """Raises NotFound for a kind that there is not; empty means all."""
    if not asked:
        return None
    if asked not in KINDS:
        raise NotFound
    return asked


def mark_of(entry: LogEntry) -> str:
    """Where the next page begins: moment and id, so that notes of one moment are neither lost nor repeated."""
    return mark_at((entry.published_at, entry.id))


def mark_at(before: tuple[datetime, UUID | None] | None) -> str:
    """As it stands in our links; empty for the first page."""
    if before is None:
        return ""
    at, note_id = before
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}~{note_id or ''}"


def before_mark(mark: str) -> tuple[datetime, UUID | None] | None:
    """Raises NotFound for what is no mark of ours. Without an id all of that moment is left out."""
    if not mark:
        return None
    moment, _, note_id = mark.partition("~")
    try:
        at = datetime.fromisoformat(moment)
        at = at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
        return at, (UUID(note_id) if note_id else None)
    except (ValueError, OverflowError) as error:  # OverflowError: in UTC it lies outside all years
        raise NotFound from error


KINDS = tuple(kind.value for kind in NoteKind)
HANDLERS = [company_page, log, feed, json_feed, entry, history, note_picture, house_picture]
