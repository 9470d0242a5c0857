"""Who follows what, and what may be followed."""

from datetime import date
from uuid import UUID

from msgspec import Struct

from hearback.database.engine import fetch, fetch_value
from hearback.refusals import NotFound


class Follower(Struct, frozen=True):
    """title, title_language: of the question or the theme that is followed; empty for the log."""

    id: UUID
    company: UUID
    company_slug: str
    what: str
    response: UUID | None
    question: UUID | None
    theme: UUID | None
    language: str
    address: bytes
    digest: bool
    corrections: bool
    most: int
    sent: int
    confirmed_on: date | None
    title: str
    title_language: str


async def follower(company_id: UUID, follower_id: UUID) -> Follower:
    """Raises NotFound, also for one whose address is deleted."""
    found = await fetch(Follower, FOLLOWERS, company_id, follower_id, None)
    if not found:
        raise NotFound
    return found[0]


async def followers_of_response(company_id: UUID, response_id: UUID) -> list[Follower]:
    return await fetch(Follower, FOLLOWERS, company_id, None, response_id)


FOLLOWERS = """
select f.id, f.company, c.slug as company_slug, f.what, f.response, f.question, f.theme, f.language, f.address,
       f.digest, f.corrections, f.most, f.sent, f.confirmed_on,
       coalesce(q.translations -> f.language ->> 'title', q.title, t.name, '') as title,
       case when q.translations -> f.language ? 'title' then f.language
            else coalesce(q.language, f.language) end as title_language
from follower f
join company c on c.id = f.company
left join response r on r.company = f.company and r.id = f.response
left join question q on q.company = f.company and q.id = coalesce(f.question, r.question)
left join theme t on t.company = f.company and t.id = f.theme
where f.company = $1 and ($2::uuid is null or f.id = $2) and ($3::uuid is null or f.response = $3)
"""


async def silenced(company_id: UUID, address_key: bytes) -> bool:
    return bool(
        await fetch_value(
            "select exists (select from mail_silence where company = $1 and address_key = $2)",
            company_id,
            address_key,
        )
    )


async def who_signs(company_id: UUID, follower_id: UUID) -> UUID | None:
    """Who asked the question behind what is followed; else who leads, else who has been there longest."""
    member: UUID | None = await fetch_value(
        """select m.id from follower f
           join member m on m.company = f.company and m.active
           left join response r on r.company = f.company and r.id = f.response
           left join question q on q.company = f.company and q.id = coalesce(f.question, r.question)
           where f.company = $1 and f.id = $2
           order by m.id = q.asked_by desc nulls last, m.leads desc, m.role = 'admin' desc, m.created_at, m.id
           limit 1""",
        company_id,
        follower_id,
    )
    return member
