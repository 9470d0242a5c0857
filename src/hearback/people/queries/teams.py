"""Teams, and who is in them."""

from uuid import UUID

from msgspec import Struct

from hearback.database.engine import fetch, fetch_one, fetch_value
from hearback.refusals import NotFound


class Team(Struct, frozen=True):
    """members, names: those who are at this desk now, by name. themes: how many it looks after."""

    id: UUID
    name: str
    away: bool
    members: list[UUID]
    names: list[str]
    themes: int


TEAM = """
    select t.id, t.name, t.put_away_at is not null as away,
           coalesce(array_agg(m.id order by m.name_key, m.id) filter (where m.id is not null), '{}') as members,
           coalesce(array_agg(m.name order by m.name_key, m.id) filter (where m.id is not null), '{}') as names,
           (select count(*) from theme h where h.company = t.company and h.assigned_team = t.id and h.heir = h.id)
               as themes
    from team t
    left join team_member i on i.company = t.company and i.team = t.id
    left join member m on m.company = i.company and m.id = i.member and m.active
"""


async def teams(company_id: UUID, *, away: bool = False) -> list[Team]:
    """By name; those that were put away only when asked for."""
    return await fetch(
        Team,
        TEAM
        + """where t.company = $1 and (t.put_away_at is null or $2)
             group by t.company, t.id order by lower(t.name), t.id""",
        company_id,
        away,
    )


async def team_name(company_id: UUID, team_id: UUID) -> str | None:
    """Of one that is not put away, and is not before this transaction ends."""
    name: str | None = await fetch_value(
        "select name from team where company = $1 and id = $2 and put_away_at is null for share",
        company_id,
        team_id,
    )
    return name


async def team(company_id: UUID, team_id: UUID) -> Team:
    """Raises NotFound, for another company's team too."""
    found = await fetch_one(
        Team, TEAM + "where t.company = $1 and t.id = $2 group by t.company, t.id", company_id, team_id
    )
    if found is None:
        raise NotFound
    return found
