"""The words behind the ledger's hashes: what is public stands here with its salts, so that anyone can compare."""

import msgspec
from litestar import Response, get
from litestar.params import FromPath

from hearback.changenotes.queries.logged import LoggedField, words_behind
from hearback.ledger.queries import leaf_at
from hearback.ledger.rules import canonical, commitment
from hearback.people.queries import company_by_slug
from hearback.refusals import NotFound


@get("/{company_slug:str}/ledger/content/{number:int}")
async def content(company_slug: FromPath[str], number: FromPath[int]) -> Response[bytes]:
    """For each field its text and its salt; null where it was erased. Of answers there is none: they are not public."""
    company = await company_by_slug(company_slug)
    leaf = await leaf_at(company.id, number)
    if leaf is None or leaf.kind.startswith("answer."):
        raise NotFound
    said = await words_behind(company.id, leaf.subject)
    salts = msgspec.json.decode(leaf.salts, type=dict[str, str])
    fields: dict[str, str] = msgspec.json.decode(leaf.entry)["fields"]
    told = {
        name: {"salt": salts[name], "value": _logged(name, told, salts[name], said)}
        if name in salts
        else None
        for name, told in fields.items()
    }
    return Response(canonical(told), media_type="application/json", headers={"Cache-Control": "no-cache"})


def _logged(name: str, told: str, salt: str, said: list[LoggedField]) -> str:
    """The text that the entry has the hash of; where there is none, what stands there instead: it will be noticed."""
    texts = [field.words for field in said if field.name == name]
    fitting = [text for text in texts if commitment(name, text, bytes.fromhex(salt)).hex() == told]
    return next(iter(fitting or texts), "")


HANDLERS = [content]
