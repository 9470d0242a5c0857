"""Voices that whoever answers a theme in public has had before them."""

from uuid import UUID

from msgspec import Struct

from hearback.database.engine import fetch
from hearback.themes.rules import VOICES_TO_HEAR


class Voice(Struct, frozen=True):
    """One excerpt of one person. theme: the one asked for, whatever speaks for it."""

    theme: UUID
    excerpt: UUID
    words: str
    language: str
    question: str


class Unheard(Struct, frozen=True):
    """A theme of which a member has not had enough voices before them."""

    theme: UUID
    name: str


async def voices_to_hear(company_id: UUID, theme_ids: list[UUID]) -> list[Voice]:
    """Five people of each theme, or all where there are fewer: one excerpt each, the surest of it first."""
    return await fetch(
        Voice,
        """with each as (
               select distinct on (w.id, r.id) w.id as theme, e.id as excerpt, r.id as response, r.language, r.day,
                      p.by, p.confidence, e.question, a.words, e.starts, e.ends
               from theme w
               join theme t on t.company = w.company and t.heir = w.heir
               join placement p on p.company = t.company and p.theme = t.id
               join excerpt e on e.company = p.company and e.id = p.excerpt
               join response r on r.company = e.company and r.id = e.response
               join answer a on a.company = e.company and a.id = e.answer
               where w.company = $1 and w.id = any($2) and r.state = 'counted' and not r.test
               order by w.id, r.id, p.by = 'person' desc, p.confidence desc, e.id),
           ranked as (
               select *, row_number() over (
                   partition by theme order by by = 'person' desc, confidence desc, day desc, response) as rank
               from each)
           select v.theme, v.excerpt, substr(v.words, v.starts + 1, v.ends - v.starts) as words, v.language,
                  q.title as question
           from ranked v join question q on q.company = $1 and q.id = v.question
           where v.rank <= $3 order by array_position($2, v.theme), v.rank""",
        company_id,
        theme_ids,
        VOICES_TO_HEAR,
    )


async def unheard(company_id: UUID, member_id: UUID, theme_ids: list[UUID], *, reader: str) -> list[Unheard]:
    """Themes of which this member was shown fewer people than five, and fewer than there are."""
    return await fetch(
        Unheard,
        """select w.id as theme, theme_called(h.name, h.terms, h.terms_in, $5) as name
           from theme w
           join theme h on h.company = w.company and h.id = w.heir
           join theme t on t.company = w.company and t.heir = w.heir
           join placement p on p.company = t.company and p.theme = t.id
           join excerpt e on e.company = p.company and e.id = p.excerpt and e.answer is not null
           join response r on r.company = e.company and r.id = e.response
           left join voice_shown s on s.company = e.company and s.excerpt = e.id and s.member = $2
           where w.company = $1 and w.id = any($3) and r.state = 'counted' and not r.test
           group by w.id, h.id
           having count(distinct r.id) filter (where s.id is not null) < least($4, count(distinct r.id))
           order by array_position($3, w.id)""",
        company_id,
        member_id,
        theme_ids,
        VOICES_TO_HEAR,
        reader,
    )
