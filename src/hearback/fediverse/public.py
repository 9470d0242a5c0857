"""Our account as the fediverse finds it: WebFinger (RFC 7033), the actor, its outbox, its notes, and its inbox."""

import re
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import structlog
from litestar import Request, Response, get, post
from litestar.exceptions import ClientException
from litestar.params import FromPath

from hearback.clock import now
from hearback.database.engine import transaction
from hearback.fediverse import queries
from hearback.fediverse.message_signing import read_message_claim
from hearback.fediverse.queries import Account
from hearback.fediverse.rules import ACTIVITY_JSON, CONTEXT, LARGEST
from hearback.fediverse.signing import Claim, Doubtful, read_claim
from hearback.fediverse.speaking import (
    Thing,
    actor,
    collection,
    encoded,
    note_object,
    said_activity,
    words_of_note,
)
from hearback.fediverse.telling import newest_notes
from hearback.jobs import do_later
from hearback.limits import bucket_key, count_try
from hearback.people.queries import Company, company_by_slug
from hearback.refusals import NotFound, Refused
from hearback.settings import settings
from hearback.web.network import client_network
from hearback.webhooks.telling import whole_note
from hearback.words.speaking import words_for

IN_OUTBOX = 20
AN_HOUR = timedelta(hours=1)
MOST_OF_NETWORK = 300
MOST_OF_COMPANY = 3000
JRD = "application/jrd+json; charset=utf-8"
SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*")
FRESH = {"Cache-Control": "max-age=180"}
log = structlog.get_logger()
AnyRequest = Request[Any, Any, Any]


@get("/.well-known/webfinger")
async def webfinger(request: AnyRequest) -> Response[bytes]:
    """`?resource=acct:kranich@host`, or an address of ours; `?rel=` chooses links, as often as it comes. Whoever has no
    account, and who is not ours, is not there."""
    _, account = await _account(_name_in(request.query_params.get("resource", "")))
    wanted = request.query_params.getall("rel", [])
    links = [
        {"rel": "self", "type": "application/activity+json", "href": account.address},
        {"rel": "http://webfinger.net/rel/profile-page", "type": "text/html", "href": account.house},
    ]
    told = {
        "subject": f"acct:{account.slug}@{_host()}",
        "aliases": [account.address, account.house],
        "links": [link for link in links if not wanted or link["rel"] in wanted],
    }
    headers = FRESH | {"Access-Control-Allow-Origin": "*"}
    return Response(encoded(told), media_type=JRD, headers=headers)


@get("/{company_slug:str}/actor")
async def our_actor(company_slug: FromPath[str]) -> Response[bytes]:
    company, account = await _account(company_slug)
    words = words_for(company.languages[0], company.address, company.timezone)
    return _told(actor(account, words))


@get("/{company_slug:str}/actor/outbox")
async def our_outbox(company_slug: FromPath[str]) -> Response[bytes]:
    """The newest, as they are now."""
    company, account = await _account(company_slug)
    said = [
        said_activity(account, note, 1, words_of_note(company, note.language))
        for note in await newest_notes(company, limit=IN_OUTBOX)
    ]
    return _told(collection(f"{account.address}/outbox", said))


@get("/{company_slug:str}/actor/followers")
async def our_followers(company_slug: FromPath[str]) -> Response[bytes]:
    """Neither who nor how many."""
    _, account = await _account(company_slug)
    return _told(collection(account.followers, None))


@get("/{company_slug:str}/actor/notes/{note_id:uuid}")
async def our_note(company_slug: FromPath[str], note_id: FromPath[UUID]) -> Response[bytes]:
    company, account = await _account(company_slug)
    note = await whole_note(company.id, note_id)
    words = words_of_note(company, note.language)
    return _told({"@context": CONTEXT} | note_object(account, note, words))


@post("/{company_slug:str}/actor/inbox", status_code=202)
async def our_inbox(request: AnyRequest, company_slug: FromPath[str]) -> Response[bytes]:
    """Looks at all that can be checked here and now; whose key it is, a job asks at their house, so that no slow house
    holds up our pages."""
    company, _ = await _account(company_slug)
    at, body = now(), await request.body()
    if len(body) > LARGEST:
        raise Refused("form.too-long", most=LARGEST, have=len(body))
    secret = settings().secret_key
    for whom, most in ((client_network(request), MOST_OF_NETWORK), (str(company.id), MOST_OF_COMPANY)):
        key = bucket_key(secret, "fediverse", whom, at)
        await count_try(key, most=most, window=AN_HOUR, now=at)
    try:
        claim = _claim(request, body, at)
        words = body.decode()
    except (Doubtful, UnicodeDecodeError) as error:
        log.info("fediverse.refused", why=str(error)[:40])
        raise ClientException("The signature does not fit.", status_code=401) from error
    async with transaction():
        await do_later(
            "fediverse.came",
            company=company.slug,
            key_id=claim.key_id,
            text=claim.text,
            signature=claim.signature.hex(),
            body=words,
        )
    return Response(b"", status_code=202, media_type="text/plain")


def _claim(request: AnyRequest, body: bytes, at: datetime) -> Claim:
    """In the standard's way where it says so, and never in the other one then. Raises Doubtful."""
    headers = {name.lower(): value for name, value in request.headers.items()}
    query = request.scope["query_string"].decode("latin-1")
    target = f"{request.scope['path']}{f'?{query}' if query else ''}"
    if "signature-input" in headers:
        return read_message_claim("POST", target, headers, body, house=_house(), now=at)
    return read_claim("POST", target, headers, body, host=_host(), now=at)


async def _account(slug: str) -> tuple[Company, Account]:
    """Raises NotFound, also where the account is switched off."""
    company = await company_by_slug(slug)
    return company, await queries.open_account(company.id)


def _name_in(resource: str) -> str:
    """Raises ClientException for what names nothing (RFC 7033, 4.2), NotFound for what is not ours."""
    scheme, _, rest = resource.partition(":")
    if not SCHEME.fullmatch(scheme) or not rest:
        raise ClientException("A resource is wanted.", status_code=400)
    if scheme.lower() == "acct":
        name, _, host = rest.rpartition("@")
        if host.lower() != _host() or not name:
            raise NotFound
        return name.lower()
    ours = f"{settings().base_url}/"
    if not resource.startswith(ours):
        raise NotFound
    return resource.removeprefix(ours).removesuffix("/actor")


def _told(thing: Thing) -> Response[bytes]:
    return Response(encoded(thing), media_type=ACTIVITY_JSON, headers=FRESH)


def _house() -> str:
    parts = urlsplit(settings().base_url)
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _host() -> str:
    return urlsplit(_house()).netloc


HANDLERS = [webfinger, our_actor, our_outbox, our_followers, our_note, our_inbox]
