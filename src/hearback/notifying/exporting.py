"""What this room keeps for an answer, for its fan: who is told of it, what was said weeks later, and what was written
back to mails about it."""

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
keeps(
    "post",
    """select jsonb_build_object('kind', p.kind, 'came_on', p."on", 'subject', p.subject, 'words', p.words,
                                'quoted', p.quoted, 'done_on', p.done_on) as told
       from post p
       join mail m on m.company = p.company and m.id = p.mail
       join follower f on f.company = m.company and f.id = m.follower
       where p.company = $1 and f.response = $2 order by p."on", p.id""",
)
