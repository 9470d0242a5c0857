"""What members told each other, and what of it one of them has not read yet."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from hearback.database.engine import fetch, fetch_column, fetch_value


class Mentioned(Struct, frozen=True):
    """A remark that speaks to a member. theme: the one that speaks for where it was made; its name or terms."""

    id: UUID
    remark: UUID
    theme: UUID
    theme_name: str
    who: str
    words: str
    at: datetime


class Thanked(Struct, frozen=True):
    """A fan's words that a colleague passed on. said: what the fan wrote; words: what the colleague says with it."""

    id: UUID
    said: str
    language: str
    who: str
    words: str
    question: str
    at: datetime


async def mentions(company_id: UUID, member_id: UUID, *, reader: str = "") -> list[Mentioned]:
    """Unread ones, the oldest first."""
    return await fetch(
        Mentioned,
        """select n.id, k.id as remark, h.id as theme,
                  theme_called(h.name, h.terms, h.terms_in, $3) as theme_name,
                  m.name as who, k.words, k.at
           from mention n
           join theme_remark k on k.company = n.company and k.id = n.remark
           join theme t on t.company = k.company and t.id = k.theme
           join theme h on h.company = t.company and h.id = t.heir
           join member m on m.company = k.company and m.id = k.member
           where n.company = $1 and n.member = $2 and n.read_at is null order by n.id""",
        company_id,
        member_id,
        reader,
    )


async def thanks(company_id: UUID, member_id: UUID) -> list[Thanked]:
    """Unread ones, the oldest first; what a fan has withdrawn is gone here too."""
    return await fetch(
        Thanked,
        """select p.id, substr(a.words, e.starts + 1, e.ends - e.starts) as said, r.language, m.name as who, p.words,
                  q.title as question, p.at
           from passed_on p
           join excerpt e on e.company = p.company and e.id = p.excerpt
           join response r on r.company = e.company and r.id = e.response
           join answer a on a.company = e.company and a.id = e.answer
           join question q on q.company = e.company and q.id = e.question
           join member m on m.company = p.company and m.id = p.by
           where p.company = $1 and p.member = $2 and p.read_at is null and r.state = 'counted' and not r.test
           order by p.id""",
        company_id,
        member_id,
    )


async def who_remarked(company_id: UUID, theme_id: UUID, remark_id: UUID) -> UUID | None:
    """theme_id: the theme it was made on, or the one that speaks for it."""
    found: UUID | None = await fetch_value(
        """select k.member from theme_remark k join theme t on t.company = k.company and t.id = k.theme
           where k.company = $1 and k.id = $3 and $2 in (t.id, t.heir)""",
        company_id,
        theme_id,
        remark_id,
    )
    return found


async def counts(company_id: UUID, excerpt_id: UUID) -> bool:
    found: bool = await fetch_value(
        """select exists (select from excerpt e join response r on r.company = e.company and r.id = e.response
                          where e.company = $1 and e.id = $2 and r.state = 'counted' and not r.test)""",
        company_id,
        excerpt_id,
    )
    return found


async def passed_to(company_id: UUID, excerpt_id: UUID) -> list[str]:
    """The names of those to whom it was passed on."""
    return await fetch_column(
        """select m.name from passed_on p join member m on m.company = p.company and m.id = p.member
           where p.company = $1 and p.excerpt = $2 order by p.id""",
        company_id,
        excerpt_id,
    )
