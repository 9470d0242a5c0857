"""What is offered to a theme: unsorted excerpts that the last reading saw close to it."""

from uuid import UUID

from hearback.database.engine import fetch_column

MOST = 5


async def offered(company_id: UUID, theme_id: UUID) -> list[UUID]:
    """Nearest first; without what has found a place since, or was refused here."""
    return await fetch_column(
        """with refused as (
               select v.excerpt from theme t join refusal v on v.company = t.company and v.theme = t.id
               where t.company = $1 and t.heir = $2)
           select e.id from theme t
           join proposal k on k.company = t.company and k.theme = t.id and k.kind = 'near' and k.state = 'open'
           cross join unnest(k.excerpts) with ordinality as o (excerpt, position)
           join excerpt e on e.company = $1 and e.id = o.excerpt and e.id not in (select excerpt from refused)
           join response r on r.company = $1 and r.id = e.response and r.state = 'counted' and not r.test
           where t.company = $1 and t.heir = $2
             and not exists (select from placement p where p.company = e.company and p.excerpt = e.id)
           order by o.position, k.worth desc limit $3""",
        company_id,
        theme_id,
        MOST,
    )
