"""The note that somebody answers, where they come from one."""

from uuid import UUID

from msgspec import Struct

from hearback.database.engine import fetch_one


class Noted(Struct, frozen=True):
    """title: its newest."""

    slug: str
    title: str
    language: str


async def noted(company_id: UUID, slug: str) -> Noted | None:
    """None for none, a draft, or one that was withdrawn: then it is an answer to the question alone."""
    if not slug or "\0" in slug:
        return None
    return await fetch_one(
        Noted,
        """select n.slug, n.language, coalesce((
               select f.words from revision v
               join note_field f on f.company = $1 and f.revision = v.id and f.name = 'title'
               where v.company = $1 and v.note = n.id order by v.number desc limit 1), '') as title
           from note n where n.company = $1 and n.slug = $2 and n.state = 'published'""",
        company_id,
        slug,
    )
