"""What is compared to offer unsorted excerpts to a theme: a bounded number of vectors, however much is unsorted."""

from uuid import UUID

from msgspec import Struct

from hearback.database.engine import fetch

EXAMPLES = 60  # the surest, chosen before anything is joined: a theme may hold tens of thousands
LOOSE = 400  # the newest; older ones have been offered before


class Vector(Struct, frozen=True):
    """excerpt: None for an example that lies in the theme already."""

    excerpt: UUID | None
    vector: bytes


class Compared(Struct, frozen=True):
    """loose: unsorted excerpts that nobody refused here, in the order of `loose_vectors`."""

    loose: list[UUID]
    loose_vectors: list[bytes]
    examples: list[bytes]


async def compared(company_id: UUID, theme_id: UUID) -> Compared:
    rows = await fetch(
        Vector,
        """with refused as (
               select (v.details->>'excerpt')::uuid as excerpt
               from theme t join theme_event v on v.company = t.company and v.theme = t.id
               where t.company = $1 and t.heir = $2 and v.deed = 'not_here' and not v.details ? 'undoes'
                 and not exists (select from theme_event u where u.company = v.company and u.theme = v.theme
                                 and u.details->>'undoes' = v.id::text)),
           loose as (
               select e.id from excerpt e
               join response r on r.company = e.company and r.id = e.response and r.state = 'counted' and not r.test
               where e.company = $1 and e.vector is not null and e.id not in (select excerpt from refused)
                 and not exists (select from placement p where p.company = e.company and p.excerpt = e.id)
               order by r.day desc, e.id limit $3),
           surest as (
               select p.excerpt from theme t join placement p on p.company = t.company and p.theme = t.id
               where t.company = $1 and t.heir = $2
               order by p.by = 'person' desc, p.confidence desc, p.excerpt limit $4)
           select e.id as excerpt, e.vector from loose l join excerpt e on e.company = $1 and e.id = l.id
           union all
           select null, e.vector from surest x
           join excerpt e on e.company = $1 and e.id = x.excerpt and e.vector is not null
           join response r on r.company = e.company and r.id = e.response and r.state = 'counted' and not r.test
           order by excerpt""",
        company_id,
        theme_id,
        LOOSE,
        EXAMPLES,
    )
    loose = [(row.excerpt, row.vector) for row in rows if row.excerpt]
    return Compared(
        [excerpt for excerpt, _ in loose],
        [vector for _, vector in loose],
        [row.vector for row in rows if not row.excerpt],
    )
