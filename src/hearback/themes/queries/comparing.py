"""Two themes beside each other: how many speak of each, of both, and what stands for them."""

from uuid import UUID

from msgspec import Struct

from hearback.database.engine import fetch, fetch_value

EXAMPLES = 60  # the surest of a theme; what stands for it is found among them


class Side(Struct, frozen=True):
    """name: its terms while it is only suggested. voices: people who speak of it."""

    id: UUID
    name: str
    named: bool
    definition: str
    excludes: str
    voices: int


class Example(Struct, frozen=True):
    theme: UUID
    excerpt: UUID
    vector: bytes


async def sides(company_id: UUID, theme_ids: list[UUID], *, reader: str = "") -> list[Side]:
    """Those that are there and speak for themselves, in the order of the ids."""
    return await fetch(
        Side,
        """select h.id, theme_called(h.name, h.terms, h.terms_in, $3) as name,
                  h.state = 'named' as named, h.definition, h.excludes,
                  (select count(distinct r.id) from theme t
                   join placement p on p.company = t.company and p.theme = t.id
                   join excerpt e on e.company = p.company and e.id = p.excerpt
                   join response r on r.company = e.company and r.id = e.response
                   where t.company = h.company and t.heir = h.id and r.state = 'counted' and not r.test) as voices
           from theme h where h.company = $1 and h.id = any($2) and h.heir = h.id
           order by array_position($2, h.id)""",
        company_id,
        theme_ids,
        reader,
    )


async def speak_of_both(company_id: UUID, one: UUID, other: UUID) -> int:
    """How many people's words lie in both themes."""
    found: int = await fetch_value(
        """select count(*) from (
               select r.id from theme t
               join placement p on p.company = t.company and p.theme = t.id
               join excerpt e on e.company = p.company and e.id = p.excerpt
               join response r on r.company = e.company and r.id = e.response
               where t.company = $1 and t.heir in ($2, $3) and r.state = 'counted' and not r.test
               group by r.id having count(distinct t.heir) = 2) as people""",
        company_id,
        one,
        other,
    )
    return found


async def examples(company_id: UUID, theme_ids: list[UUID]) -> list[Example]:
    """The surest of each theme, those first that people placed."""
    return await fetch(
        Example,
        """select w.id as theme, e.id as excerpt, e.vector
           from unnest($2::uuid[]) as w (id)
           cross join lateral (
               select e.id, coalesce(e.vector, '') as vector from theme t
               join placement p on p.company = t.company and p.theme = t.id
               join excerpt e on e.company = p.company and e.id = p.excerpt
               join response r on r.company = e.company and r.id = e.response
               where t.company = $1 and t.heir = w.id and r.state = 'counted' and not r.test
               order by p.by = 'person' desc, p.confidence desc, e.id limit $3) as e""",
        company_id,
        theme_ids,
        EXAMPLES,
    )
