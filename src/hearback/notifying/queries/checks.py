"""Notes of some weeks ago, and who is asked about them."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from hearback.database.engine import fetch, fetch_column, fetch_one, fetch_value
from hearback.refusals import NotFound


class ToCheck(Struct, frozen=True):
    """A note of some weeks ago that came of an answer. verdict: what its fan said of it since."""

    note: UUID
    slug: str
    title: str
    language: str
    published_at: datetime
    verdict: str | None


class Asked(Struct, frozen=True):
    note: UUID
    response: UUID


async def notes_to_check(company_id: UUID, response_id: UUID, *, now: datetime) -> list[ToCheck]:
    """Old enough to be asked about, newest first; of an answer that counts."""
    return await fetch(
        ToCheck,
        """select n.id as note, n.slug, n.language, n.published_at, b.verdict,
                  coalesce((select f.words from revision v
                            join note_field f on f.company = $1 and f.revision = v.id and f.name = 'title'
                            where v.company = $1 and v.note = n.id and v.kind <> 'withdrawn'
                            order by v.number desc limit 1), '') as title
           from note n
           left join mail_setup s on s.company = n.company
           left join check_back b on b.company = n.company and b.note = n.id and b.response = $2
           where n.company = $1 and n.state = 'published' and n.kind <> 'holding'
             and coalesce(s.check_back_weeks, 4) > 0
             and n.published_at <= $3::timestamptz - make_interval(weeks => coalesce(s.check_back_weeks, 4))
             and exists (
               select from note_theme l
               join theme w on w.company = $1 and w.id = l.theme
               join theme t on t.company = $1 and t.heir = w.heir
               join placement p on p.company = $1 and p.theme = t.id
               join excerpt e on e.company = $1 and e.id = p.excerpt and e.response = $2
               join response r on r.company = $1 and r.id = e.response and r.state = 'counted'
               where l.company = $1 and l.note = n.id)
           order by n.published_at desc, n.id""",
        company_id,
        response_id,
        now,
    )


async def check_back(company_id: UUID, check_back_id: UUID) -> Asked:
    """Raises NotFound."""
    found = await fetch_one(
        Asked,
        "select note, response from check_back where company = $1 and id = $2",
        company_id,
        check_back_id,
    )
    if found is None:
        raise NotFound
    return found


async def asked_back(company_id: UUID, note_id: UUID | None, response_id: UUID | None) -> UUID | None:
    """The check-back that waits for a word of this fan; None when it was said already."""
    asked: UUID | None = await fetch_value(
        "select id from check_back where company = $1 and note = $2 and response = $3 and verdict is null",
        company_id,
        note_id,
        response_id,
    )
    return asked


async def themes_of_note(company_id: UUID, note_id: UUID) -> list[UUID]:
    """As they stand now: what was merged comes as the theme that speaks for it."""
    return await fetch_column(
        """select distinct t.heir from note_theme l join theme t on t.company = $1 and t.id = l.theme
           where l.company = $1 and l.note = $2""",
        company_id,
        note_id,
    )
