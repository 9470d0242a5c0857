"""The ledger as everybody can fetch and check it: C2SP tlog-tiles, and a page that says what it proves."""

from pathlib import Path
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXRequest

from hearback.ledger import queries, witnessing
from hearback.ledger.keeping import kept
from hearback.ledger.proofs import Proof, written
from hearback.ledger.proving import inclusion_path
from hearback.ledger.rules import WIDTH, bundle, parts, tile_at
from hearback.people.queries import company_by_slug
from hearback.people.queries.tenants import Company
from hearback.refusals import NotFound
from hearback.settings import settings
from hearback.web.pages import show, words_of
from hearback.web.typed import one, read_typed

FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}
PLAIN = "text/plain"
ANEW = {"Cache-Control": "no-cache"}
VERIFIER = Path(__file__).with_name("verify.py")


@get("/{company_slug:str}/ledger")
async def ledger(request: HTMXRequest, company_slug: FromPath[str]) -> Response[str]:
    company = await company_by_slug(company_slug)
    newest = await queries.newest_checkpoint(company.id)
    # A key that is to sign next may not have signed yet.
    keys = sorted(await queries.keys(company.id), key=lambda key: newest is None or not key.signed(newest))
    watching = await witnessing.witnesses(company.id)
    return show(
        request,
        "ledger/ledger",
        company=company,
        older=await _is_older(company.id),
        checkpoint=newest,
        keys=keys,
        waiting=await queries.waiting(company.id),
        witnesses=watching,
        watched=sum(1 for one in watching if one.size and one.ended_at is None),
        cosigned=await witnessing.newest_cosigned(company.id),
        commands=_commands(f"{settings().base_url}/{company.slug}", *[key.line for key in keys])
        if keys
        else (),
    )


def _commands(here: str, key: str, *before: str) -> tuple[str, str, str]:
    """For a terminal: to check, to check against a checkpoint that was kept, to be a witness. before: older keys."""
    check = f"python3 verify.py {here}/ledger '{key}'"
    since = " ".join([f"{check} checkpoint.txt", *[f"'{one}'" for one in before]])
    return (
        f"pip install cryptography\ncurl -o verify.py {here}/verify\n{check}",
        f"curl -o checkpoint.txt {here}/ledger/checkpoint\n{since}",
        f"hearback ledger witness {here}/ledger --key '{key}'",
    )


@get("/{company_slug:str}/ledger/checkpoint")
async def checkpoint(request: HTMXRequest, company_slug: FromPath[str]) -> Response[str]:
    company = await company_by_slug(company_slug)
    if await _is_older(company.id):
        return _older(request, company)
    newest = await queries.newest_checkpoint(company.id)
    if newest is None:
        raise NotFound
    return Response(newest.note, media_type=PLAIN, headers=ANEW)


async def _is_older(company_id: UUID) -> bool:
    """An older backup: nobody may take it for the newest. Numbers are there before the mark, so a signing is none."""
    mark = kept(settings(), company_id).mark()
    return mark is not None and await queries.size_of(company_id) < mark.size


def _older(request: HTMXRequest, company: Company) -> Response[str]:
    words = words_of(request, company).say("ledger.older")
    return Response(words, media_type=PLAIN, status_code=503, headers=ANEW)


@get("/{company_slug:str}/ledger/tile/{tile_path:path}")
async def tile(company_slug: FromPath[str], tile_path: FromPath[str]) -> Response[bytes]:
    """Only what is signed: it never changes again, a part of a tile neither."""
    company, wanted = await company_by_slug(company_slug), tile_at(tile_path.removeprefix("/"))
    newest = await queries.newest_checkpoint(company.id)
    if wanted is None or newest is None:
        raise NotFound
    level, number, width = wanted
    last = number * WIDTH + width
    if last > newest.size >> (8 * (level or 0)):
        raise NotFound
    if level is None:
        body = bundle(await queries.entries(company.id, number * WIDTH, last))
    else:
        stored = await queries.tiles(company.id, [(level, number)])
        body = b"".join(parts(stored(level, number))[:width])
    return Response(body, media_type="application/octet-stream", headers=FOR_EVER)


@get("/{company_slug:str}/ledger/proof/{number:int}")
async def proof(request: HTMXRequest, company_slug: FromPath[str], number: FromPath[int]) -> Response[str]:
    """C2SP tlog-proof of one entry, with the signatures of witnesses where there are some."""
    company = await company_by_slug(company_slug)
    if await _is_older(company.id):
        return _older(request, company)
    leaf, newest = await queries.leaf_at(company.id, number), await queries.newest_checkpoint(company.id)
    seen = await witnessing.newest_cosigned(company.id)
    if leaf is None or newest is None or number >= newest.size:
        raise NotFound
    size, note = (seen.size, seen.whole) if seen and number < seen.size else (newest.size, newest.note)
    path = await inclusion_path(company.id, number, size)
    return Response(
        written(Proof(number, leaf.entry, path, note)),
        media_type=PLAIN,
        headers=ANEW | {"Content-Disposition": f'attachment; filename="{company.slug}-{number}.tlog-proof"'},
    )


@get("/{company_slug:str}/ledger/cosigned")
async def cosigned(request: HTMXRequest, company_slug: FromPath[str]) -> Response[str]:
    """The newest checkpoint that witnesses signed too, with their lines (C2SP tlog-cosignature)."""
    company = await company_by_slug(company_slug)
    if await _is_older(company.id):
        return _older(request, company)
    seen = await witnessing.newest_cosigned(company.id)
    if seen is None:
        raise NotFound
    return Response(seen.whole, media_type=PLAIN, headers=ANEW)


@post("/{company_slug:str}/ledger/witnesses", status_code=200)
async def take_cosignatures(request: HTMXRequest, company_slug: FromPath[str]) -> Response[str]:
    """From those that we list: a checkpoint of ours, with their line below."""
    company, typed = await company_by_slug(company_slug), await read_typed(request)
    new = await witnessing.keep_cosignatures(company.id, one(typed, "note"))
    return Response(f"{new}\n", media_type=PLAIN)


@get("/{company_slug:str}/verify")
async def verifier(company_slug: FromPath[str]) -> Response[bytes]:
    """One file that needs nothing of ours; whoever distrusts it reads it, it is short."""
    await company_by_slug(company_slug)
    return Response(VERIFIER.read_bytes(), media_type=PLAIN, headers=ANEW)


HANDLERS = [ledger, checkpoint, tile, proof, cosigned, take_cosignatures, verifier]
