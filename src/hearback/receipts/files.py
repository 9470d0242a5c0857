"""What a fan may take along: the receipt itself, and everything that is kept of the answer. Posted with the code."""

from typing import Any

import msgspec
from litestar import Request, Response, post
from litestar.enums import MediaType
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest

from hearback.answering.code import shown
from hearback.clock import day_in, now
from hearback.people.queries import Company
from hearback.receipts import queries
from hearback.receipts.proving import proof_of
from hearback.receipts.public import PRIVATE, code_in, company_of, receipt_in_hand
from hearback.settings import settings
from hearback.trust.export import everything
from hearback.web.pages import render, words_of
from hearback.web.qr import qr
from hearback.web.typed import one, read_typed

# For programmers, as the names of the fields are; checked word by word by a test.
HOW_TO_CHECK = (
    "1. Field: sha256('field/v1' + byte 0 + salt + the JSON list [name, value], without spaces, in UTF-8) is the hash "
    "of that name in the entry. 2. Entry: its leaf hash is sha256(byte 0 + entry); with the path, by RFC 9162 2.1.3.2, "
    "number and the size in the second line of the checkpoint, it gives the hash in the third. 3. Signature: the "
    "checkpoint is a C2SP signed note (Ed25519) under the key, which everybody finds at {0}/ledger. {0}/verify is a "
    "program that checks the whole ledger. A field without a value was corrected or is kept no longer."
)


@post("/{company_slug:str}/r/file", status_code=200)
async def receipt_as_file(request: HTMXRequest, company_slug: FromPath[str]) -> Response[str]:
    """Code, link and QR code in one small page that needs nothing around it."""
    company, typed = await company_of(request, company_slug), await read_typed(request)
    found = await receipt_in_hand(request, company, typed)
    code = shown(code_in(typed))
    link = f"{settings().base_url}/{company.slug}/r#{code}"
    page = _rendered(
        request, company, "receipts/file.html", receipt=found, code=code, link=link, picture=qr(link)
    )
    return _file(page, "quittung", found, "html", MediaType.HTML)


@post("/{company_slug:str}/r/export", status_code=200)
async def export(request: HTMXRequest, company_slug: FromPath[str]) -> Response[str]:
    """`as=json` is for machines and complete to the last number; a page to read otherwise."""
    company, typed = await company_of(request, company_slug), await read_typed(request)
    found = await receipt_in_hand(request, company, typed)
    kept = await everything(company.id, found.id)
    ledger = await proof_of(company.id, found.id)
    if one(typed, "as") == "json":
        told = {
            "company": company.name,
            "exported_on": day_in(company.timezone, now()),
            "kept": kept,
            "ledger": ledger,
            "how_to_check_the_ledger": HOW_TO_CHECK.format(f"{settings().base_url}/{company.slug}"),
        }
        text = msgspec.json.format(msgspec.json.encode(told)).decode()
        return _file(text, "export", found, "json", MediaType.JSON)
    themes = await queries.themes(company.id, found.id)
    ids = [theme.id for theme in themes]
    page = _rendered(
        request,
        company,
        "receipts/export.html",
        receipt=found,
        said=await queries.said(company.id, found.id, words_of(request, company).lang),
        themes=themes,
        actions=await queries.actions(company.id, ids),
        notes=await queries.notes(company.id, found.id, ids),
        kept=kept,
        ledger=ledger,
        base_url=settings().base_url,
    )
    return _file(page, "export", found, "html", MediaType.HTML)


def _rendered(request: Request[Any, Any, Any], company: Company, page: str, **context: object) -> str:
    words = words_of(request, company)
    return render(page, words, company=company, today=day_in(company.timezone, now()), **context)


def _file(text: str, name: str, found: queries.Receipt, ending: str, kind: MediaType) -> Response[str]:
    """Named after the question, so that several stay apart."""
    name = f"{name}-{found.slug}.{ending}"
    headers = PRIVATE | {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, media_type=kind, headers=headers)


HANDLERS = [receipt_as_file, export]
