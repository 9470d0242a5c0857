"""Excerpts whose language and wording nobody has looked at yet, and what they may be copies of."""

from uuid import UUID

from msgspec import Struct

from hearback.database.engine import fetch, fetch_column
from hearback.trust.wording import Kept


class Unmarked(Struct, frozen=True):
    """said: the whole answer; form: the language that its form spoke; read: it has a vector."""

    id: UUID
    starts: int
    ends: int
    read: bool
    words: str
    said: str
    form: str


async def unmarked(company_id: UUID, response_id: UUID | None, *, limit: int) -> list[Unmarked]:
    """Of one response or of all: any so many, in an order that only content decides."""
    return await fetch(
        Unmarked,
        """with found as (
               select id from excerpt
               where company = $1 and wording is null and ($2::uuid is null or response = $2) limit $3)
           select e.id, e.starts, e.ends, e.vector is not null as read,
                  substr(a.words, e.starts + 1, e.ends - e.starts) as words, a.words as said, r.language as form
           from found s
           join excerpt e on e.company = $1 and e.id = s.id
           join answer a on a.company = e.company and a.id = e.answer
           join response r on r.company = e.company and r.id = e.response
           order by length(a.words), a.words collate "C", e.starts, e.id""",
        company_id,
        response_id,
        limit,
    )


async def kept(company_id: UUID, marks: list[int]) -> list[Kept]:
    """Those that share one of the marks; of exact repeats only the first was kept."""
    return await fetch(
        Kept,
        """with found as (
               select distinct e.id
               from unnest($2::bigint[]) m (mark)
               cross join lateral (select id from excerpt
                                   where marks @> array[m.mark] and marks <> '{}' and company = $1 offset 0) e)
           select e.wording, e.marks, substr(a.words, e.starts + 1, e.ends - e.starts) as words
           from found f
           join excerpt e on e.company = $1 and e.id = f.id
           join answer a on a.company = e.company and a.id = e.answer""",
        company_id,
        marks,
    )


async def companies_with_unmarked() -> list[UUID]:
    return await fetch_column(
        """with recursive found as (
               (select company from excerpt where wording is null order by company limit 1)
               union all
               select (select e.company from excerpt e where e.wording is null and e.company > f.company
                       order by e.company limit 1) from found f where f.company is not null)
           select company from found where company is not null"""
    )
