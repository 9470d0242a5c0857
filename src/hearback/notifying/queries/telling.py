"""What a mail tells: the fan's own words, and who signs."""

from datetime import date
from uuid import UUID

from msgspec import Struct

from hearback.database.engine import fetch_column, fetch_one, fetch_value
from hearback.refusals import NotFound


async def own_words(company_id: UUID, response_id: UUID, note_id: UUID | None) -> list[str]:
    """What the fan said that led to the note; the first words of the answer where there is no note."""
    return await fetch_column(
        """select words from (
               select substr(a.words, e.starts + 1, e.ends - e.starts) as words, e.starts
               from note_theme l
               join theme w on w.company = $1 and w.id = l.theme
               join theme t on t.company = $1 and t.heir = w.heir
               join placement p on p.company = $1 and p.theme = t.id
               join excerpt e on e.company = $1 and e.id = p.excerpt and e.response = $2
               join answer a on a.company = $1 and a.id = e.answer
               where l.company = $1 and l.note = $3
               union all
               select a.words, 0 from answer a
               where a.company = $1 and a.response = $2 and $3::uuid is null and a.words <> '') said
           order by starts limit 2""",
        company_id,
        response_id,
        note_id,
    )


async def answered_on(company_id: UUID, response_id: UUID) -> date | None:
    """None for an answer that does not count any more."""
    day: date | None = await fetch_value(
        "select day from response where company = $1 and id = $2 and state in ('counted', 'held')",
        company_id,
        response_id,
    )
    return day


async def note_slug(company_id: UUID, note_id: UUID) -> str:
    slug: str | None = await fetch_value(
        "select slug from note where company = $1 and id = $2 and state <> 'draft'", company_id, note_id
    )
    if slug is None:
        raise NotFound
    return slug


async def portrait(company_id: UUID, digest: str) -> bytes | None:
    picture: bytes | None = await fetch_value(
        "select picture from portrait where company = $1 and digest = $2 limit 1", company_id, digest
    )
    return picture


class Moved(Struct, frozen=True):
    """before: the day that was promised; why: the public reason for the new one."""

    before: date
    why: str


async def moved(company_id: UUID, promise_id: UUID) -> Moved | None:
    return await fetch_one(
        Moved,
        """select o.due_on as before, n.why from promise n
           join promise o on o.company = n.company and o.id = n.instead_of
           where n.company = $1 and n.id = $2""",
        company_id,
        promise_id,
    )
