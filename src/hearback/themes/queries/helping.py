"""Where a look of a person helps most: excerpts that look alike and that the last reading was unsure of."""

from collections import Counter
from collections.abc import Mapping
from itertools import groupby
from uuid import UUID

from msgspec import Struct

from hearback.database.engine import fetch, fetch_value


class Piece(Struct, frozen=True):
    """An excerpt of a batch. lies: `unsorted`, or the theme that speaks for where the machine put it, as text."""

    id: UUID
    lies: str


class Batch(Struct, frozen=True):
    """What one act could settle, likeliest first. to: the theme that most of it seems nearest to, if any."""

    id: UUID
    pieces: list[Piece]
    to: UUID | None


class _Open(Struct, frozen=True):
    batch: UUID
    excerpt: UUID
    heir: UUID | None
    near: list[UUID]


async def batches(company_id: UUID) -> list[Batch]:
    """Worthiest first, without what a person has placed since, and what does not count any more."""
    rows = await fetch(
        _Open,
        """with asking as materialized (
               select t.heir, o.excerpt from proposal k
               join theme t on t.company = k.company and t.id = k.theme
               cross join unnest(k.excerpts) as o (excerpt)
               where k.company = $1 and k.kind = 'near')
           select k.id as batch, e.id as excerpt, t.heir,
                  array(select distinct heir from asking where excerpt = e.id order by heir) as near
           from proposal k
           cross join unnest(k.excerpts) with ordinality as o (excerpt, position)
           join excerpt e on e.company = k.company and e.id = o.excerpt
           join response r on r.company = e.company and r.id = e.response and r.state = 'counted' and not r.test
           left join placement p on p.company = e.company and p.excerpt = e.id
           left join theme t on t.company = p.company and t.id = p.theme
           where k.company = $1 and k.kind = 'alike' and (p.id is null or p.by = 'machine')
           order by k.worth desc, k.id, o.position""",
        company_id,
    )
    return [_batch(batch, list(of)) for batch, of in groupby(rows, key=lambda row: row.batch)]


async def waiting(company_id: UUID) -> int:
    """How many batches there are."""
    n: int = await fetch_value(
        """select count(*) from proposal k where k.company = $1 and k.kind = 'alike' and exists (
               select from excerpt e
               join response r on r.company = e.company and r.id = e.response and r.state = 'counted' and not r.test
               left join placement p on p.company = e.company and p.excerpt = e.id
               where e.company = k.company and e.id = any(k.excerpts) and (p.id is null or p.by = 'machine'))""",
        company_id,
    )
    return n


def _batch(batch: UUID, rows: list[_Open]) -> Batch:
    pieces = [Piece(row.excerpt, str(row.heir) if row.heir else "unsorted") for row in rows]
    near: Mapping[UUID, int] = Counter(
        theme for row in rows for theme in {*row.near, *([row.heir] if row.heir else [])}
    )
    most = max(sorted(near), key=near.__getitem__, default=None)
    return Batch(batch, pieces, most if most and near[most] * 2 > len(rows) else None)
