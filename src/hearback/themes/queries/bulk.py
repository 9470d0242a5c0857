"""Several excerpts as a command finds them, and themes by their name."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from msgspec import Struct

from hearback.database.engine import fetch, fetch_column
from hearback.themes.queries.life import Placement


class _Lies(Struct, frozen=True):
    excerpt: UUID
    theme: UUID | None
    heir: UUID | None
    by: str | None
    member: UUID | None
    confidence: float | None
    on: date | None


class Stayed(Struct, frozen=True):
    """An excerpt that was left where it lies: in a `theme` of that name, `nowhere`, or `unsorted`."""

    id: UUID
    words: str
    language: str
    lies: str
    theme: str | None


async def lying(company_id: UUID, excerpt_ids: Sequence[UUID]) -> dict[UUID, Placement | None]:
    """How those of the excerpts lie that are there and count, in the order of the ids; None for unsorted."""
    rows = await fetch(
        _Lies,
        """select e.id as excerpt, p.theme, t.heir, p.by, p.member, p.confidence, p."on"
           from excerpt e
           join response r on r.company = e.company and r.id = e.response
           left join placement p on p.company = e.company and p.excerpt = e.id
           left join theme t on t.company = p.company and t.id = p.theme
           where e.company = $1 and e.id = any($2) and r.state in ('counted', 'held') and not r.test
           order by array_position($2, e.id)""",
        company_id,
        excerpt_ids,
    )
    return {
        row.excerpt: None
        if row.by is None or row.confidence is None or row.on is None
        else Placement(row.theme, row.heir, row.by, row.member, row.confidence, row.on)
        for row in rows
    }


async def copies_beside(company_id: UUID, excerpt_ids: Sequence[UUID]) -> list[UUID]:
    """Others in the same wording that lie where one of these lies: the desk shows one for all of them."""
    return await fetch_column(
        """select distinct c.id
           from excerpt e
           left join placement p on p.company = e.company and p.excerpt = e.id
           left join theme t on t.company = p.company and t.id = p.theme
           join excerpt c on c.company = e.company and c.wording = e.wording
           join response r on r.company = c.company and r.id = c.response
           left join placement cp on cp.company = c.company and cp.excerpt = c.id
           left join theme ct on ct.company = cp.company and ct.id = cp.theme
           where e.company = $1 and e.id = any($2) and c.id <> all($2)
             and r.state in ('counted', 'held') and not r.test
             and (p.id is null) = (cp.id is null) and t.heir is not distinct from ct.heir
           order by c.id""",
        company_id,
        excerpt_ids,
    )


async def themes_called(company_id: UUID, name: str) -> list[UUID]:
    """Themes that speak for themselves and are called so: by their name, or while suggested by their terms.

    Terms count in every language. A named one goes before suggestions of the same terms.
    """
    return await fetch_column(
        """with called as (
               select id, state = 'named' as named from theme
               where company = $1 and heir = id
                 and lower($2) in (select lower(theme_called(name, terms, terms_in, reader))
                                   from unnest(array['', 'de', 'en']) as of (reader)))
           select id from called where named or not exists (select from called where named) order by id""",
        company_id,
        name,
    )


async def responses_of(company_id: UUID, excerpt_ids: Sequence[UUID]) -> list[UUID]:
    return await fetch_column(
        "select distinct response from excerpt where company = $1 and id = any($2)", company_id, excerpt_ids
    )


async def saying_only(company_id: UUID, excerpt_ids: Sequence[UUID]) -> list[UUID]:
    """Responses that say nothing but these."""
    return await fetch_column(
        """select response from excerpt
           where company = $1 and response in (select response from excerpt where company = $1 and id = any($2))
           group by response having bool_and(id = any($2)) order by response""",
        company_id,
        excerpt_ids,
    )


async def stayed(company_id: UUID, excerpt_ids: Sequence[UUID], *, reader: str) -> list[Stayed]:
    """Those that still count, in the order of the ids."""
    return await fetch(
        Stayed,
        """select e.id, substr(a.words, e.starts + 1, e.ends - e.starts) as words, r.language,
                  case when p.id is null then 'unsorted' when h.id is null then 'nowhere' else 'theme' end as lies,
                  theme_called(h.name, h.terms, h.terms_in, $3) as theme
           from excerpt e
           join answer a on a.company = e.company and a.id = e.answer
           join response r on r.company = e.company and r.id = e.response
           left join placement p on p.company = e.company and p.excerpt = e.id
           left join theme t on t.company = p.company and t.id = p.theme
           left join theme h on h.company = t.company and h.id = t.heir
           where e.company = $1 and e.id = any($2) and r.state in ('counted', 'held') and not r.test
           order by array_position($2, e.id)""",
        company_id,
        excerpt_ids,
        reader,
    )
