"""What this room keeps for an answer, for its fan: who is told of it, and what was said weeks later."""

from uuid import UUID

from hearback.notifying import queries
from hearback.settings import settings
from hearback.trust.export import Rows, keeps
from hearback.trust.sealing import OtherKey, unseal


async def _followers(company_id: UUID, response_id: UUID) -> Rows:
    """The address as it was typed: it is sealed only against others."""
    return [
        {"what": one.what, "address": _opened(one.address), "confirmed_on": one.confirmed_on}
        for one in await queries.followers_of_response(company_id, response_id)
    ]


def _opened(sealed: bytes) -> str:
    try:
        return unseal(settings().secret_key, "address", sealed)
    except OtherKey:
        return ""


keeps("follower", _followers)
keeps(
    "check_back",
    """select jsonb_build_object('note', n.slug, 'asked_on', b.asked_on, 'verdict', b.verdict, 'on', b."on") as told
       from check_back b join note n on n.company = b.company and n.id = b.note
       where b.company = $1 and b.response = $2""",
)
