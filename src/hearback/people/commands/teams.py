"""Who looks after something together."""

from datetime import datetime
from uuid import UUID

from hearback.database.columns import new_id
from hearback.database.engine import execute, execute_many, fetch_value, lock, transaction
from hearback.people import queries
from hearback.people.audit import note_down
from hearback.people.forms import TeamForm
from hearback.people.queries import Member, Team
from hearback.refusals import Refused
from hearback.web.live import tell


async def make_team(company_id: UUID, form: TeamForm, *, by: Member, now: datetime) -> UUID:
    """Raises Refused for a name that another team has, and for members who are not at this desk."""
    async with transaction():
        await _check(company_id, form)
        team_id = new_id()
        await execute(
            "insert into team (id, company, name, created_at) values ($1, $2, $3, $4)",
            team_id,
            company_id,
            form.name,
            now,
        )
        await _let_in(company_id, team_id, form.member)
        after = {"name": form.name, "members": form.member}
        await note_down(company_id, "team.made", by=by.id, now=now, subject=team_id, after=after)
        await tell(company_id, "desk")
    return team_id


async def change_team(company_id: UUID, team_id: UUID, form: TeamForm, *, by: Member, now: datetime) -> None:
    """Another name, other members; who has left the company keeps the place. Raises NotFound, Refused."""
    async with transaction():
        await _check(company_id, form, but=team_id)
        was = await queries.team(company_id, team_id)
        if was.name == form.name and set(was.members) == set(form.member):
            return
        await execute(
            "update team set name = $3 where company = $1 and id = $2", company_id, team_id, form.name
        )
        await execute(
            "delete from team_member where company = $1 and team = $2 and member = any($3)",
            company_id,
            team_id,
            [member for member in was.members if member not in form.member],
        )
        await _let_in(company_id, team_id, form.member)
        await note_down(
            company_id,
            "team.changed",
            by=by.id,
            now=now,
            subject=team_id,
            before={"name": was.name, "members": was.members},
            after={"name": form.name, "members": form.member},
        )
        await tell(company_id, "desk")


async def put_team_away(company_id: UUID, team_id: UUID, *, by: Member, now: datetime) -> None:
    """It can be given nothing any more. Doing it twice is once.

    Raises NotFound; Refused while it looks after themes.
    """
    async with transaction():
        team = await _locked(company_id, team_id)
        if team.away:
            return
        if team.themes:
            raise Refused("team.has-themes", n=team.themes)
        await execute(
            "update team set put_away_at = $3 where company = $1 and id = $2", company_id, team_id, now
        )
        await note_down(
            company_id, "team.put-away", by=by.id, now=now, subject=team_id, before={"name": team.name}
        )
        await tell(company_id, "desk")


async def bring_team_back(company_id: UUID, team_id: UUID, *, by: Member, now: datetime) -> None:
    """Raises NotFound; Refused where another team has its name by now. Doing it twice is once."""
    async with transaction():
        team = await _locked(company_id, team_id)
        if not team.away:
            return
        await _must_be_free(company_id, team.name, but=team_id)
        await execute(
            "update team set put_away_at = null where company = $1 and id = $2", company_id, team_id
        )
        await note_down(
            company_id, "team.brought-back", by=by.id, now=now, subject=team_id, after={"name": team.name}
        )
        await tell(company_id, "desk")


async def _check(company_id: UUID, form: TeamForm, *, but: UUID | None = None) -> None:
    """Raises Refused for a name that is taken, for nobody, and for somebody who is not at this desk."""
    await lock(company_id, "teams")
    await _must_be_free(company_id, form.name, but=but)
    if not form.member:
        raise Refused("team.nobody", field="member")
    if not {one.id for one in await queries.members(company_id)} >= set(form.member):
        raise Refused("form.not-a-choice", field="member")


async def _must_be_free(company_id: UUID, name: str, *, but: UUID | None) -> None:
    taken = await fetch_value(
        """select exists (select from team where company = $1 and lower(name) = lower($2)
                          and put_away_at is null and id is distinct from $3)""",
        company_id,
        name,
        but,
    )
    if taken:
        raise Refused("team.name-taken", field="name", name=name)


async def _locked(company_id: UUID, team_id: UUID) -> Team:
    """Whoever gives it a theme at this moment was first, or waits."""
    await lock(company_id, "teams")
    await fetch_value("select id from team where company = $1 and id = $2 for update", company_id, team_id)
    return await queries.team(company_id, team_id)


async def _let_in(company_id: UUID, team_id: UUID, members: list[UUID]) -> None:
    await execute_many(
        """insert into team_member (id, company, team, member) values ($1, $2, $3, $4)
           on conflict (company, team, member) do nothing""",
        [(new_id(), company_id, team_id, member) for member in members],
    )
