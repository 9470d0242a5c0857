"""The words behind the ledger's hashes: what is public stands here with its salts, so that anyone can compare."""

import msgspec
from litestar import Response, get
from litestar.params import FromPath

from hearback.changenotes import queries
from hearback.ledger.queries import leaf_at
from hearback.ledger.rules import canonical
from hearback.people.queries import company_by_slug
from hearback.refusals import NotFound


@get("/{company_slug:str}/ledger/content/{number:int}")
async def content(company_slug: FromPath[str], number: FromPath[int]) -> Response[bytes]:
    """For each field its text and its salt; null where it was erased. Of answers there is none: they are not public."""
    company = await company_by_slug(company_slug)
    leaf = await leaf_at(company.id, number)
    if leaf is None or not leaf.kind.startswith("note."):
        raise NotFound
    salts = msgspec.json.decode(leaf.salts, type=dict[str, str])
    words = await queries.words_of_revision(company.id, leaf.subject)
    names: dict[str, str] = msgspec.json.decode(leaf.entry)["fields"]
    told = {name: {"salt": salts[name], "value": words[name]} if name in salts else None for name in names}
    return Response(canonical(told), media_type="application/json", headers={"Cache-Control": "no-cache"})


HANDLERS = [content]
