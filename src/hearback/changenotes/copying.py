"""What is taken along: the whole log as CSV, JSON or Markdown, and one note on paper with its version and checksum."""

import hashlib

import msgspec
from litestar import Response, get
from litestar.enums import MediaType
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest
from litestar.types import ASGIApp

from hearback.changenotes import queries
from hearback.changenotes.public import Made, company_at
from hearback.changenotes.queries import Gone, WholeNote, WholeRevision
from hearback.changenotes.rules import DAYS, FIELDS, NoteKind
from hearback.clock import day_in, midnight_after, now
from hearback.ledger.queries import newest_checkpoint
from hearback.ledger.rules import canonical
from hearback.people.queries import Company
from hearback.refusals import NotFound
from hearback.settings import settings
from hearback.web.pages import render, words_of
from hearback.web.remembering import remembered
from hearback.web.spreadsheets import as_csv

ABOUT = (
    "address",
    "kind",
    "language",
    "state",
    "signed_by",
    "version",
    "version_kind",
    "version_at",
    "why",
    "ledger_entry",
)
NAMES = tuple(dict.fromkeys(name for fields in FIELDS.values() for name in fields))
"""Of all fields that any kind of note has, in the order of the forms."""


@get("/{company_slug:str}/export/log.csv")
async def as_table(request: HTMXRequest, company_slug: FromPath[str]) -> ASGIApp:
    """One line a version, and one a translation of it."""

    async def make() -> Made:
        company = await company_at(request, company_slug)
        notes = await queries.whole_log(company.id)
        rows = [_cells(company, note, one) for note in notes for one in (*note.revisions, *note.translations)]
        return as_csv([(*ABOUT, *NAMES), *rows]), str(company.id), midnight_after(company.timezone, now())

    return await remembered(request, make, media_type="text/csv; charset=utf-8")


@get("/{company_slug:str}/export/log.json")
async def as_json(request: HTMXRequest, company_slug: FromPath[str]) -> ASGIApp:
    async def make() -> Made:
        company = await company_at(request, company_slug)
        notes = await queries.whole_log(company.id)
        told = {"company": company.name, "address": _base(company), "notes": notes}
        text = msgspec.json.format(msgspec.json.encode(told))
        return text, str(company.id), midnight_after(company.timezone, now())

    return await remembered(request, make, media_type="application/json; charset=utf-8")


@get("/{company_slug:str}/export/log.md")
async def as_markdown(request: HTMXRequest, company_slug: FromPath[str]) -> ASGIApp:
    async def make() -> Made:
        company = await company_at(request, company_slug)
        text = render(
            "changenotes/log.md",
            words_of(request, company).dated(),
            company=company,
            notes=await queries.whole_log(company.id),
            base=_base(company),
            days=DAYS,
        )
        return text.encode(), str(company.id), midnight_after(company.timezone, now())

    return await remembered(request, make, media_type="text/markdown; charset=utf-8")


@get("/{company_slug:str}/log/{note_slug:str}/version.json")
async def version(
    request: HTMXRequest, company_slug: FromPath[str], note_slug: FromPath[str]
) -> Response[bytes]:
    """The newest version or the one that is asked for, byte for byte what the checksum on paper is of."""
    company = await company_at(request, company_slug)
    note = await _note(company, note_slug)
    return Response(
        _file(company, note, _asked_for(request, note)),
        media_type=MediaType.JSON,
        headers={"Cache-Control": "no-cache"},
    )


@get("/{company_slug:str}/log/{note_slug:str}/print")
async def on_paper(
    request: HTMXRequest, company_slug: FromPath[str], note_slug: FromPath[str]
) -> Response[str]:
    """One note on one page, in its newest version or the one that is asked for: who signs it, which version it is, its
    checksum, and the ledger's signature over it."""
    company, at = await company_at(request, company_slug), now()
    note = await _note(company, note_slug)
    shown = _asked_for(request, note)
    text = render(
        "changenotes/paper.html",
        words_of(request, company).dated(),
        company=company,
        request_path=request.scope["path"],
        note=note,
        shown=shown,
        newest=_said(note)[-1].number,
        withdrawn=next((one for one in note.revisions if one.kind == "withdrawn"), None),
        texts={field.name: field.words for field in shown.fields},
        days={field.name: field.until for field in shown.fields if field.until},
        checksum=hashlib.sha256(_file(company, note, shown)).hexdigest(),
        checkpoint=await newest_checkpoint(company.id),
        address=f"{_base(company)}/log/{note.slug}",
        house=_base(company),
        today=day_in(company.timezone, at),
    )
    return Response(text, media_type=MediaType.HTML, headers={"Cache-Control": "no-cache"})


async def _note(company: Company, slug: str) -> WholeNote:
    """Raises NotFound."""
    found = await queries.whole_log(company.id, slug=slug) if queries.SLUG.fullmatch(slug) else []
    if not found:
        raise Gone
    return found[0]


def _said(note: WholeNote) -> list[WholeRevision]:
    """The versions with words, oldest first; there is always one."""
    return [revision for revision in note.revisions if revision.kind != "withdrawn"]


def _asked_for(request: HTMXRequest, note: WholeNote) -> WholeRevision:
    """The newest version unless another is named. Raises NotFound."""
    said, number = _said(note), request.query_params.get("version")
    found = said[-1] if number is None else next((one for one in said if str(one.number) == number), None)
    if found is None:
        raise NotFound
    return found


def _file(company: Company, note: WholeNote, said: WholeRevision) -> bytes:
    return canonical(
        {
            "address": f"{_base(company)}/log/{note.slug}",
            "kind": note.kind,
            "language": note.language,
            "signed_by": note.signer,
            "state": note.state,
            "version": said.number,
            "at": said.at,
            "fields": {field.name: field.said for field in said.fields},
        }
    )


def _cells(company: Company, note: WholeNote, revision: WholeRevision) -> list[str]:
    said = {field.name: field.said for field in revision.fields}
    return [
        f"{_base(company)}/log/{note.slug}",
        NoteKind(note.kind),
        revision.language or note.language,
        note.state,
        note.signer,
        str(revision.number),
        revision.kind,
        revision.at.isoformat(),
        revision.reason,
        str(revision.ledger_entry or ""),
        *(said.get(name, "") for name in NAMES),
    ]


def _base(company: Company) -> str:
    return f"{settings().base_url}/{company.slug}"


HANDLERS = [as_table, as_json, as_markdown, version, on_paper]
