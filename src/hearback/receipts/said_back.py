"""What fans said back to notes, as the desk reads it."""

from datetime import date
from uuid import UUID

from msgspec import Struct

from hearback.database.engine import fetch


class Back(Struct, frozen=True):
    """What a fan said back, with what they had written and the note it is about."""

    id: UUID
    note: UUID
    note_title: str
    note_slug: str
    response: UUID
    verdict: str
    words: str
    on: date
    quotes: list[str]


async def said_back(company_id: UUID, *, before: UUID | None = None, limit: int) -> list[Back]:
    """Newest first; corrections before agreement of the same day, for they want an answer. before: the last one already
    seen; where there is none of that name, none."""
    return await fetch(
        Back,
        """select b.id, b.note, b.response, b.verdict, b.words, b."on", n.slug as note_slug,
                  coalesce((select f.words from revision v
                            join note_field f on f.company = v.company and f.revision = v.id and f.name = 'title'
                            where v.company = n.company and v.note = n.id and v.kind <> 'withdrawn'
                            order by v.number desc limit 1), '') as note_title,
                  array(select substr(a.words, e.starts + 1, e.ends - e.starts)
                        from note_theme l
                        join theme t on t.company = l.company and t.id = l.theme
                        join theme s on s.company = t.company and s.heir = t.heir
                        join placement p on p.company = s.company and p.theme = s.id
                        join excerpt e on e.company = p.company and e.id = p.excerpt and e.response = b.response
                        join answer a on a.company = e.company and a.id = e.answer
                        where l.company = b.company and l.note = b.note) as quotes
           from hearback b join note n on n.company = b.company and n.id = b.note
           join response r on r.company = b.company and r.id = b.response
           where b.company = $1 and r.state = 'counted' and ($2::uuid is null or exists (
               select from hearback s where s.company = $1 and s.id = $2
                 and (s."on" > b."on" or s."on" = b."on" and (s.verdict = 'yes', s.id) < (b.verdict = 'yes', b.id))))
           order by b."on" desc, b.verdict = 'yes', b.id limit $3""",
        company_id,
        before,
        limit,
    )
